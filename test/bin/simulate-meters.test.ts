import modbusSerial from 'modbus-serial';
import { afterEach, expect, test } from 'vitest';
import { openPseudoTerminal } from '../support/pseudo-terminal.ts';
import { launch, type Launched } from './launcher.ts';

const closers: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

/** With nothing to store in: neither a database nor Redis nor a folder. */
function simulate(options: string): Launched {
  const launched = launch(`simulate meters ${options}`, { WATTBOOK_DATA: '/nonexistent/wattbook' });
  closers.push(async () => {
    launched.child.kill('SIGKILL');
    await launched.exitCode;
  });
  return launched;
}

/** A plain client of the library, without anything of ours. */
async function connect(to: (client: InstanceType<typeof modbusSerial.default>) => Promise<void>) {
  const client = new modbusSerial.default();
  await to(client);
  client.setTimeout(30_000);
  return client;
}

/** While the other end is there: later the library says nothing. */
function hangUp(client: Awaited<ReturnType<typeof connect>>): Promise<void> {
  return new Promise((resolve) => client.close(() => resolve()));
}

test('meters of several models stand behind one port, count on at the next start, and end by Ctrl-C', async () => {
  const options = '--model eastron-sdm630 eastron-sdm120 --units 1-3 --port 0 --profile household';
  const importKwh = async (unitId: number) => {
    const launched = simulate(options);
    const [, port] = await launched.shows(/127\.0\.0\.1:(\d+) unit 3: virtual-3, eastron-sdm630, /);
    const client = await connect((to) => to.connectTCP('127.0.0.1', { port: Number(port) }));
    client.setID(unitId);
    const kwh = (await client.readInputRegisters(72, 2)).buffer.readFloatBE(0);
    client.setID(4);
    await expect(client.readInputRegisters(72, 2)).rejects.toMatchObject({ modbusCode: 11 });
    await hangUp(client);
    launched.child.kill('SIGINT');
    expect(await launched.exitCode).toBe(0);
    expect(launched.output()).toMatch(/Ended\.\n$/);
    return kwh;
  };
  const before = await importKwh(2);
  expect(before).toBeGreaterThan(0);
  expect(await importKwh(2)).toBeGreaterThanOrEqual(before);
});

test('meters on a serial device are read over the cable; when it is pulled out the command says so and ends', async () => {
  const cable = await openPseudoTerminal();
  closers.push(() => cable.close());
  const [meterEnd, readerEnd] = cable.ends;
  const launched = simulate(`--serial ${meterEnd} --baud 19200 --parity even --units 7 --since 2026-11-01`);
  await launched.shows(/meter unit 7: virtual-1, eastron-sdm630, .* import, [\d.]+ kWh export\n/);
  const client = await connect((to) => to.connectRTUBuffered(readerEnd, { baudRate: 19_200, parity: 'even' }));
  client.setID(7);
  expect((await client.readInputRegisters(0, 2)).buffer.readFloatBE(0)).toBeGreaterThan(200);
  await hangUp(client);
  await cable.close();
  closers.pop();
  expect(await launched.exitCode).toBe(1);
  expect(launched.output()).toContain(`${meterEnd} went away: its meters answer nobody any more.`);
});

test('what cannot be served is refused by the name of its option', async () => {
  const refusals = {
    '--model nope-630': '--model: there is no nope-630 in the device library; there are abb-b21, ',
    '--model energy-counter': '--model: energy-counter is not asked but sends by itself',
    '--units 5-300': '--units: must be a unit id from 1 to 247 or a range of them',
    '--serial /nonexistent/meter --port 502': '--port: is for the network',
    '--serial /nonexistent/meter': 'The meters cannot answer: Error: No such file or directory, cannot open /nonexistent/meter.',
  };
  const answers = await Promise.all(
    Object.keys(refusals).map(async (options) => {
      const launched = simulate(options);
      return { code: await launched.exitCode, output: launched.output() };
    }),
  );
  for (const [place, refusal] of Object.values(refusals).entries()) {
    expect(answers[place]).toEqual({ code: 1, output: expect.stringContaining(refusal) });
  }
});
