import { decodeReading, type Decoded, type Ratios } from '../domain/decode.ts';
import type { ModbusRequest } from '../domain/modbus-frame.ts';
import type { ReadPlan } from '../domain/read-plan.ts';
import type { RegisterHole } from '../domain/register-hole.ts';
import type { BlockReply } from './modbus-client.ts';
import { readBlocks } from './read-blocks.ts';

export interface MeterRequest {
  unitId: number;
  plan: ReadPlan;
  ratios: Ratios;
  /** From then on nothing is asked any more. */
  deadlineMs: number;
  priority: 'due' | 'ad-hoc';
}

/** `closed`: the line was, by us; the meter has no part in it. */
export type FailureReason = 'no-answer' | 'line-down' | 'bad-reply' | 'refused' | 'late' | 'closed';

export interface ReadFailure {
  ok: false;
  reason: FailureReason;
  detail: string;
  latencyMs: number;
  /** What the meter was found to refuse, before it failed. */
  holes?: RegisterHole[];
}

export interface MeterReading {
  ok: true;
  takenAtMs: number;
  latencyMs: number;
  blocks: { function: number; address: number; words: number[] }[];
  decoded: Decoded;
  /** What the meter was found to refuse: to be remembered, so that no plan crosses it. */
  holes: RegisterHole[];
}

export type ReadResult = MeterReading | ReadFailure;

export interface Answering {
  ok: true;
  latencyMs: number;
  detail: string;
}

export type ProbeResult = Answering | ReadFailure;

/** One turn on the line: what came of it, and whether another turn could bring more. */
export interface Turn<T> {
  result: T | ReadFailure;
  mayPass: boolean;
}

/** Puts one request on the line. */
export type Ask = (request: ModbusRequest) => Promise<BlockReply>;

// Illegal function, address, value: the same question gets the same answer.
const LASTING_EXCEPTIONS = new Set([1, 2, 3]);
// The gateway speaks for a meter that does not.
const GATEWAY_EXCEPTIONS = new Set([10, 11]);

export async function readMeter(
  ask: Ask,
  { unitId, plan, ratios, deadlineMs }: MeterRequest,
  clock: () => number,
): Promise<Turn<MeterReading>> {
  const startMs = clock();
  const read = await readBlocks(plan, (block) => ask({ unitId, ...block }), { clock, deadlineMs });
  // The clock may have been set back meanwhile.
  const latencyMs = Math.max(0, clock() - startMs);
  if (!read.ok) {
    const turn = read.failure === 'late' ? late('the deadline passed between two blocks', latencyMs) : failure(read.failure, latencyMs);
    return { ...turn, result: { ...turn.result, holes: read.holes } };
  }
  const { answered, holes } = read;
  const counters = answered[read.plan.counterBlock];
  const takenAtMs = counters === undefined ? startMs : Math.round((counters.askedMs + counters.answeredMs) / 2);
  const decoded = decodeReading(
    read.plan,
    answered.map(({ words }) => words),
    ratios,
  );
  const blocks = answered.map(({ block, words }) => ({ function: block.function, address: block.address, words }));
  return { result: { ok: true, takenAtMs, latencyMs, blocks, decoded, holes }, mayPass: false };
}

/** Any answer of the unit shows that it is there, a refusal too: two input registers at 0 are as good a question as any. */
export async function probeUnit(ask: Ask, unitId: number, clock: () => number): Promise<Turn<Answering>> {
  const startMs = clock();
  const reply = await ask({ unitId, function: 4, address: 0, count: 2 });
  const latencyMs = clock() - startMs;
  if (reply.ok) return { result: { ok: true, latencyMs, detail: `unit ${unitId} answers` }, mayPass: false };
  if (reply.reason === 'refused' && !GATEWAY_EXCEPTIONS.has(reply.exception)) {
    return { result: { ok: true, latencyMs, detail: `unit ${unitId} answers: ${reply.detail}` }, mayPass: false };
  }
  return failure(reply, latencyMs);
}

export function late(detail: string, latencyMs: number): Turn<never> {
  return { result: { ok: false, reason: 'late', detail, latencyMs }, mayPass: false };
}

export function failure(reply: BlockReply & { ok: false }, latencyMs: number): Turn<never> {
  const mayPass = reply.reason !== 'refused' || !LASTING_EXCEPTIONS.has(reply.exception);
  return { result: { ok: false, reason: reply.reason, detail: reply.detail, latencyMs }, mayPass };
}
