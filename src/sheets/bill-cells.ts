import type { Cell } from 'write-excel-file/node';
import { formatMicro, type Micro } from '../domain/money.ts';

export const bold = (value: string): Cell => ({ value, fontWeight: 'bold' });
/** As text: what begins with = is no formula, and 0001 no number. */
export const text = (value: string): Cell => (value === '' ? null : { value, type: String, format: '@' });
const number = (value: number, format: string): Cell => ({ value, type: Number, format });
export const count = (value: number): Cell => number(value, '0');
export const money = (micro: Micro): Cell => number(Number(formatMicro(micro)), '#,##0.00');
export const price = (micro: Micro): Cell => number(Number(formatMicro(micro)), '0.00####');
export const quantity = (micro: Micro): Cell => number(Number(formatMicro(micro)), '#,##0.000');
export const kwh = (wh: number): Cell => number(wh / 1_000, '#,##0.000');
export const rate = (basisPoints: number): Cell => number(basisPoints / 10_000, '0.00%');

/** A local day as a day; in English in the order that no English reader takes for another. */
export function dayCell(day: string, locale: string): Cell {
  return { value: new Date(`${day}T00:00:00Z`), type: Date, format: locale.startsWith('de') ? 'dd.mm.yyyy' : 'yyyy-mm-dd' };
}
