import type { MeterModel } from './meter-model.ts';
import type { ReadPlan } from './read-plan.ts';
import { crosses, type ReadBlock, type RegisterHole } from './register-hole.ts';

/**
 * The same plan where no two requests in a row have answers of the same length, as far as the model has a register behind
 * one of them to ask for as well. Over RTU nothing but its length tells the late answer to one from the answer to the next.
 */
export function withDistinctBlocks(plan: ReadPlan, model: MeterModel, holes: readonly RegisterHole[]): ReadPlan {
  const blocks: ReadBlock[] = [];
  for (const block of plan.blocks) {
    const before = blocks.at(-1);
    const isAlike = before?.function === block.function && before.count === block.count;
    blocks.push((isAlike && longer(block, model, holes)) || block);
  }
  return { ...plan, blocks };
}

function longer(block: ReadBlock, model: MeterModel, holes: readonly RegisterHole[]): ReadBlock | null {
  const end = block.address + block.count;
  const next = model.registers.find((spec) => spec.function === block.function && spec.address === end);
  if (next === undefined || (model.evenOnly && next.words % 2 === 1)) return null;
  const wanted = { ...block, count: block.count + next.words };
  return wanted.count > model.maxRegisters || holes.some((hole) => crosses(wanted, hole)) ? null : wanted;
}
