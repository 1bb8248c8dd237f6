import type { FlatSettlement, ProducerSettlement, Settlement } from './settlement.ts';

/** A cell of the monthly sheet; times are moments. */
export type SheetCell =
  | { kind: 'text'; text: string }
  | { kind: 'kwh'; wh: number }
  | { kind: 'count'; count: number }
  | { kind: 'moment'; ms: number }
  | null;

export interface CounterAt {
  atMs: number;
  wh: number;
}

/** A meter that hung in the flat in this month; the one that hangs there last comes first. */
export interface MeterOfSheet {
  serial: string;
  from: CounterAt | null;
  to: CounterAt | null;
}

export interface MonthlySheet {
  heading: string[];
  /** Who uses. */
  flats: SheetCell[][];
  /** Who produces: only the first columns. */
  producers: SheetCell[][];
}

/** The columns of the predecessor's sheet `Abrechnung`, in its words and order: what reads them by name goes on reading. */
const HEADING = [
  'ID',
  'Bezug',
  'SN',
  'Zählerstand',
  'Uhrzeit',
  'fehlende Werte',
  'Vormonat',
  'Uhrzeit Vormonat',
  'Verbrauch',
  'Anteil Versorger',
];
const NO_DATA = 'keine Daten';

const text = (value: string): SheetCell => ({ kind: 'text', text: value });
const energy = (wh: number | null): SheetCell => (wh === null ? text(NO_DATA) : { kind: 'kwh', wh });

/** A producer who is called as another column gets his number with it, for a column that is read by name must be the only one. */
function producerHeadings(producers: readonly ProducerSettlement[]): string[] {
  const taken = new Set(HEADING.map((name) => name.toLowerCase()));
  return producers.map(({ id, name }) => {
    const heading = taken.has(name.toLowerCase()) ? `${name} (${id})` : name;
    taken.add(heading.toLowerCase());
    return heading;
  });
}

function counterCells(meter: MeterOfSheet | undefined): { last: SheetCell[]; first: SheetCell[] } {
  const cells = (counter: CounterAt | null): SheetCell[] =>
    counter === null ? [text(NO_DATA), null] : [energy(counter.wh), { kind: 'moment', ms: counter.atMs }];
  return { last: cells(meter?.to ?? null), first: meter?.from ? cells(meter.from) : [null, null] };
}

function flatRows(flat: FlatSettlement, meters: readonly MeterOfSheet[]): SheetCell[][] {
  const [newest, ...former] = meters;
  const { last, first } = counterCells(newest);
  const named = [{ kind: 'count', count: flat.id } as const, text(flat.name)];
  return [
    [
      ...named,
      text(newest?.serial ?? ''),
      ...last,
      { kind: 'count', count: flat.unreadSlots },
      ...first,
      energy(flat.consumptionWh),
      ...(flat.consumptionWh === null ? [null] : [energy(flat.gridWh)]),
      ...(flat.consumptionWh === null ? [] : flat.ownWh.map((wh) => energy(wh))),
    ],
    // The counters of a meter that was exchanged stand below, and the flat's energy once.
    ...former.map((meter): SheetCell[] => {
      const counters = counterCells(meter);
      return [...named, text(meter.serial), ...counters.last, null, ...counters.first];
    }),
  ];
}

function producerRows(producer: ProducerSettlement, meters: readonly MeterOfSheet[]): SheetCell[][] {
  const named = [{ kind: 'count', count: producer.id } as const, text(producer.name)];
  const unread: SheetCell = { kind: 'count', count: producer.unreadSlots };
  if (meters.length === 0) return [[...named, text(''), text(NO_DATA), null, unread]];
  return meters.map((meter, index) => [...named, text(meter.serial), ...counterCells(meter).last, index === 0 ? unread : null]);
}

export function monthlySheet(settlement: Settlement, metersOf: ReadonlyMap<number, readonly MeterOfSheet[]>): MonthlySheet {
  return {
    heading: [...HEADING, ...producerHeadings(settlement.producers)],
    flats: settlement.flats.flatMap((flat) => flatRows(flat, metersOf.get(flat.id) ?? [])),
    producers: settlement.producers
      .filter(({ inSight }) => inSight)
      .flatMap((producer) => producerRows(producer, metersOf.get(producer.id) ?? [])),
  };
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The predecessor's pattern: the month that is settled and when the file was made, by the building's clocks. */
export function sheetFileName(month: string, madeAt: string, format: 'csv' | 'xlsx'): string {
  return `mmetering_${MONTHS[Number(month.slice(5)) - 1] ?? ''}${madeAt.replace(/\D/g, '')}.${format}`;
}
