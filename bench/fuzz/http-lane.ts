import { Agent } from 'node:http';
import { ask } from './ask.ts';
import { hostileAsks, rightAsk, type HttpAsk } from './hostile-input.ts';
import { operationsOf, type ApiDocument } from './operations.ts';
import type { Population } from './population.ts';
import type { Random } from './random.ts';
import { sampleInput } from './sample.ts';
import type { Tally } from './tally.ts';

const FUTURE_MS = [0, -1, 60_000, 86_400_000, 3e12, 8.64e15, 1e300];

function tuples(random: Random, nowMs: number): string {
  const one = () => ({
    timestamp: random.one<unknown>([nowMs - random.below(1e6), nowMs + random.one(FUTURE_MS), 'x', null, -1, 1e300]),
    device_id: random.one<unknown>(['fuzz-2', 'nobody', '', '__proto__', 'x'.repeat(500), null, {}, `made up ${random.below(50)}`]),
    measurement_value: random.one<unknown>([random.below(1e6), -1, 1e308, null, 'NaN', [], 0.1 + 0.2]),
    ...random.one<object>([{}, {}, { more: 1 }, { ['__proto__']: 1 }]),
  });
  const many = Array.from({ length: 1 + random.below(20) }, one);
  return random.one([
    JSON.stringify(many),
    JSON.stringify(one()),
    `[${'['.repeat(random.below(9_000))}`,
    '{"timestamp":NaN}',
    JSON.stringify(many).slice(1),
  ]);
}

export interface HttpLane {
  url: string;
  document: ApiDocument;
  population: Population;
  random: Random;
  tally: Tally;
  clock: () => number;
}

/** One request after the other, at any operation, mostly wrong, until it is told to end. */
export async function runHttpLane({ url, document, population, random, tally, clock }: HttpLane, isOver: () => boolean): Promise<void> {
  const operations = operationsOf(document);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const foreign = Object.fromEntries(Object.entries(population.ids).map(([name, known]) => [name, (known[0] ?? 0) + 1_000]));
  const send = async (way: string, asked: HttpAsk, authorization: string | null) => {
    const headers = { ...asked.headers, ...(authorization === null ? {} : { authorization }) };
    const said = await ask(url, { ...asked, headers }, agent).then(
      ({ status, body }) => ({ status, text: status >= 500 ? body.toString().slice(0, 300) : '' }),
      // A body that is refused by its length is not read: the connection ends under it.
      (err: NodeJS.ErrnoException) => ({ status: 0, text: err.code ?? err.message }),
    );
    tally.answered(way, said.status);
    if (said.status === 500)
      tally.fail(`500: ${asked.what}: ${asked.method} ${asked.target.slice(0, 300)} ${String(asked.body).slice(0, 300)}: ${said.text}`);
  };
  while (!isOver()) {
    const operation = random.one(operations);
    const given = sampleInput(document, operation, population, random);
    const asks = [rightAsk(operation, given), ...hostileAsks(operation, given, foreign, random)];
    for (let times = 0; times < 4; times += 1)
      await send('HTTP, all operations', random.one(asks), random.one([...population.callers, null]));
    const body = tuples(random, clock());
    const headers = { 'content-type': 'application/json' };
    const ingest = { what: 'values', method: 'POST', target: '/api/v1/ingest', headers, body };
    await send('HTTP, ingest', ingest, `Bearer ${random.one(population.sources).token}`);
  }
  agent.destroy();
}
