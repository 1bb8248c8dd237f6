import { connectAsync } from 'mqtt';
import { startMailCatcher } from '../../src/embedded/mail-catcher.ts';
import { findPort } from '../../src/embedded/free-port.ts';
import { makePartitionsAhead } from '../../src/store/partitions.ts';
import type { Database } from '../../src/store/database.ts';
import { ask } from './ask.ts';
import { runHttpLane } from './http-lane.ts';
import { judgeMemory, watchMemory, type MemoryVerdict } from './memory.ts';
import { runMqttLane } from './mqtt-lane.ts';
import type { ApiDocument } from './operations.ts';
import { populate, type PushingSource } from './population.ts';
import { makeRandom } from './random.ts';
import { runRawLane } from './raw-lane.ts';
import { makeTally } from './tally.ts';
import { startWatched, type WatchedRole } from './watched-role.ts';

const HOST = '127.0.0.1';
// Most of HTTP waits at any moment: for a poller that is not there.
const LANES = { http: 24, raw: 3, mqtt: 3 };
const SAMPLES = 100;
const SHORTEST_SAMPLE_MS = 500;

export interface FuzzOptions {
  database: Database;
  env: { DATABASE_URL: string; REDIS_URL: string; WATTBOOK_DATA: string };
  /** The product's command, the probe for its memory and the folder of its models. */
  command: string;
  probe: string;
  models: string;
  seconds: number;
  seed: number;
}

export interface FuzzResult {
  rows: Record<string, string | number>[];
  memory: MemoryVerdict[];
  messages: Record<string, number>;
  failures: string[];
}

/** Whoever does it right is still served: by HTTP, and by MQTT as far as the database. */
async function stillWorks(
  database: Database,
  url: string,
  mqttPort: number,
  source: PushingSource,
  authorization: string,
): Promise<string[]> {
  const problems: string[] = [];
  const answer = await ask(url, { method: 'GET', target: '/api/v1/buildings', headers: { authorization }, body: undefined });
  if (answer.status !== 200) problems.push(`after the fuzz a right request is answered ${answer.status}`);
  const topic = `${source.reach}/P/after-the-fuzz/R/C`;
  const client = await connectAsync(`mqtt://${HOST}:${mqttPort}`, { username: source.name, password: source.token });
  await client.publishAsync(topic, 'after the fuzz', { qos: 1 });
  await client.endAsync();
  if ((await database.prisma.inboundMessage.count({ where: { topic } })) !== 1)
    problems.push('after the fuzz a message is acknowledged and not stored');
  return problems;
}

function complaintsOf({ name, complaints, ended }: WatchedRole): string[] {
  const said = [...complaints.entries()].map(([sentence, { times, first }]) => `${name} complains ${times} times: ${sentence}: ${first}`);
  const end = ended();
  return end === null ? said : [`${name} ${end}`, ...said];
}

/** Hostile HTTP and MQTT at once, at processes of the product. */
export async function runFuzz({ database, env, command, probe, models, seconds, seed }: FuzzOptions): Promise<FuzzResult> {
  const tally = makeTally();
  const mails = await startMailCatcher(() => {});
  await makePartitionsAhead(database.pool, { nowMs: Date.now(), months: 3 });
  const population = await populate(database, models);
  const [port, grpcPort, mqttPort] = [
    await findPort(HOST, 34_000, false),
    await findPort(HOST, 34_200, false),
    await findPort(HOST, 34_400, false),
  ];
  const common = {
    SMTP_URL: mails.url,
    ...env,
    HOST,
    PORT: String(port),
    GRPC_PORT: String(grpcPort),
    MQTT_PORT: String(mqttPort),
    SESSION_SECRET: 'a secret for the fuzz, long enough',
  };
  const roles = [
    await startWatched('server', { command, probe, env: common }),
    await startWatched('worker', { command, probe, env: common }),
  ];
  const url = `http://${HOST}:${port}`;
  try {
    const document = JSON.parse(
      (await ask(url, { method: 'GET', target: '/openapi.json', headers: {}, body: undefined })).body.toString(),
    ) as ApiDocument;
    const endMs = performance.now() + seconds * 1_000;
    const isOver = () => performance.now() >= endMs || roles.some((role) => role.ended() !== null);
    const many = (count: number, lane: (random: ReturnType<typeof makeRandom>) => Promise<void>, offset: number) =>
      Array.from({ length: count }, (_, index) => lane(makeRandom(seed * 100 + offset + index)));
    const tokens = population.sources.map(({ token }) => token);
    const [samples] = await Promise.all([
      watchMemory(roles, Math.max(SHORTEST_SAMPLE_MS, (seconds * 1_000) / SAMPLES), isOver),
      ...many(LANES.http, (random) => runHttpLane({ url, document, population, random, tally, clock: Date.now }, isOver), 0),
      ...many(LANES.raw, (random) => runRawLane({ url, tokens, random, tally }, isOver), 30),
      ...many(
        LANES.mqtt,
        (random) => runMqttLane({ port: mqttPort, sources: population.sources, random, tally, clock: Date.now }, isOver),
        60,
      ),
    ]);
    const memory = roles.flatMap(({ name }) => judgeMemory(name, samples.get(name) ?? []) ?? []);
    const lastSource = population.sources.at(-1);
    const after =
      roles.every((role) => role.ended() === null) && lastSource
        ? await stillWorks(database, url, mqttPort, lastSource, population.callers[0] ?? '')
        : [];
    const states = await database.prisma.inboundMessage.groupBy({ by: ['state'], _count: true });
    return {
      rows: tally.rows(seconds),
      memory,
      messages: Object.fromEntries(states.map(({ state, _count }) => [state, _count])),
      failures: [
        ...tally.failures(),
        ...roles.flatMap(complaintsOf),
        ...memory
          .filter(({ isFlat }) => !isFlat)
          .map(({ role, riseMb, allowedMb }) => `the memory of ${role} rose by ${riseMb} MB, of ${allowedMb} MB allowed`),
        ...after,
      ],
    };
  } finally {
    for (const role of roles) await role.close();
    await mails.close();
  }
}
