import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connectAsync } from 'mqtt';
import { findPort } from '../src/embedded/free-port.ts';
import { importShippedModels } from '../src/use-cases/import-shipped-models.ts';
import { openHouse } from './house/house.ts';
import { startRole, until } from './house/processes.ts';
import { median, report } from './house/results.ts';

const MESSAGES = Number(process.argv[2] ?? 20_000);
const RUNS = 5;
const METERS = 1_000;
const METERS_A_LINE = 200;
const LEAST_RATIO = 1 / 3;
const IN_FLIGHT = 4_000;
const HOST = '127.0.0.1';
const PUBLISHER = fileURLToPath(new URL('./house/mqtt-meters.js', import.meta.url));
const MODELS = fileURLToPath(new URL('../meters', import.meta.url));

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
const house = await openHouse(process.env['PATH'] ?? '');
const { pool, prisma } = house.database;

async function addMeters(): Promise<void> {
  await importShippedModels({ database: house.database }, { folder: MODELS });
  const { id: modelId } = await prisma.meterModel.findUniqueOrThrow({ where: { key: 'etl-three-phase' } });
  const { id: buildingId } = await prisma.building.create({ data: { name: 'bench' } });
  let lineId = 0;
  for (let index = 0; index < METERS; index += 1) {
    const [name, place] = [`bench-${index}`, index % METERS_A_LINE];
    if (place === 0) ({ id: lineId } = await prisma.line.create({ data: { buildingId, name, transport: 'push' } }));
    const { id: flatId } = await prisma.flat.create({ data: { buildingId, name } });
    const { id: pointId } = await prisma.point.create({ data: { flatId, name: 'main' } });
    const { id: meterId } = await prisma.meter.create({ data: { serial: name, modelId } });
    await prisma.installation.create({ data: { pointId, meterId, lineId, unitId: place + 1 } });
    await prisma.meterAlias.create({ data: { meterId, kind: 'sender', value: name } });
  }
}

/** From the first message until `taken` says that all of them are there. */
async function timed(taken: () => Promise<void>): Promise<number> {
  const meters = fork(PUBLISHER, [url, String(MESSAGES), String(METERS)]);
  await once(meters, 'message');
  const startedMs = performance.now();
  meters.send('go');
  await taken();
  const seconds = (performance.now() - startedMs) / 1_000;
  if (meters.exitCode === null) await once(meters, 'exit');
  return seconds;
}

async function bare(): Promise<number> {
  const client = await connectAsync(url, { protocolVersion: 5, properties: { receiveMaximum: IN_FLIGHT } });
  await client.subscribeAsync('+/+/+/+/+', { qos: 1 });
  let count = 0;
  const all = new Promise<void>((resolve) => {
    client.on('message', () => {
      count += 1;
      if (count === MESSAGES) resolve();
    });
  });
  const seconds = await timed(() => all);
  await client.endAsync();
  return seconds;
}

/** Looked for seldom and where it costs little: what is measured is the same server. */
async function storedAfter(id: number): Promise<void> {
  for (;;) {
    const [row] = await pool.query<{ count: bigint }[]>(
      "SELECT COUNT(*) AS count FROM inbound_messages WHERE id > ? AND state = 'stored'",
      [id],
    );
    if (Number(row?.count) >= MESSAGES) return;
    await new Promise((resolve) => {
      setTimeout(resolve, 100);
    });
  }
}

async function newestId(): Promise<number> {
  const [row] = await pool.query<{ id: number | null }[]>('SELECT MAX(id) AS id FROM inbound_messages');
  return row?.id ?? 0;
}

const [bareSeconds, ourSeconds]: [number[], number[]] = [[], []];
try {
  await addMeters();
  const worker = await startRole('worker', house, { MQTT_URL: url, SMTP_URL: 'smtp://127.0.0.1:1', WATTBOOK_DATA: folder });
  await until(async () => (await prisma.setting.count({ where: { key: 'mqttClientId' } })) === 1);
  for (let run = 0; run <= RUNS; run += 1) {
    const before = await newestId();
    const own = await timed(() => storedAfter(before));
    const between = await newestId();
    process.kill(worker.pid, 'SIGSTOP');
    const theirs = await bare();
    process.kill(worker.pid, 'SIGCONT');
    // What the bare subscriber was sent came to the worker's session as well.
    await storedAfter(between);
    // The first one compiles.
    if (run === 0) continue;
    bareSeconds.push(theirs);
    ourSeconds.push(own);
  }
  await worker.close();
} finally {
  broker.kill();
  await once(broker, 'exit');
  await house.close();
  rmSync(folder, { recursive: true, force: true });
}

const rate = (seconds: readonly number[]) => Math.round(MESSAGES / median(seconds));
const ratios = ourSeconds.map((seconds, run) => (bareSeconds[run] ?? 0) / seconds);
const ratio = median(ratios);
report(
  'mqtt',
  [
    { what: 'a subscriber that only counts', 'messages/s': rate(bareSeconds) },
    { what: 'stored as readings, acknowledged', 'messages/s': rate(ourSeconds) },
  ],
  `${MESSAGES} messages of ${METERS} three-phase meters, measured just now, as fast as a broker takes them, ${RUNS} runs in turn: ${ratio.toFixed(2)} of the rate of a bare subscriber (${ratios.map((one) => one.toFixed(2)).join(', ')}); at least ${LEAST_RATIO.toFixed(2)} is asked for.`,
  { messages: MESSAGES, ratio, ratios },
);
if (ratio < LEAST_RATIO) process.exitCode = 1;
