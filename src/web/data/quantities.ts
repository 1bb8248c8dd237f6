import { camelName, QUANTITIES, unitOf } from '../../domain/quantity.ts';
import { words } from '../words.ts';

const { quantities: text } = words;

/** What a meter tells; not regular: only when it is asked. */
export interface MeterQuantity {
  quantity: string;
  unit: string;
  regular: boolean;
}

const PARTS = /^([a-z][A-Za-z]*?)(L1L2|L2L3|L3L1|L1|L2|L3|Total|Neutral)?$/;
const UNITS = new Map(QUANTITIES.map((name) => [camelName(name), unitOf(name)]));
const ORDER = new Map(QUANTITIES.map((name, index) => [camelName(name), index]));

function phaseOf(part: string): string {
  if (part === 'Total') return '';
  return part === 'Neutral' ? (text['neutral'] ?? '') : part.replace(/^(L\d)(L\d)$/, '$1–$2');
}

/** `Voltage L1`; what has no word of its own, nearly as its model names it. */
export function sayQuantity(quantity: string): string {
  const camel = camelName(quantity);
  const [, kind = '', part = 'Total'] = PARTS.exec(camel) ?? [];
  const name = text[kind];
  if (name === undefined) return camel.replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2');
  return [name, phaseOf(part)].filter((word) => word !== '').join(' ');
}

/** Of a standard quantity; null for any other. */
export function unitOfQuantity(quantity: string): string | null {
  return UNITS.get(quantity) ?? null;
}

/** In the order of the list of quantities, others after them. */
export function byQuantity(a: string, b: string): number {
  return (ORDER.get(a) ?? 999) - (ORDER.get(b) ?? 999) || a.localeCompare(b);
}
