import { z } from 'zod';
import { bridgedSpecs, mappingProblem, readAnswer, type BridgeMapping, type BridgeReading } from '../domain/bridge-mapping.ts';
import type { MeterModel } from '../domain/meter-model.ts';
import { EXCEPTION, type RegisterAnswer, type RegisterRequest } from '../domain/modbus-answer.ts';
import { answerFrom } from '../domain/register-table.ts';
import { InvalidInput } from '../errors.ts';
import { fetchText } from '../ingest/http-source.ts';
import type { Logger } from '../logger.ts';
import { Sleeper } from '../sleeper.ts';
import { parseInput } from './input.ts';

const MOST_BYTES = 256 * 1024;

const word = (most: number) => z.string().min(1).max(most);
const pointer = z.string().regex(/^(\/[^/]*)+$/, 'must be a JSON pointer, such as /power/now');
const mappingFile = z.strictObject({
  about: z.string().optional(),
  model: word(80),
  path: z.string().regex(/^\//, 'must begin with /'),
  key: z.union([z.strictObject({ header: word(80) }), z.strictObject({ query: word(80) })]).optional(),
  values: z
    .array(
      z
        .strictObject({
          quantity: word(64),
          line: z.number().int().min(1).max(10_000).optional(),
          json: pointer.optional(),
          unit: z.string().max(12).optional(),
          unitAt: pointer.optional(),
          factor: z.number().default(1),
        })
        .refine(({ line, json }) => (line === undefined) !== (json === undefined), 'must say where: line or json')
        .refine(({ json, unitAt }) => unitAt === undefined || json !== undefined, 'unitAt is for json'),
    )
    .min(1),
});

export function parseBridgeMapping(text: string): BridgeMapping {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch (cause) {
    throw new InvalidInput({ mapping: 'is no JSON' }, { cause });
  }
  const { model, path, key, values } = parseInput(mappingFile, given);
  return { model, path, values, key: key ?? null };
}

export interface BridgeOptions {
  mapping: BridgeMapping;
  model: MeterModel;
  /** Of the inverter; the mapping has the path. */
  source: URL;
  key: string | undefined;
  unitId: number;
  periodMs: number;
  timeoutMs: number;
  /** Older values are none. */
  maxAgeMs: number;
  monotonic: () => number;
  log: Logger;
}

export interface Bridge {
  answer(request: RegisterRequest): Promise<RegisterAnswer>;
  close(): Promise<void>;
}

/** Asks the inverter over and over, and answers like a meter for as long as what it told last is young enough. */
export function bridgeInverter(options: BridgeOptions): Bridge {
  const { mapping, model, source, key, unitId, periodMs, timeoutMs, maxAgeMs, monotonic, log } = options;
  const problem = mappingProblem(mapping, model);
  if (problem !== null) throw new InvalidInput({ mapping: problem });
  if (mapping.key !== null && key === undefined)
    throw new InvalidInput({ BRIDGE_KEY: 'is needed: the mapping says that the inverter wants a key' });
  const url = new URL(mapping.path, source);
  const headers: Record<string, string> = {};
  if (mapping.key !== null && 'query' in mapping.key) url.searchParams.set(mapping.key.query, key ?? '');
  if (mapping.key !== null && 'header' in mapping.key) headers[mapping.key.header] = key ?? '';
  const specs = bridgedSpecs(mapping, model);
  const ended = new AbortController();
  const pause = new Sleeper();
  let last: { raw: ReadonlyMap<string, number>; askedMs: number } | null = null;
  let isAway: boolean | null = null;

  async function ask(): Promise<BridgeReading> {
    try {
      return readAnswer(await fetchText({ url, headers, timeoutMs, mostBytes: MOST_BYTES }, ended.signal), mapping, model);
    } catch (err) {
      const { message, cause } = err as Error;
      return { ok: false, problem: cause instanceof Error && cause.message !== '' ? cause.message : message };
    }
  }

  async function run(): Promise<void> {
    while (!ended.signal.aborted) {
      const askedMs = monotonic();
      const reading = await ask();
      if (ended.signal.aborted) return;
      if (reading.ok) last = { raw: reading.raw, askedMs };
      const { host } = source;
      if (reading.ok && isAway !== false) log.info({ host }, 'the inverter answers');
      if (!reading.ok && isAway !== true) log.warn({ host, detail: reading.problem }, 'the inverter does not answer');
      isAway = !reading.ok;
      await pause.sleep(Math.max(0, askedMs + periodMs - monotonic()));
    }
  }

  const running = run();
  return {
    async answer(request) {
      if (request.unitId !== unitId) return { exception: EXCEPTION.noSuchUnit };
      const known = last !== null && monotonic() - last.askedMs <= maxAgeMs ? last.raw : null;
      return answerFrom(specs, request, ({ quantity }) => known?.get(quantity) ?? null);
    },
    async close() {
      ended.abort();
      pause.wake();
      await running;
    },
  };
}
