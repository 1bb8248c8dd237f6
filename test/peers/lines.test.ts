import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import type { LinePlace } from '../../src/domain/line-place.ts';
import { planReads } from '../../src/domain/read-plan.ts';
import { makeLogger } from '../../src/logger.ts';
import { Line } from '../../src/modbus/line.ts';
import { Ledger } from '../../src/simulator/ledger.ts';
import { makeProfile } from '../../src/simulator/profile.ts';
import { startVirtualMeters } from '../../src/simulator/virtual-meters.ts';
import { loadModel } from '../support/meter-models.ts';
import { OWN_HOST } from '../support/own-host.ts';
import { openPseudoTerminal } from '../support/pseudo-terminal.ts';
import { makeModel, makeRegister } from '../support/registers.ts';

const run = promisify(execFile);
const LATER = Number.MAX_SAFE_INTEGER;
const NOW_MS = Date.UTC(2026, 10, 20, 18, 30);
const log = makeLogger('test', 'silent');
const python = process.platform === 'linux' ? '/usr/bin/python3' : 'python3';
const server = fileURLToPath(new URL('serve-with-pymodbus.py', import.meta.url));
const site = { zone: 'Europe/Berlin', latitudeDeg: 52.5, longitudeDeg: 13.4, seed: 7 };

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

async function startPymodbus(kind: 'tcp' | 'rtu', place: string): Promise<void> {
  const child: ChildProcess = spawn(python, [server, kind, place], { stdio: ['ignore', 'pipe', 'inherit'] });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  closers.push(() => {
    child.kill('SIGKILL');
    return gone;
  });
  await Promise.race([
    new Promise<void>((resolve) => child.stdout?.once('data', () => resolve())),
    gone.then(() => Promise.reject(new Error('pymodbus ended'))),
  ]);
}

function openLine(place: LinePlace): Line {
  const line = new Line(
    { id: 1, name: 'Peer', timeoutMs: 3_000, retries: 3, pauseMs: 0, keepOpen: true, ...place },
    { clock: Date.now, log },
  );
  closers.push(() => line.close());
  return line;
}

const serial = (serialPath: string): LinePlace => ({ transport: 'rtu', serialPath, baudRate: 19_200, parity: 'none', stopBits: 1 });

/** Both kinds of registers in three blocks, two of them of one length. */
const plan = planReads(
  makeModel(
    [0, 1, 2, 100, 101, 102, 300].flatMap((address) =>
      ([3, 4] as const).map((modbusFunction) =>
        makeRegister({ quantity: `f${modbusFunction}_${address}`, unit: '', address, function: modbusFunction }),
      ),
    ),
  ),
  [0, 1, 2, 100, 101, 102, 300].flatMap((address) => [`f3_${address}`, `f4_${address}`]),
);
const valuesOf = (unitId: number) =>
  Object.fromEntries(plan.registers.map(({ spec }) => [spec.quantity, (unitId * 1000 + spec.address * 7) % 65_536]));

async function expectUnitsRead(line: Line): Promise<void> {
  for (let round = 0; round < 3; round += 1) {
    const reads = [1, 2, 3].map((unitId) =>
      line.read({ unitId, plan, ratios: { ct: 1, pt: 1 }, deadlineMs: LATER + round, priority: 'due' }),
    );
    for (const [index, result] of (await Promise.all(reads)).entries()) {
      expect(result).toMatchObject({ ok: true, decoded: { extra: valuesOf(index + 1), refused: {} } });
    }
  }
}

async function expectWriteKept(line: Line): Promise<void> {
  const written = await line.run(LATER, async (ask) => {
    const reply = await ask({ unitId: 2, function: 16, address: 10, words: [4711, 815] });
    const again = reply.ok ? await ask({ unitId: 2, function: 3, address: 10, count: 2 }) : reply;
    return again.ok
      ? { result: { ok: true, words: again.words }, mayPass: false }
      : { result: { ok: false, reason: again.reason, detail: again.detail, latencyMs: 0 }, mayPass: false };
  });
  expect(written).toEqual({ ok: true, words: [4711, 815] });
}

test('pymodbus as a TCP server is read and written over a line', async () => {
  const port = 5_020;
  await startPymodbus('tcp', `${OWN_HOST}:${port}`);
  const line = openLine({ transport: 'tcp', host: OWN_HOST, port });
  while (!(await line.probe(1, LATER)).ok) await wait(100);
  await expectUnitsRead(line);
  await expectWriteKept(line);
});

test('pymodbus as an RTU server on a pseudo terminal is read and written over a serial line', async () => {
  const cable = await openPseudoTerminal();
  closers.push(() => cable.close());
  await startPymodbus('rtu', cable.ends[0]);
  const line = openLine(serial(cable.ends[1]));
  while (!(await line.probe(1, LATER)).ok) await wait(100);
  await expectUnitsRead(line);
  await expectWriteKept(line);
});

test('a serial line whose device is gone is down, and says which', async () => {
  const line = openLine(serial('/dev/nowhere'));
  expect(await line.probe(1, LATER)).toMatchObject({ ok: false, reason: 'line-down', detail: expect.stringContaining('/dev/nowhere') });
});

test('a serial line whose cable is pulled is down, and up again with the cable', async () => {
  const cable = await openPseudoTerminal();
  const line = openLine(serial(cable.ends[1]));
  expect(await line.probe(1, LATER)).toMatchObject({ ok: false, reason: 'no-answer' });
  await cable.close();
  expect(await line.probe(1, LATER)).toMatchObject({ ok: false });
  expect(await line.probe(1, LATER)).toMatchObject({ ok: false, reason: 'line-down' });
  const mended = await openPseudoTerminal(cable.folder);
  closers.push(() => mended.close());
  await startPymodbus('rtu', mended.ends[0]);
  let answer = await line.probe(1, LATER);
  while (!answer.ok) {
    await wait(100);
    answer = await line.probe(1, LATER);
  }
  expect(answer.detail).toBe('unit 1 answers');
});

test('mbpoll reads virtual meters over a serial line, and so do we', async () => {
  const cable = await openPseudoTerminal();
  closers.push(() => cable.close());
  const ledger = new Ledger();
  const profile = makeProfile({ kind: 'household', temperament: 'family', areaM2: 80, seed: 3 }, site);
  const meter = { serial: 'PTY-7', port: 0, serialPath: cable.ends[0], unitId: 7, model: loadModel('eastron-sdm630'), profile };
  const meters = await startVirtualMeters([meter], { clock: () => NOW_MS, ledger });
  closers.push(() => meters.close());

  const from0 = [
    '-0',
    '-1',
    '-m',
    'rtu',
    '-b',
    '19200',
    '-P',
    'none',
    '-a',
    '7',
    '-t',
    '3:float',
    '-B',
    '-r',
    '0',
    '-c',
    '9',
    cable.ends[1],
  ];
  const { stdout } = await run('mbpoll', from0);
  const values = [...stdout.matchAll(/^\[(\d+)\]:\s+(\S+)$/gm)].map((match) => Number(match[2]));
  expect(values).toHaveLength(9);

  const sdm630 = planReads(loadModel('eastron-sdm630'));
  const line = openLine(serial(cable.ends[1]));
  const read = await line.read({ unitId: 7, plan: sdm630, ratios: { ct: 1, pt: 1 }, deadlineMs: LATER, priority: 'due' });
  if (!read.ok) throw new Error(read.detail);
  expect(read.decoded.values.voltage_l1).toBeCloseTo(values[0] ?? 0, 1);
  for (const { address, words } of read.blocks) {
    expect(ledger.wasAnswered({ serial: 'PTY-7', address, words, fromMs: NOW_MS, toMs: NOW_MS + 1 })).not.toBeNull();
  }
});
