import { connect, type Socket } from 'node:net';
import fc from 'fast-check';
import modbusSerial from 'modbus-serial';
import { afterEach, expect, test } from 'vitest';
import { encodeMbap, MbapReader, type MbapFrame } from '../../src/domain/mbap-frame.ts';
import { makeLogger } from '../../src/logger.ts';
import { openModbusServer, type ModbusServer, type ModbusServerOptions } from '../../src/modbus/modbus-server.ts';
import { parseNetworks, PRIVATE_NETWORKS } from '../../src/networks.ts';
import { wordsOf } from '../support/modbus-peer.ts';
import { eventually } from '../support/running.ts';

const HOST = '127.0.0.1';
const toClose: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of toClose.splice(0).reverse()) await close();
});

async function open(options: Partial<ModbusServerOptions> = {}): Promise<ModbusServer> {
  const server = await openModbusServer({
    address: { host: HOST, port: 0, insists: true },
    names: { what: 'The test', hostName: 'HOST', portName: 'PORT' },
    allowed: parseNetworks(PRIVATE_NETWORKS)!,
    answer: async ({ unitId, address, count }) => (unitId === 9 ? { exception: 11 } : { words: wordsOf(unitId, address, count) }),
    log: makeLogger('test', 'silent'),
    ...options,
  });
  toClose.push(() => server.close());
  return server;
}

async function client({ port }: ModbusServer, unitId = 1) {
  const modbus = new modbusSerial.default();
  await modbus.connectTCP(HOST, { port });
  modbus.setTimeout(60_000);
  modbus.setID(unitId);
  toClose.push(() => new Promise<void>((resolve) => modbus.close(() => resolve())));
  return modbus;
}

interface RawTalk {
  socket: Socket;
  frames: MbapFrame[];
  ended: Promise<void>;
}

async function raw({ port }: ModbusServer): Promise<RawTalk> {
  const socket = connect(port, HOST);
  const reader = new MbapReader();
  const talk: RawTalk = {
    socket,
    frames: [],
    ended: new Promise((resolve) => {
      socket.on('close', () => resolve());
    }),
  };
  socket.on('error', () => {});
  socket.on('data', (chunk) => {
    const read = reader.push(chunk);
    if (!read.ok) throw new Error(`no Modbus: ${read.detail}`);
    talk.frames.push(...read.frames);
  });
  toClose.push(() => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  return talk;
}

test('holding and input registers are the same, nothing can be written or read otherwise', async () => {
  const modbus = await client(await open(), 3);
  expect((await modbus.readHoldingRegisters(10, 125)).data).toEqual(wordsOf(3, 10, 125));
  expect((await modbus.readInputRegisters(65_535, 1)).data).toEqual(wordsOf(3, 65_535, 1));
  const refusal = (work: Promise<unknown>) => work.catch((err: { modbusCode?: number }) => err.modbusCode);
  expect(await refusal(modbus.writeRegister(10, 1))).toBe(1);
  expect(await refusal(modbus.writeRegisters(10, [1, 2]))).toBe(1);
  expect(await refusal(modbus.writeCoil(10, true))).toBe(1);
  expect(await refusal(modbus.readCoils(10, 1))).toBe(1);
  expect(await refusal(modbus.readHoldingRegisters(10, 126))).toBe(3);
  expect(await refusal(modbus.readHoldingRegisters(65_535, 2))).toBe(2);
  modbus.setID(9);
  expect(await refusal(modbus.readHoldingRegisters(0, 2))).toBe(11);
  expect(modbus.isOpen).toBe(true);
});

test('what fails behind it is exception 4, and the connection lives', async () => {
  let isAway = true;
  const answer = async () => {
    if (isAway) throw new Error('away');
    return { words: [7] };
  };
  const modbus = await client(await open({ answer }));
  await expect(modbus.readHoldingRegisters(0, 1)).rejects.toMatchObject({ modbusCode: 4 });
  isAway = false;
  expect((await modbus.readHoldingRegisters(0, 1)).data).toEqual([7]);
});

test('requests torn and joined anywhere are answered one by one, in their order', async () => {
  const server = await open();
  const requests = fc.array(
    fc.record({ unit: fc.integer({ min: 1, max: 8 }), address: fc.nat(65_000), count: fc.integer({ min: 1, max: 125 }) }),
    {
      minLength: 1,
      maxLength: 60,
    },
  );
  await fc.assert(
    fc.asyncProperty(requests, fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), async (asked, pieces) => {
      const talk = await raw(server);
      const bytes = Buffer.concat(
        asked.map(({ unit, address, count }, id) => encodeMbap(id, Uint8Array.of(unit, 3, address >> 8, address & 0xff, 0, count))),
      );
      for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
        const length = pieces[turn % pieces.length]!;
        talk.socket.write(bytes.subarray(at, at + length));
        at += length;
      }
      const frames = await eventually(
        () => talk.frames,
        (come) => come.length === asked.length,
      );
      frames.forEach(({ transactionId, body }, id) => {
        const { unit, address, count } = asked[id]!;
        expect(transactionId).toBe(id);
        const words = Array.from({ length: count }, (_, word) => (body[3 + word * 2]! << 8) | body[4 + word * 2]!);
        expect([body[0], body[1], body[2], words]).toEqual([unit, 3, count * 2, wordsOf(unit, address, count)]);
      });
      talk.socket.destroy();
    }),
    { numRuns: 25 },
  );
});

test('whatever bytes come: each frame has one answer or the connection ends, and everybody else is answered', async () => {
  const server = await open();
  const other = await client(server, 2);
  const body = fc.uint8Array({ minLength: 2, maxLength: 254 });
  const frames = fc.array(fc.tuple(fc.nat(65_535), body), { minLength: 1, maxLength: 30 });
  const noise = fc.uint8Array({ minLength: 1, maxLength: 600 });
  await fc.assert(
    fc.asyncProperty(frames, noise, async (wellFramed, garbage) => {
      const talk = await raw(server);
      for (const [id, bytes] of wellFramed) talk.socket.write(encodeMbap(id, bytes));
      const come = await eventually(
        () => talk.frames,
        (told) => told.length === wellFramed.length,
      );
      come.forEach(({ transactionId, body: [unit, answered, code] }, index) => {
        const [id, [askedUnit, asked]] = wellFramed[index] as [number, Uint8Array];
        expect([transactionId, unit]).toEqual([id, askedUnit]);
        if (answered !== asked) expect([answered, [1, 2, 3, 11].includes(code!)]).toEqual([asked! | 0x80, true]);
      });
      talk.socket.write(Uint8Array.from([0, 0, 0x77, 0x77, ...garbage]));
      await talk.ended;
      expect((await other.readHoldingRegisters(1, 2)).data).toEqual(wordsOf(2, 1, 2));
    }),
    { numRuns: 60 },
  );
});

test('whoever never finishes a request, or says nothing, is let go', async () => {
  const server = await open({ limits: { idleMs: 300 } });
  const [silent, slow] = [await raw(server), await raw(server)];
  const dripping = setInterval(() => slow.socket.write(Uint8Array.of(0)), 20);
  toClose.push(() => clearInterval(dripping));
  await Promise.all([silent.ended, slow.ended]);
  expect([silent.frames, slow.frames]).toEqual([[], []]);
});

test('more connections than allowed, of one address or of all, are closed; room that came free is given away again', async () => {
  const server = await open({ limits: { perAddress: 2 } });
  const first = await client(server);
  const second = await raw(server);
  await (
    await raw(server)
  ).ended;
  expect((await first.readHoldingRegisters(0, 1)).data).toEqual(wordsOf(1, 0, 1));
  second.socket.destroy();
  await eventually(
    async () => {
      const talk = await raw(server);
      talk.socket.write(encodeMbap(1, Uint8Array.of(1, 3, 0, 0, 0, 1)));
      await Promise.race([
        talk.ended,
        eventually(
          () => talk.frames.length,
          (come) => come === 1,
        ),
      ]);
      return talk.frames.length;
    },
    (answers) => answers === 1,
  );
});

test('who is in no allowed network is not spoken to', async () => {
  const server = await open({ allowed: parseNetworks('10.0.0.0/8')! });
  await (
    await raw(server)
  ).ended;
});

test('networks: what is private, what an IPv4 address is called on a socket for both, what is no network', () => {
  const own = parseNetworks(PRIVATE_NETWORKS)!;
  const inside = [
    '127.0.0.1',
    '::1',
    '10.1.2.3',
    '172.31.0.1',
    '192.168.7.7',
    '169.254.1.1',
    '::ffff:192.168.7.7',
    'fe80::1%eth0',
    'fd12::1',
  ];
  const outside = ['8.8.8.8', '172.32.0.1', '192.169.0.1', '::ffff:8.8.8.8', '2001:db8::1', '', 'nonsense'];
  expect(inside.filter((address) => !own.has(address))).toEqual([]);
  expect(outside.filter((address) => own.has(address))).toEqual([]);
  for (const text of ['', '10.0.0.0', '10.0.0.0/33', '::/129', '10.0.0.0/8;11.0.0.0/8', 'a/8', '10.0.0.0/8,']) {
    expect([text, parseNetworks(text)]).toEqual([text, null]);
  }
});
