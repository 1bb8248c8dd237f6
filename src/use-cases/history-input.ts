import { camelName, QUANTITIES } from '../domain/quantity.ts';
import { say } from '../domain/refusal.ts';
import { InvalidInput } from '../errors.ts';

export interface HistoryInput {
  /** `3:activePowerTotal,17:voltageL1`. */
  series: string;
  from?: string | undefined;
  to?: string | undefined;
  /** How many buckets a long time is told in. */
  columns: number;
}

export interface WantedSeries {
  meterId: number;
  /** As it was asked for. */
  quantity: string;
  /** As it is stored: a standard quantity, or what a model names besides. */
  name: string;
}

const MOST_SERIES = 24;
const SERIES = /^([1-9]\d{0,9}):([A-Za-z][A-Za-z0-9_]{0,63})$/;
const EXTRA = /^[a-z][a-z0-9_]*$/;
const BY_NAME = new Map(QUANTITIES.flatMap((name) => [[name as string, name] as const, [camelName(name), name] as const]));

/** Of a standard quantity in either way of writing; any other name as it is. */
export function storedName(quantity: string): string {
  return BY_NAME.get(quantity) ?? quantity;
}

export function seriesIn(text: string): WantedSeries[] {
  const wanted = [...new Set(text.split(','))].map((part): WantedSeries => {
    const [, meterId, quantity = ''] = SERIES.exec(part.trim()) ?? [];
    const name = storedName(quantity);
    if (meterId === undefined || !EXTRA.test(name)) {
      throw new InvalidInput({ series: say('notSeries') });
    }
    return { meterId: Number(meterId), quantity, name };
  });
  if (wanted.length > MOST_SERIES) throw new InvalidInput({ series: say('tooManySeries', MOST_SERIES) });
  return wanted;
}
