import type { MeterModel, RegisterSpec } from '../domain/meter-model.ts';
import { exponentOf } from './exponent.ts';
import type { Moment, Phases } from './physics.ts';
import { quantifierOf } from './quantities.ts';
import { isSetting } from './settings.ts';
import { SUNSPEC_BASE, sunspecWords } from './sunspec-chain.ts';
import { wireValue } from './wire-value.ts';

const ILLEGAL_FUNCTION = 1;
const ILLEGAL_ADDRESS = 2;
const ILLEGAL_VALUE = 3;
const MOST_BITS = 2000;

/** What a meter of this model answers to one request: a Modbus exception, or how its bytes are filled. */
export type AnswerPlan = { exception: number } | { bytes: number; fill(target: Buffer, at: number, moment: Moment): void };

interface Placed {
  words: number;
  write(target: Buffer, at: number, moment: Moment): void;
}

/** A model made ready to be answered from; shared by all virtual meters of the model. */
export class AnsweringModel {
  readonly phases: Phases;
  readonly #model: MeterModel;
  readonly #functions: ReadonlySet<number>;
  readonly #placed = new Map<number, Placed>();
  readonly #plans = new Map<number, AnswerPlan>();

  constructor(model: MeterModel) {
    this.#model = model;
    this.#functions = new Set(model.registers.map((spec) => spec.function));
    this.phases = phasesOf(model);
    const measured = model.registers.filter((spec) => !isSetting(spec));
    const unknown = measured.filter((spec) => exponentOf(model, spec.quantity) === null && quantifierOf(spec) === null);
    if (unknown.length > 0) {
      throw new Error(`A virtual ${model.key} cannot show ${unknown.map((spec) => spec.quantity).join(', ')}.`);
    }
    const base = model.sunspec === null ? 0 : SUNSPEC_BASE;
    for (const spec of measured) this.#place(spec.function, base + spec.address, shownAs(model, spec));
    // Each meter has its own, and puts them in.
    for (const { address, words } of model.registers.filter(isSetting)) this.#place(3, address, { words, write: () => {} });
    if (model.sunspec === null) return;
    for (const [address, word] of sunspecWords(model)) {
      this.#place(3, address, { words: 1, write: (target, at) => target.writeUInt16BE(word, at) });
    }
  }

  plan(func: number, address: number, count: number): AnswerPlan {
    if (count > MOST_BITS) return { exception: ILLEGAL_VALUE };
    const key = keyOf(func, address) * (MOST_BITS + 1) + count;
    let plan = this.#plans.get(key);
    if (!plan) this.#plans.set(key, (plan = this.#makePlan(func, address, count)));
    return plan;
  }

  #place(func: number, address: number, placed: Placed): void {
    const key = keyOf(func, address);
    const there = this.#placed.get(key);
    // The two bytes of a word, or one value that has two names.
    const write: Placed['write'] = (...place) => [there, placed].forEach((each) => each?.write(...place));
    this.#placed.set(key, there === undefined ? placed : { ...placed, write });
  }

  #makePlan(func: number, address: number, count: number): AnswerPlan {
    if (!this.#functions.has(func)) return { exception: ILLEGAL_FUNCTION };
    const isBits = func < 3;
    const { maxRegisters, evenOnly } = this.#model;
    if (count < 1 || (!isBits && (count > maxRegisters || (evenOnly && count % 2 === 1)))) return { exception: ILLEGAL_VALUE };
    const parts: { offset: number; placed: Placed }[] = [];
    let end = address;
    for (let at = address; at < address + count;) {
      const placed = this.#placed.get(keyOf(func, at));
      if (placed) parts.push({ offset: at - address, placed });
      at += placed?.words ?? 1;
      if (placed) end = at;
    }
    // Reserved words between two registers read as 0; to begin or end in them, or within a register, is refused.
    if (parts[0]?.offset !== 0 || end !== address + count) return { exception: ILLEGAL_ADDRESS };
    return isBits ? bitsOf(parts, count) : wordsOf(parts, count);
  }
}

function wordsOf(parts: readonly { offset: number; placed: Placed }[], count: number): AnswerPlan {
  return {
    bytes: count * 2,
    fill(target, at, moment) {
      target.fill(0, at, at + count * 2);
      for (const { offset, placed } of parts) placed.write(target, at + offset * 2, moment);
    },
  };
}

/** Eight to a byte, the first one in its lowest bit. */
function bitsOf(parts: readonly { offset: number; placed: Placed }[], count: number): AnswerPlan {
  const bytes = Math.ceil(count / 8);
  const word = Buffer.alloc(2);
  return {
    bytes,
    fill(target, at, moment) {
      target.fill(0, at, at + bytes);
      for (const { offset, placed } of parts) {
        placed.write(word, 0, moment);
        target[at + (offset >> 3)]! |= (word[1]! & 1) << (offset & 7);
      }
    },
  };
}

function shownAs(model: MeterModel, spec: RegisterSpec): Placed {
  const exponent = exponentOf(model, spec.quantity);
  const wire = wireValue(scaled(model, spec));
  if (exponent !== null) return { words: spec.words, write: (target, at) => wire.write(target, at, exponent) };
  const quantify = quantifierOf(spec)!;
  return { words: spec.words, write: (target, at, moment) => wire.write(target, at, quantify(moment)) };
}

/** What a perfect reader makes of each register at a moment, in its kept unit if it is a standard quantity, else in its own. */
export function shownValues(model: MeterModel, moment: Moment): Map<string, number> {
  return new Map(
    model.registers
      .filter((spec) => !isSetting(spec))
      .map((spec) => {
        const wire = wireValue(scaled(model, spec));
        return [spec.quantity, wire.shown(exponentOf(model, spec.quantity) ?? quantifierOf(spec)!(moment))];
      }),
  );
}

/** A register with its power of ten in place. */
function scaled(model: MeterModel, spec: RegisterSpec): RegisterSpec {
  const exponent = spec.scaleBy === '' ? 0 : (exponentOf(model, spec.scaleBy) ?? 0);
  return { ...spec, scale: spec.scale * Number(`1e${exponent}`) };
}

export function phasesOf({ registers }: MeterModel): Phases {
  if (registers.some((spec) => spec.quantity.endsWith('_l3'))) return 3;
  return registers.some((spec) => spec.quantity.endsWith('_l2')) ? 2 : 1;
}

function keyOf(func: number, address: number): number {
  return (func << 16) | address;
}
