import { dayStart, stretches } from '../../src/domain/time-bucket.ts';

/** What the predecessor got wrong in its monthly sheet, each to be switched off by itself. */
export const MISTAKES = [
  // Readings of the month are those from 00:00 of its first to 23:45 of its last day, and so is what lies between them.
  'slot late',
  // Without a reading in the month before, its counter was nothing.
  'counter from before it hung',
  // Whatever hung in the flat is one counter.
  'one counter for two meters',
  // What was counted in a gap was used when the meter answered again.
  'gap in one slot',
  'days of 96',
] as const;
export type Mistake = (typeof MISTAKES)[number];

export interface OldReading {
  serial: string;
  /** In UTC; the predecessor kept the time on the wall. */
  ms: number;
  wh: number;
}

export interface OldFlat {
  name: string;
  kind: 'IM' | 'EX';
  readings: OldReading[];
}

export interface OldRow {
  name: string;
  missing: number;
  consumptionWh: number;
  ownWh: Record<string, number>;
  gridWh: number;
}

const SLOT_MS = 15 * 60_000;

interface Delta {
  fromMs: number;
  toMs: number;
  wh: number;
}

function deltasOf({ readings }: OldFlat, mistakes: ReadonlySet<Mistake>): Delta[] {
  const sorted = readings.toSorted((a, b) => a.ms - b.ms);
  const known: Delta[] = [];
  const before = new Map<string, OldReading>();
  for (const reading of sorted) {
    const meter = mistakes.has('one counter for two meters') ? '' : reading.serial;
    const last = before.get(meter);
    // Two meters meet at the moment of the exchange; each counts for itself.
    if (last && last.ms < reading.ms) known.push({ fromMs: last.ms, toMs: reading.ms, wh: reading.wh - last.wh });
    else if (last) known.push({ fromMs: reading.ms - SLOT_MS, toMs: reading.ms, wh: reading.wh - last.wh });
    before.set(meter, reading);
  }
  return known.flatMap((delta) => {
    const slots = (delta.toMs - delta.fromMs) / SLOT_MS;
    if (slots <= 1 || mistakes.has('gap in one slot')) return [{ ...delta, fromMs: delta.toMs - SLOT_MS }];
    return Array.from({ length: slots }, (_, i) => ({
      fromMs: delta.fromMs + i * SLOT_MS,
      toMs: delta.fromMs + (i + 1) * SLOT_MS,
      wh: delta.wh / slots,
    }));
  });
}

/** The monthly sheet as the predecessor reckoned it, with some of its mistakes. */
export function oldSheet(flats: readonly OldFlat[], month: string, zone: string, some: readonly Mistake[]): OldRow[] {
  const mistakes = new Set(some);
  const days = new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)), 0)).getUTCDate();
  const span = { fromMs: dayStart(`${month}-01`, zone), toMs: dayStart(`${month}-${days}`, zone) + 24 * 3_600_000 };
  const parts = stretches(span, zone);
  const isIn = (ms: number) => ms >= span.fromMs && ms < span.toMs;
  const onTheWall = (ms: number) => ms + (parts.find(({ toMs }) => ms < toMs)?.offsetMs ?? 0);
  const deltas = new Map(flats.map((flat) => [flat.name, deltasOf(flat, mistakes)]));
  const slotsOf = (name: string) => (deltas.get(name) ?? []).filter(({ fromMs }) => isIn(fromMs));
  const users = flats.filter(({ kind }) => kind === 'IM');
  const makers = flats.filter(({ kind }) => kind === 'EX');
  const bySlot = (name: string) => {
    const sums = new Map<number, number>();
    for (const { fromMs, wh } of slotsOf(name)) sums.set(fromMs, (sums.get(fromMs) ?? 0) + wh);
    return sums;
  };
  const used = new Map(users.map(({ name }) => [name, bySlot(name)]));
  const made = new Map(makers.map(({ name }) => [name, bySlot(name)]));
  const total = (all: Map<string, Map<number, number>>, ms: number) => [...all.values()].reduce((sum, one) => sum + (one.get(ms) ?? 0), 0);

  return users.map((flat) => {
    const ownWh = Object.fromEntries(makers.map(({ name }) => [name, 0]));
    for (const [ms, wh] of used.get(flat.name) ?? []) {
      const load = total(used, ms);
      const generation = total(made, ms);
      if (load <= 0 || generation <= 0) continue;
      for (const { name } of makers) {
        const given = (made.get(name)?.get(ms) ?? 0) * Math.min(1, load / generation);
        ownWh[name] = (ownWh[name] ?? 0) + (wh / load) * given;
      }
    }
    const consumptionWh = consumptionOf(flat, slotsOf(flat.name), isIn, mistakes);
    const times = flat.readings.filter(({ ms }) => isIn(ms)).map(({ ms }) => ms);
    // An hour of the wall clock that is there twice overwrites itself, one that is not there is missing.
    const missing = mistakes.has('days of 96')
      ? days * 96 - new Set(times.map(onTheWall)).size
      : (span.toMs - span.fromMs) / SLOT_MS - new Set(times).size;
    return { name: flat.name, missing, consumptionWh, ownWh, gridWh: consumptionWh - Object.values(ownWh).reduce((a, b) => a + b, 0) };
  });
}

function consumptionOf(flat: OldFlat, inMonth: readonly Delta[], isIn: (ms: number) => boolean, mistakes: ReadonlySet<Mistake>): number {
  const sorted = flat.readings.toSorted((a, b) => a.ms - b.ms);
  const last = sorted.findLast(({ ms }) => isIn(ms));
  const before = sorted.findLast(({ ms }) => last !== undefined && ms < last.ms && !isIn(ms));
  if (mistakes.has('counter from before it hung') && before === undefined) return last?.wh ?? 0;
  const startMs = sorted.find(({ ms }) => isIn(ms))?.ms ?? 0;
  const deltas = mistakes.has('slot late')
    ? deltasOf(flat, mistakes).filter(({ toMs }) => toMs <= (last?.ms ?? 0) && toMs >= startMs && (toMs > startMs || before !== undefined))
    : inMonth;
  return deltas.reduce((sum, { wh }) => sum + wh, 0);
}
