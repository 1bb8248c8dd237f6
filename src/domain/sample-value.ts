import { parseCounter, shortened } from './counter-text.ts';
import type { Parsed } from './csv-record.ts';
import { isEnergy } from './quantity.ts';
import { unitFactor } from './unit.ts';

/** What another system calls a value, and what it is here. */
export interface SampleColumn {
  /** A standard quantity, or a name of its own that is kept beside them. */
  quantity: string;
  factor: number;
}

export function sampleColumn(quantity: string, unit: string): SampleColumn {
  return { quantity, factor: unitFactor(quantity, unit) ?? 1 };
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$/;

export function parseSample(text: string, { quantity, factor }: SampleColumn): Parsed<number> {
  if (isEnergy(quantity)) {
    const counter = parseCounter(text, Math.round(Math.log10(factor)));
    return counter.ok ? { ok: true, value: counter.wh } : counter;
  }
  if (!NUMBER.test(text)) return { ok: false, problem: `"${shortened(text)}" is not a number` };
  const value = Number(text) * factor;
  return Number.isFinite(Math.fround(value)) ? { ok: true, value } : { ok: false, problem: `${shortened(text)} is beyond every measure` };
}
