import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { answerUnit, layoutOf } from '../../src/domain/modbus-map.ts';
import { makeLogger } from '../../src/logger.ts';
import { openModbusServer } from '../../src/modbus/modbus-server.ts';
import { parseNetworks, PRIVATE_NETWORKS } from '../../src/networks.ts';
import { Ledger } from '../../src/simulator/ledger.ts';
import { makeProfile } from '../../src/simulator/profile.ts';
import { startVirtualMeters, type VirtualMeters } from '../../src/simulator/virtual-meters.ts';
import { loadModel } from '../support/meter-models.ts';

const run = promisify(execFile);
const NOW_MS = Date.UTC(2026, 10, 20, 18, 30);
const UNIT = 7;
const SILENT_UNIT = 8;
const site = { zone: 'Europe/Berlin', latitudeDeg: 52.5, longitudeDeg: 13.4, seed: 7 };
const python = process.platform === 'linux' ? '/usr/bin/python3' : 'python3';
const script = fileURLToPath(new URL('read-with-pymodbus.py', import.meta.url));

const ledger = new Ledger();
let meters: VirtualMeters;
let port: string;

beforeAll(async () => {
  const profile = makeProfile({ kind: 'household', temperament: 'family', areaM2: 80, seed: 3 }, site);
  const meter = { serial: 'PEER-7', port: 0, unitId: UNIT, model: loadModel('eastron-sdm630'), profile };
  const broken = { ...meter, serial: 'PEER-8', unitId: SILENT_UNIT, behaviour: { kind: 'exception', code: 4 } as const };
  meters = await startVirtualMeters([meter, broken], { clock: () => NOW_MS, ledger });
  port = String(meters.ports[0]);
});

afterAll(() => meters.close());

async function readWithPymodbus(unitId: number, address: number, count: number): Promise<{ words?: number[]; exception?: number }> {
  const { stdout } = await run(python, [script, port, String(unitId), String(address), String(count)]);
  return JSON.parse(stdout) as { words?: number[]; exception?: number };
}

test('pymodbus reads the words that the virtual meter says it answered', async () => {
  const { words = [] } = await readWithPymodbus(UNIT, 0, 18);
  expect(words).toHaveLength(18);
  expect(ledger.wasAnswered({ serial: 'PEER-7', address: 0, words, fromMs: NOW_MS, toMs: NOW_MS + 1 })).not.toBeNull();
});

test('pymodbus is told the exception of a meter that refuses', async () => {
  expect(await readWithPymodbus(SILENT_UNIT, 0, 2)).toEqual({ exception: 4 });
});

test('mbpoll reads a three-phase meter whose values belong together', async () => {
  const from0 = ['-0', '-1', '-m', 'tcp', '-p', port, '-a', String(UNIT), '-t', '3:float', '-B', '-r', '0', '-c', '9', '127.0.0.1'];
  const { stdout } = await run('mbpoll', from0);
  const values = [...stdout.matchAll(/^\[(\d+)\]:\s+(\S+)$/gm)].map((match) => Number(match[2]));
  expect(values).toHaveLength(9);
  for (const phase of [0, 1, 2]) {
    const [volts, amperes, watts] = [values[phase]!, values[phase + 3]!, values[phase + 6]!];
    expect(volts).toBeGreaterThan(200);
    expect(volts).toBeLessThan(260);
    expect(Math.abs(watts)).toBeLessThanOrEqual(volts * amperes * 1.001);
  }
});

test('mbpoll reads the latest values of a meter from the Modbus map, and is refused where there is none', async () => {
  const unit = { wordOrder: 'big', noValue: 'exception', registers: layoutOf(['voltage_l1', 'frequency']) } as const;
  const map = await openModbusServer({
    address: { host: '127.0.0.1', port: 0, insists: true },
    names: { what: 'The map', hostName: 'HOST', portName: 'MODBUS_PORT' },
    allowed: parseNetworks(PRIVATE_NETWORKS)!,
    answer: async (request) =>
      answerUnit(
        unit,
        request,
        request.unitId === 1 ? { values: { voltage_l1: 230.5, frequency: 50 }, ageS: 3, isTooOld: false } : null,
        2,
      ),
    log: makeLogger('test', 'silent'),
  });
  try {
    const ask = (unitId: number, type: string, from: number, count: number) =>
      run('mbpoll', [
        ...['-0', '-1', '-m', 'tcp', '-p', String(map.port), '-a', String(unitId), '-t', type, '-B'],
        ...['-r', String(from), '-c', String(count), '127.0.0.1'],
      ]);
    expect((await ask(1, '4:float', 4, 2)).stdout).toMatch(/\[4\]:\s+230\.5\s+\[6\]:\s+50\s/);
    expect((await ask(1, '3:int', 0, 1)).stdout).toMatch(/\[0\]:\s+3\s/);
    await expect(ask(2, '4:float', 4, 2)).rejects.toThrow(/[Tt]arget device failed to respond/);
    await expect(run('mbpoll', ['-0', '-1', '-m', 'tcp', '-p', String(map.port), '-t', '4', '-r', '4', '127.0.0.1', '7'])).rejects.toThrow(
      /[Ii]llegal function/,
    );
  } finally {
    await map.close();
  }
});
