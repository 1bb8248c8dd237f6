import type { BillLine } from './bill.ts';
import { de } from './bill-words-de.ts';
import { en } from './bill-words-en.ts';
import { it } from './bill-words-it.ts';
import { languageOf, type Language } from './language.ts';

/** Every text of a bill; another language is another object of this shape. */
export interface BillWords {
  /** How its numbers and days are written. */
  locale: string;
  title: string;
  corrects(number: number): string;
  draft: string;
  number: string;
  date: string;
  period: string;
  flat: string;
  building: string;
  party: string;
  /** The party of a flat that is let to nobody. */
  owner: string;
  item: string;
  quantity: string;
  price: string;
  amount: string;
  vatRate: string;
  tariff(name: string, from: string, to: string): string;
  base: string;
  grid: string;
  own(producer: string): string;
  /** Of one, and of any other number. */
  units: Record<'kWh' | 'month' | 'day', readonly [string, string]>;
  per: { kWh: string; month: string; day: string };
  net: string;
  vat(rate: string): string;
  sum: string;
  billed(number: number): string;
  due: string;
  credit: string;
  energy: string;
  used: string;
  fromGrid: string;
  fromOwn: string;
  ownShare(percent: string): string;
  estimated(energy: string, percent: string): string;
  measured: string;
  missing(count: string): string;
  missingProduction(count: string): string;
  meters: string;
  meter: string;
  atStart: string;
  atEnd: string;
  counted: string;
  unknown: string;
  byDay: string;
  byMonth: string;
  page(page: number, pages: number): string;
  /** Of a spreadsheet. */
  sheets: { bill: string; bills: string; lines: string; meters: string; days: string };
  state: string;
  states: { open: string; issued: string };
  kinds: { base: string; grid: string; own: string };
  kind: string;
  label: string;
  unit: string;
  from: string;
  to: string;
  total: string;
  estimatedKwh: string;
  missingSlots: string;
  day: string;
  fileName: string;
}

const WORDS: Record<Language, BillWords> = { en, de, it };

/** English where there is no other. */
export function billWords(language: string): BillWords {
  return WORDS[languageOf(language)];
}

const ONE = 1_000_000n;

export function unitOf({ units }: BillWords, { unit, quantity }: Pick<BillLine, 'unit' | 'quantity'>): string {
  return units[unit][quantity === ONE ? 0 : 1];
}
