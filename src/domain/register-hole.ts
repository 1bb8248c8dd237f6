import type { ModbusFunction, RegisterSpec } from './meter-model.ts';

export interface ReadBlock {
  function: ModbusFunction;
  address: number;
  count: number;
}

/** Registers that a meter refuses to tell. One of no registers is a border: each side is told, but never both at once. */
export interface RegisterHole {
  function: number;
  address: number;
  count: number;
}

export function crosses(block: ReadBlock, hole: RegisterHole): boolean {
  if (block.function !== hole.function) return false;
  const end = block.address + block.count;
  if (hole.count === 0) return block.address < hole.address && hole.address < end;
  return block.address < hole.address + hole.count && hole.address < end;
}

/** The request that brings these values of one function, which may lie in any order. */
export function blockOf(specs: readonly RegisterSpec[], evenOnly: boolean): ReadBlock {
  const first = Math.min(...specs.map((spec) => spec.address));
  const end = Math.max(...specs.map((spec) => spec.address + spec.words));
  const address = evenOnly ? first - (first % 2) : first;
  const count = end - address;
  return { function: specs[0]?.function ?? 3, address, count: evenOnly ? count + (count % 2) : count };
}

/** Two requests in place of one that was refused, or null where the values cannot be told apart: they lie in the same registers. */
export function halve(specs: readonly RegisterSpec[], evenOnly: boolean): [RegisterSpec[], RegisterSpec[]] | null {
  const groups: RegisterSpec[][] = [];
  let end = -Infinity;
  for (const spec of specs.toSorted((a, b) => a.address - b.address)) {
    const block = blockOf([spec], evenOnly);
    if (block.address < end) groups.at(-1)?.push(spec);
    else groups.push([spec]);
    end = Math.max(end, block.address + block.count);
  }
  if (groups.length < 2) return null;
  const middle = Math.ceil(groups.length / 2);
  return [groups.slice(0, middle).flat(), groups.slice(middle).flat()];
}

/** What lies between two blocks that are answered one by one, and refused as one. */
export function holeBetween(left: ReadBlock, right: ReadBlock): RegisterHole {
  const address = left.address + left.count;
  return { function: left.function, address, count: right.address - address };
}

/** `input registers 70 to 71`, as a person reads it on the page of a meter. */
export function describeHole({ function: modbusFunction, address, count }: RegisterHole): string {
  const kind = ['coils', 'discrete inputs', 'holding registers', 'input registers'][modbusFunction - 1] ?? `function ${modbusFunction}`;
  if (count === 0) return `${kind} not across ${address}`;
  return count === 1 ? `${kind} ${address}` : `${kind} ${address} to ${address + count - 1}`;
}
