import {
  layoutsOf,
  readNumbers,
  relaid,
  toPhysical,
  type Layout,
  type RawNumbers,
  type RawRead,
  type RegisterGroup,
} from './decoding-groups.ts';
import type { RegisterSpec } from './meter-model.ts';
import { checkPhysics, weigh, type PhysicsCheck, type Read } from './physics.ts';
import { unitOf, type Quantity, type Unit } from './quantity.ts';

/** A layout for each group, in the order of the groups. */
export type Assignment = readonly Layout[];

/** Powers of ten by which the values of a unit were wrong. */
export type Shifts = ReadonlyMap<Unit, number>;

export interface Trial {
  assignment: Assignment;
  shifts: Shifts;
  reads: Read[];
  checks: PhysicsCheck[];
  /** Weight of the checks, less what is no number, less what speaks for a simple mistake. */
  score: number;
}

/** What no meter sends counts as much as a wrong voltage. */
const NO_NUMBER = 2;
const PER_MIXTURE = 0.4;
const PER_CHANGE = 0.2;
const PER_TYPE = 3;
const PER_SHIFT = 3;
const SHIFTS = [-6, -5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 6];
/** What a unit is judged by comes before what is judged by it. */
const SHIFTED: readonly (readonly Unit[])[] = [['V'], ['Hz'], [''], ['W', 'var', 'VA'], ['A'], ['Wh', 'varh']];

/** Tries layouts on the same raw words; each number is made once. */
export class Trials {
  readonly groups: readonly RegisterGroup[];
  readonly #reads: readonly RawRead[];
  readonly #ratios: { ct: number; pt: number };
  readonly #numbers = new Map<string, RawNumbers>();
  readonly #tried = new Map<string, Trial>();

  constructor(groups: readonly RegisterGroup[], reads: readonly RawRead[], ratios: { ct: number; pt: number }) {
    this.groups = groups;
    this.#reads = reads;
    this.#ratios = ratios;
  }

  /** The values of a group are the same in every layout: nothing can be told from them. */
  isBlind(index: number): boolean {
    const group = this.groups[index] as RegisterGroup;
    const texts = layoutsOf(group, { withTypes: false }).map((layout) =>
      JSON.stringify(this.#numbersOf(index, layout).map((numbers) => [...numbers])),
    );
    return new Set(texts).size === 1;
  }

  try(assignment: Assignment, { fit }: { fit: boolean }): Trial {
    const key = `${fit} ${assignment.map(layoutKey).join(', ')}`;
    let trial = this.#tried.get(key);
    if (trial === undefined) {
      const plain = this.#judge(assignment, new Map());
      trial = fit ? this.#fitted(plain) : plain;
      this.#tried.set(key, trial);
    }
    return trial;
  }

  /** One unit after the other: the power of ten with which most holds. */
  #fitted(plain: Trial): Trial {
    let best = plain;
    for (const units of SHIFTED) {
      const isBroken = best.checks.some((check) => !check.holds && check.quantities.some((quantity) => units.includes(unitOf(quantity))));
      if (!isBroken) continue;
      for (const power of SHIFTS) {
        const trial = this.#judge(best.assignment, new Map([...best.shifts, ...units.map((unit) => [unit, power] as const)]));
        if (trial.score > best.score) best = trial;
      }
    }
    return best;
  }

  #judge(assignment: Assignment, shifts: Shifts): Trial {
    const { reads, nothings } = this.#values(assignment, shifts);
    const checks = checkPhysics(reads, this.#ratios);
    const score = weigh(checks) - NO_NUMBER * nothings - this.#oddity(assignment) - PER_SHIFT * shiftedUnits(shifts);
    return { assignment, shifts, reads, checks, score };
  }

  #values(assignment: Assignment, shifts: Shifts): { reads: Read[]; nothings: number } {
    let nothings = 0;
    const reads = this.#reads.map(({ atMs }, index) => {
      const numbers = assignment.map((layout, group) => this.#numbersOf(group, layout)[index]);
      const raw = new Map(numbers.flatMap((found) => [...(found ?? [])]));
      const values: Partial<Record<Quantity, number>> = {};
      assignment.forEach((layout, group) => {
        for (const spec of (this.groups[group] as RegisterGroup).specs) {
          const number = raw.get(spec.quantity);
          if (number === null) nothings += 1 / this.#reads.length;
          if (number == null) continue;
          const told = this.#told(spec, layout, number, raw);
          if (told !== null) values[told.quantity] = told.value * 10 ** (shifts.get(unitOf(told.quantity)) ?? 0);
        }
      });
      return { atMs, values };
    });
    return { reads, nothings };
  }

  #told(
    spec: RegisterSpec,
    layout: Layout,
    number: number,
    raw: ReadonlyMap<string, number | null>,
  ): { quantity: Quantity; value: number } | null {
    const power = spec.scaleBy === '' ? 0 : raw.get(spec.scaleBy);
    if (power == null) return null;
    const physical = toPhysical(spec, relaid(spec, layout).scale * 10 ** power, this.#ratios);
    return physical === null ? null : { quantity: physical.quantity, value: physical.of(number) };
  }

  #numbersOf(index: number, layout: Layout): RawNumbers {
    const key = `${index} ${layoutKey(layout)}`;
    let numbers = this.#numbers.get(key);
    if (numbers === undefined) {
      numbers = readNumbers(this.groups[index] as RegisterGroup, layout, this.#reads);
      this.#numbers.set(key, numbers);
    }
    return numbers;
  }

  /** People get a whole map wrong in one way, or a device has one order for all: a mixture takes better evidence. */
  #oddity(assignment: Assignment): number {
    const moves = new Set<string>();
    const orders = new Set<string>();
    let changes = 0;
    let types = 0;
    assignment.forEach((layout, index) => {
      const group = this.groups[index] as RegisterGroup;
      const wordsMove = layout.wordOrder !== group.wordOrder;
      const bytesMove = layout.byteOrder !== group.byteOrder;
      if (layout.type !== group.type) types += 1;
      if (wordsMove || bytesMove) changes = 1;
      if (group.words === 1) return;
      moves.add(`${wordsMove} ${bytesMove}`);
      orders.add(`${layout.wordOrder} ${layout.byteOrder}`);
    });
    const mixture = Math.max(0, Math.min(moves.size, orders.size) - 1);
    return PER_MIXTURE * mixture + PER_CHANGE * changes + PER_TYPE * types;
  }
}

function layoutKey({ type, wordOrder, byteOrder }: Layout): string {
  return `${type} ${wordOrder} ${byteOrder}`;
}

function shiftedUnits(shifts: Shifts): number {
  return SHIFTED.filter((units) => units.some((unit) => (shifts.get(unit) ?? 0) !== 0)).length;
}
