import type { RegisterSpec } from '../domain/meter-model.ts';
import { planWithout, type ReadPlan } from '../domain/read-plan.ts';
import { blockOf, halve, holeBetween, type ReadBlock, type RegisterHole } from '../domain/register-hole.ts';
import type { BlockReply } from './modbus-client.ts';

export interface AnsweredBlock {
  block: ReadBlock;
  words: number[];
  askedMs: number;
  answeredMs: number;
}

export type BlockFailure = BlockReply & { ok: false };

/** `holes`: what was learned meanwhile, also in a turn that failed. */
export type Blocks =
  | { ok: true; plan: ReadPlan; answered: AnsweredBlock[]; holes: RegisterHole[] }
  | { ok: false; failure: BlockFailure | 'late'; holes: RegisterHole[] };

interface Part {
  specs: RegisterSpec[];
  block: ReadBlock;
  /** In a larger request. */
  refusedBefore: boolean;
}

// Illegal data address; some meters call it an illegal value, as the standard has it for a count that is too large.
const HOLE_EXCEPTIONS = new Set([2, 3]);

function speaksOfHole(reply: BlockFailure): boolean {
  return reply.reason === 'refused' && HOLE_EXCEPTIONS.has(reply.exception);
}

/**
 * The blocks of a plan, one after the other. One that is refused for its addresses is halved, down to single values: what
 * is refused alone, and what lies between two parts that are told one by one and never together, is a hole. It takes two
 * refusals, so that a meter that stumbles once does not lose a value for good.
 */
export async function readBlocks(
  plan: ReadPlan,
  ask: (block: ReadBlock) => Promise<BlockReply>,
  { clock, deadlineMs }: { clock: () => number; deadlineMs: number },
): Promise<Blocks> {
  const { evenOnly } = plan;
  const answered: AnsweredBlock[] = [];
  const toldParts = new Set<Part>();
  const pairs: { whole: Part; left: Part; right: Part }[] = [];
  const holes: RegisterHole[] = [];
  const notThere: RegisterSpec[] = [];
  let firstRefusal: BlockFailure | null = null;

  async function askFor(block: ReadBlock): Promise<BlockFailure | 'late' | null> {
    const askedMs = clock();
    if (askedMs >= deadlineMs) return 'late';
    const reply = await ask(block);
    if (!reply.ok) return reply;
    answered.push({ block, words: reply.words, askedMs, answeredMs: clock() });
    return null;
  }
  const fail = (failure: BlockFailure | 'late'): Blocks => ({ ok: false, failure, holes: answered.length > 0 ? holes : [] });

  const parts = plan.blocks.map((block, index): Part => {
    const inBlock = [...plan.registers, ...plan.factors].filter((register) => register.block === index);
    const specs = [...new Set(inBlock.map(({ spec }) => spec))];
    return { specs, block, refusedBefore: false };
  });
  for (let part = parts.shift(); part !== undefined; part = parts.shift()) {
    const problem = await askFor(part.block);
    if (problem === null) {
      toldParts.add(part);
      continue;
    }
    if (problem === 'late' || !speaksOfHole(problem)) return fail(problem);
    firstRefusal ??= problem;
    const halves = halve(part.specs, evenOnly)?.map((specs): Part => ({ specs, block: blockOf(specs, evenOnly), refusedBefore: true }));
    const [left, right] = halves ?? [];
    if (left && right) {
      pairs.push({ whole: part, left, right });
      parts.unshift(left, right);
    } else if (!part.refusedBefore && plan.blocks.length > 1) {
      parts.unshift({ ...part, refusedBefore: true });
    } else {
      holes.push(part.block);
      notThere.push(...part.specs);
    }
  }
  if (firstRefusal === null) return { ok: true, plan, answered, holes };
  // Who refuses everything has said nothing about single registers.
  if (answered.length === 0) return fail(firstRefusal);
  for (const { whole, left, right } of pairs) {
    if (!toldParts.has(left) || !toldParts.has(right)) continue;
    const problem = await askFor(whole.block);
    if (problem === null) continue;
    if (problem === 'late' || !speaksOfHole(problem)) break;
    holes.push(holeBetween(left.block, right.block));
  }
  const followed = planWithout(
    plan,
    notThere,
    answered.map(({ block }) => block),
  );
  return { ok: true, plan: followed, answered, holes };
}
