import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, connectAsync, type IClientOptions } from 'mqtt';
import type { PushedMessage } from '../src/domain/pushed-message.ts';
import { findPort } from '../src/embedded/free-port.ts';
import { gatherMessages } from '../src/ingest/gather-messages.ts';
import { openMqttSession } from '../src/ingest/mqtt-session.ts';
import { makeLogger } from '../src/logger.ts';
import { median, report } from './house/results.ts';

// A Mosquitto keeps so many messages of a three-phase meter for each side, which takes them as fast as it can.
const MESSAGES = Number(process.argv[2] ?? 40_000);
const RUNS = 5;
const LEAST_RATIO = 1 / 3;
const COMMIT_MS = 5;
const IN_FLIGHT = 1_000;
const PAYLOAD = Buffer.alloc(253, 0x42);
const TOPIC = 'E/p/3614BBBK4487/r/A';
const HOST = '127.0.0.1';

const folder = mkdtempSync(join(realpathSync(tmpdir()), 'wattbook-bench-mqtt-'));
const port = await findPort(HOST, 18_830, false);
const config = join(folder, 'mosquitto.conf');
const limits = ['max_queued_messages 0', `max_inflight_messages ${IN_FLIGHT}`];
writeFileSync(config, [`listener ${port} ${HOST}`, 'allow_anonymous true', ...limits, 'log_type none', ''].join('\n'));
const broker = spawn('mosquitto', ['-c', config], {
  stdio: 'ignore',
  env: { PATH: `${process.env['PATH']}:/usr/sbin:/usr/local/sbin:/opt/homebrew/sbin` },
});
const url = `mqtt://${HOST}:${port}`;

// Both have the same session: MQTT 5, QoS 1, as many on their way.
const session: IClientOptions = {
  protocolVersion: 5,
  clean: false,
  reconnectPeriod: 200,
  properties: { sessionExpiryInterval: 3_600, receiveMaximum: IN_FLIGHT },
};

async function keepFor(clientId: string): Promise<void> {
  const listener = await connectAsync(url, { ...session, clientId });
  await listener.subscribeAsync('+/+/+/+/+', { qos: 1 });
  await listener.endAsync();
  const meter = await connectAsync(url, { protocolVersion: 5 });
  for (let sent = 0; sent < MESSAGES; sent += IN_FLIGHT) {
    await Promise.all(Array.from({ length: Math.min(IN_FLIGHT, MESSAGES - sent) }, () => meter.publishAsync(TOPIC, PAYLOAD, { qos: 1 })));
  }
  await meter.endAsync();
}

async function bare(clientId: string): Promise<number> {
  const startedMs = performance.now();
  const client = connect(url, { ...session, clientId });
  let count = 0;
  await new Promise<void>((resolve) => {
    client.on('message', () => {
      count += 1;
      if (count === MESSAGES) resolve();
    });
  });
  const seconds = (performance.now() - startedMs) / 1_000;
  await client.endAsync();
  return seconds;
}

let batches = 0;

async function ours(clientId: string): Promise<number> {
  const startedMs = performance.now();
  let count = 0;
  let done = () => {};
  const all = new Promise<void>((resolve) => {
    done = resolve;
  });
  const take = async (messages: readonly PushedMessage[]) => {
    await new Promise((resolve) => {
      setTimeout(resolve, COMMIT_MS);
    });
    batches += 1;
    count += messages.length;
    if (count >= MESSAGES) done();
  };
  const log = makeLogger('bench', 'error');
  const gatherer = gatherMessages({ take, canPass: () => true, log });
  const opened = openMqttSession({ url, clientId, gatherer, clock: Date.now, log });
  await all;
  const seconds = (performance.now() - startedMs) / 1_000;
  await opened.close();
  await gatherer.close();
  return seconds;
}

const [bareSeconds, ourSeconds]: [number[], number[]] = [[], []];
try {
  for (let run = 0; run <= RUNS; run += 1) {
    for (const [side, seconds] of [
      [bare, bareSeconds],
      [ours, ourSeconds],
    ] as const) {
      const clientId = `${side.name} ${run}`;
      await keepFor(clientId);
      const took = await side(clientId);
      // The first one compiles.
      if (run > 0) seconds.push(took);
      else batches = 0;
    }
  }
} finally {
  broker.kill();
  await once(broker, 'exit');
  rmSync(folder, { recursive: true, force: true });
}

const rate = (seconds: readonly number[]) => Math.round(MESSAGES / median(seconds));
const ratios = ourSeconds.map((seconds, run) => (bareSeconds[run] ?? 0) / seconds);
const ratio = median(ratios);
report(
  'mqtt',
  [
    { what: 'a subscriber that only counts', 'messages/s': rate(bareSeconds), ratio: 1 },
    { what: `taken in batches, ${COMMIT_MS} ms each`, 'messages/s': rate(ourSeconds), ratio: Number(ratio.toFixed(2)) },
  ],
  `${MESSAGES} messages a run, ${RUNS} runs; ${Math.round((MESSAGES * RUNS) / batches)} messages a batch; at least ${LEAST_RATIO.toFixed(2)} is asked for.`,
  { messages: MESSAGES, ratio, ratios },
);
if (ratio < LEAST_RATIO) process.exitCode = 1;
