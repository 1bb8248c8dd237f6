import type { MeterModel, RegisterSpec } from './meter-model.ts';
import { isEnergy, isQuantity } from './quantity.ts';
import { checkRegisters } from './register-check.ts';
import { blockOf, crosses, type ReadBlock, type RegisterHole } from './register-hole.ts';

export interface PlannedRegister {
  spec: RegisterSpec;
  block: number;
  offset: number;
}

export interface ReadPlan {
  blocks: ReadBlock[];
  /** Where each value lies: its block and its first word in it. */
  registers: PlannedRegister[];
  /** Read along with those, wanted or not: what tells a power of ten of one of them, and the id of a SunSpec block. */
  factors: PlannedRegister[];
  /** The SunSpec model from whose block the addresses count; null where they are the meter's own. */
  sunspec: number | null;
  /** The block whose time is the time of the reading: it carries the counters. */
  counterBlock: number;
  /** Wanted, but known to be refused by this meter: not asked. */
  missing: RegisterSpec[];
  evenOnly: boolean;
}

/** The first register of each SunSpec block: its words prove with every reading that the block is where it was found. */
const SUNSPEC_ID: RegisterSpec = {
  quantity: 'sunspec_id',
  unit: '',
  address: 0,
  function: 3,
  type: 'uint16',
  words: 1,
  wordOrder: 'big',
  byteOrder: 'big',
  scale: 1,
  scaleBy: '',
  offset: 0,
  invalid: '',
  ratio: 'none',
  counter: null,
  writable: '',
  description: 'Id of the model',
  source: 'SunSpec Alliance, Device Information Model Specification',
};

/** A model or a wish that cannot be read; `message` names every reason. */
export class UnreadableModel extends Error {
  constructor(key: string, problems: readonly string[]) {
    super(`${key}: ${problems.join('; ')}`);
    this.name = 'UnreadableModel';
  }
}

// On a bus of 9,600 baud a request costs about 80 ms (frames, gaps, the meter's own time), a register 2 ms.
const REQUEST_COST_REGISTERS = 40;

/**
 * The cheapest requests that bring the wanted quantities, all standard ones of the model by default. A value is never
 * split, and no request crosses a hole of this meter.
 */
export function planReads(model: MeterModel, quantities?: readonly string[], holes: readonly RegisterHole[] = []): ReadPlan {
  const problems = checkRegisters(model).map(({ index, field, problem }) => `${model.registers[index]?.quantity} ${field}: ${problem}`);
  const known = new Set(model.registers.map((spec) => spec.quantity));
  const unknown = quantities?.filter((quantity) => !known.has(quantity)).map((quantity) => `has no ${quantity}`) ?? [];
  // A model without any standard quantity is read for what else it has.
  const byDefault = model.registers.some((spec) => isQuantity(spec.quantity)) ? isQuantity : () => true;
  const isWanted = quantities === undefined ? byDefault : (quantity: string) => quantities.includes(quantity);
  const wanted = model.registers.filter((spec) => isWanted(spec.quantity));
  const empty = wanted.length === 0 ? ['there is nothing to read'] : [];
  if (problems.length + unknown.length + empty.length > 0) throw new UnreadableModel(model.key, [...problems, ...unknown, ...empty]);

  const factors = factorsOf(wanted, model.registers);
  const refused = [...wanted, ...factors].filter((spec) => holes.some((hole) => crosses(blockOf([spec], model.evenOnly), hole)));
  const missing = lostWith(refused, wanted);
  // A meter that refuses all of its model is asked again: it may be another one by now.
  if (missing.length === wanted.length) return planReads(model, quantities);
  const there = wanted.filter((spec) => !missing.includes(spec));
  const along = [...factorsOf(there, factors), ...(model.sunspec === null ? [] : [SUNSPEC_ID])];
  const needed = [...new Set([...there, ...along])];
  const functions = [...new Set(needed.map((spec) => spec.function))].sort((a, b) => a - b);
  const blocks = functions.flatMap((modbusFunction) =>
    cheapestBlocks(
      needed.filter((spec) => spec.function === modbusFunction),
      model,
      holes.filter((hole) => hole.function === modbusFunction),
    ),
  );
  return layOut(blocks, { there, factors: along, missing, evenOnly: model.evenOnly, sunspec: model.sunspec });
}

function factorsOf(wanted: readonly RegisterSpec[], among: readonly RegisterSpec[]): RegisterSpec[] {
  const names = new Set(wanted.map((spec) => spec.scaleBy));
  return among.filter((spec) => names.has(spec.quantity));
}

/** A value without its power of ten is none. */
function lostWith(refused: readonly RegisterSpec[], wanted: readonly RegisterSpec[]): RegisterSpec[] {
  const names = new Set(refused.map((spec) => spec.quantity));
  return wanted.filter((spec) => names.has(spec.quantity) || names.has(spec.scaleBy));
}

/** The plan that was followed where the meter refused these registers and told the rest in these blocks. */
export function planWithout(plan: ReadPlan, refused: readonly RegisterSpec[], blocks: ReadBlock[]): ReadPlan {
  const wanted = plan.registers.map(({ spec }) => spec);
  const lost = lostWith(refused, wanted);
  const there = wanted.filter((spec) => !lost.includes(spec));
  const factors = factorsOf(
    there,
    plan.factors.map(({ spec }) => spec),
  );
  return layOut(blocks, { ...plan, there, factors, missing: [...plan.missing, ...lost] });
}

interface Told extends Pick<ReadPlan, 'missing' | 'evenOnly' | 'sunspec'> {
  there: readonly RegisterSpec[];
  factors: readonly RegisterSpec[];
}

/** Where each value lies in the blocks that bring it. */
function layOut(blocks: ReadBlock[], { there, factors, missing, evenOnly, sunspec }: Told): ReadPlan {
  const place = (spec: RegisterSpec): PlannedRegister => {
    const block = blocks.findIndex(
      (candidate) =>
        candidate.function === spec.function &&
        candidate.address <= spec.address &&
        spec.address + spec.words <= candidate.address + candidate.count,
    );
    return { spec, block, offset: spec.address - (blocks[block]?.address ?? 0) };
  };
  const registers = there.map(place);
  const counter =
    registers.find(({ spec }) => spec.quantity === 'import_active_energy_total') ?? registers.find(({ spec }) => isEnergy(spec.quantity));
  return { blocks, registers, factors: factors.map(place), sunspec, counterBlock: counter?.block ?? 0, missing, evenOnly };
}

/** Over values in the order of their addresses: the cheapest way to read the first n is the cheapest last block after the cheapest way before it. */
function cheapestBlocks(specs: readonly RegisterSpec[], model: MeterModel, holes: readonly RegisterHole[]): ReadBlock[] {
  const sorted = specs.toSorted((a, b) => a.address - b.address);
  const best: { cost: number; blocks: ReadBlock[] }[] = [{ cost: 0, blocks: [] }];
  for (let last = 0; last < sorted.length; last += 1) {
    let cheapest = { cost: Infinity, blocks: [] as ReadBlock[] };
    for (let first = last; first >= 0; first -= 1) {
      const block = blockOf(sorted.slice(first, last + 1), model.evenOnly);
      if (block.count > model.maxRegisters || holes.some((hole) => crosses(block, hole))) break;
      const before = best[first];
      const cost = (before?.cost ?? 0) + REQUEST_COST_REGISTERS + block.count;
      if (before !== undefined && cost < cheapest.cost) cheapest = { cost, blocks: [...before.blocks, block] };
    }
    best.push(cheapest);
  }
  return best.at(-1)?.blocks ?? [];
}
