import type { MeterModel } from '../domain/meter-model.ts';

/** So that what a building shows fits into 16 bits with the digits that a meter has. */
const EXPONENT_BY_UNIT: Readonly<Record<string, number>> = { V: -1, A: -2, Hz: -2, '%': -2, '': -3, deg: -1 };

/** The power of ten that a virtual meter tells in the register of that name; null where no other register is scaled by it. */
export function exponentOf({ registers }: MeterModel, quantity: string): number | null {
  const scaled = registers.find((spec) => spec.scaleBy === quantity);
  return scaled === undefined ? null : (EXPONENT_BY_UNIT[scaled.unit] ?? 0);
}
