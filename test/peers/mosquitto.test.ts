import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeMosquitto, type Mosquitto } from '../support/mosquitto.ts';
import { hashOf } from '../support/pushed-store.ts';
import { eventually } from '../support/running.ts';

const run = promisify(execFile);
const HOUSE = fileURLToPath(new URL('../support/pushed-house.mjs', import.meta.url));
const AT_ONCE = 20;
/** So many are committed between two troubles. */
const STEP = 200;

let folder: string;
let file: string;
let mosquitto: Mosquitto;
let house: ChildProcess;
let houseLog: string;
let meter: MqttClient | null = null;

beforeEach(async () => {
  folder = mkdtempSync(join(realpathSync(tmpdir()), 'wattbook-mosquitto-'));
  file = join(folder, 'committed');
  houseLog = '';
  mosquitto = makeMosquitto(folder, { house: 'of our/own', meter: 'of a meter' });
  await mosquitto.start();
});

afterEach(async () => {
  await meter?.endAsync(true);
  house.kill('SIGKILL');
  await mosquitto.stop();
  rmSync(folder, { recursive: true, force: true });
});

function startHouse(): void {
  const url = `mqtts://house:of%20our%2Fown@${mosquitto.host}:${mosquitto.tlsPort}`;
  house = spawn(process.execPath, [HOUSE, url, 'wattbook-of-this-house', file], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { NODE_EXTRA_CA_CERTS: mosquitto.caFile },
  });
  house.stdout!.on('data', (bytes: Buffer) => {
    houseLog += bytes.toString();
  });
}

async function killHouse(signal: NodeJS.Signals): Promise<void> {
  const gone = once(house, 'exit');
  house.kill(signal);
  await gone;
}

function committed(): string[] {
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
}

const untilCommitted = (count: number) =>
  eventually(
    () => new Set(committed()).size,
    (size) => size >= count,
  );

const connections = () =>
  houseLog
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { msg: string; resumed: boolean; version: number })
    .filter(({ msg }) => msg === 'mqtt: connected');

test('with kills of our process and a stop of the broker no acknowledged message is lost', async () => {
  startHouse();
  await eventually(
    () => connections().length,
    (count) => count === 1,
  );
  meter = await connectAsync({
    ...{ protocol: 'mqtt', host: mosquitto.host, port: mosquitto.plainPort, username: 'meter', password: 'of a meter' },
    ...{ clientId: 'the meter', clean: false, reconnectPeriod: 200 },
  });
  const acknowledged = new Set<string>();
  const sent = new Set<string>();
  let next = 0;
  let troubled = true;
  const sending = Array.from({ length: AT_ONCE }, async () => {
    while (troubled) {
      const message = { topic: `E/p/3614BBBK${next}/r/A`, payload: Buffer.from(`message ${next}`) };
      next += 1;
      sent.add(hashOf(message));
      await meter!.publishAsync(message.topic, message.payload, { qos: 1 });
      acknowledged.add(hashOf(message));
    }
  });
  const restart = async (signal: NodeJS.Signals) => {
    await killHouse(signal);
    startHouse();
  };
  const restartBroker = async () => {
    await mosquitto.stop();
    await mosquitto.start();
  };
  const troubles = [() => restart('SIGKILL'), () => restart('SIGKILL'), restartBroker, () => restart('SIGTERM'), () => restart('SIGKILL')];
  for (const [index, trouble] of troubles.entries()) {
    await untilCommitted(new Set(committed()).size + STEP);
    await trouble();
    await eventually(
      () => connections().length,
      (count) => count === index + 2,
    );
  }
  troubled = false;
  await Promise.all(sending);
  await untilCommitted(sent.size);
  expect(acknowledged).toEqual(sent);
  const found = new Set(committed());
  expect(found).toEqual(sent);
  expect(connections().map(({ resumed, version }) => `${resumed} ${version}`)).toEqual(['false 5', ...troubles.map(() => 'true 5')]);
});

test('what mosquitto_pub sends while nobody is there waits for us', async () => {
  startHouse();
  await eventually(
    () => connections().length,
    (count) => count === 1,
  );
  const login = ['-h', mosquitto.host, '-p', String(mosquitto.plainPort), '-u', 'meter', '-P', 'of a meter', '-q', '1'];
  await run('mosquitto_pub', [...login, '-t', 'E/p/s/r/A', '-m', 'while we are there']);
  await untilCommitted(1);
  await killHouse('SIGTERM');
  await run('mosquitto_pub', [...login, '-t', 'wattbook/7/measurements', '-m', 'while we are not']);
  await mosquitto.stop();
  await mosquitto.start();
  startHouse();
  await untilCommitted(2);
  const expected = [
    { topic: 'E/p/s/r/A', payload: Buffer.from('while we are there') },
    { topic: 'wattbook/7/measurements', payload: Buffer.from('while we are not') },
  ];
  expect(new Set(committed())).toEqual(new Set(expected.map(hashOf)));
});
