import type { BillLine } from './bill.ts';
import type { VatGroup } from './bill-total.ts';
import type { Micro } from './money.ts';

/** What stands on a bill beside its numbers. It is kept when the bill is issued. */
export interface Letterhead {
  building: string;
  address: string;
  zone: string;
  language: string;
  sender: string;
  remark: string;
}

export interface WrittenCounter {
  atMs: number;
  wh: number;
}

export type WrittenLine = Omit<BillLine, 'tariffId' | 'producerId'>;

/** A bill as it is handed out, on paper or as a spreadsheet. */
export interface WrittenBill {
  letterhead: Letterhead;
  /** Null while it is open. */
  number: number | null;
  issuedMs: number | null;
  /** The number of the bill before, of which this one asks only for the difference. */
  corrects: number | null;
  party: string;
  address: string;
  flat: string;
  currency: string;
  fromMs: number;
  toMs: number;
  lines: WrittenLine[];
  vat: (VatGroup & { billedNet: Micro; billedVat: Micro })[];
  total: Micro;
  consumptionWh: number;
  ownWh: number;
  estimatedWh: number;
  missingSlots: number;
  missingProduction: number;
  meters: { serial: string; from: WrittenCounter | null; to: WrittenCounter | null }[];
  days: DayOfBill[];
}

export interface DayOfBill {
  day: string;
  gridWh: number;
  ownWh: number;
}

/** Per cent of the whole, 0 of nothing. */
export function percentOf(part: number, whole: number): number {
  return whole === 0 ? 0 : (part / whole) * 100;
}

const MOST_BARS = 62;

/** By the month where there are too many days to tell apart. */
export function barsOf(days: readonly DayOfBill[]): DayOfBill[] {
  if (days.length <= MOST_BARS) return [...days];
  const months = new Map<string, DayOfBill>();
  for (const { day, gridWh, ownWh } of days) {
    const month = day.slice(0, 7);
    const sum = months.get(month) ?? { day: `${month}-01`, gridWh: 0, ownWh: 0 };
    months.set(month, { ...sum, gridWh: sum.gridWh + gridWh, ownWh: sum.ownWh + ownWh });
  }
  return [...months.values()];
}
