import { Temporal } from 'temporal-polyfill';
import type { Span } from './gap.ts';

export const QUARTER_HOUR_MS = 15 * 60_000;
const BARE_DATE = /^\d{4}-\d{2}-\d{2}$/;
/** What every part of the house can hold: from here to before the other. */
export const EARLIEST_MS = Date.UTC(1970, 0, 1);
export const LATEST_MS = Date.UTC(2200, 0, 1);

/** A zone of the IANA list, such as Europe/Berlin; a mere offset is none. */
export function isZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    return Temporal.Now.zonedDateTimeISO(name).timeZoneId.length > 0;
  } catch {
    return false;
  }
}

function startOfDay(date: Temporal.PlainDate, zone: string): number {
  return date.toZonedDateTime(zone).epochMilliseconds;
}

/** The first moment of a local date. */
export function dayStart(day: string, zone: string): number {
  return startOfDay(Temporal.PlainDate.from(day), zone);
}

/** When the clocks of a zone show this time of a day; where they jump over it, as much later. */
export function momentOn(day: string, hour: number, zone: string): number {
  return Temporal.PlainDate.from(day).toZonedDateTime({ timeZone: zone, plainTime: { hour } }).epochMilliseconds;
}

/** The local day: 23, 24 or 25 hours. */
export function dayBounds(day: string, zone: string): Span {
  const date = Temporal.PlainDate.from(day);
  return { fromMs: startOfDay(date, zone), toMs: startOfDay(date.add({ days: 1 }), zone) };
}

/** The local date of an instant, such as 2026-03-29. */
export function localDay(ms: number, zone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone).toPlainDate().toString();
}

/** The beginnings of a local day's quarter hours: 92, 96 or 100 of them. */
export function quarterHours(day: string, zone: string): number[] {
  const { fromMs, toMs } = dayBounds(day, zone);
  return Array.from({ length: Math.ceil((toMs - fromMs) / QUARTER_HOUR_MS) }, (_, i) => fromMs + i * QUARTER_HOUR_MS);
}

export function isDay(text: string): boolean {
  return BARE_DATE.test(text) && parseMoment(text, 'UTC') !== null;
}

/** ISO 8601 with an offset, or a bare date: the beginning of that day in the zone. Null when it is neither. */
export function parseMoment(text: string, zone: string): number | null {
  try {
    const ms = BARE_DATE.test(text) ? startOfDay(Temporal.PlainDate.from(text), zone) : Temporal.Instant.from(text).epochMilliseconds;
    return ms >= EARLIEST_MS && ms < LATEST_MS ? ms : null;
  } catch {
    return null;
  }
}

/** The 31st of January and a month is the last day of February. */
export function addToDay(day: string, span: { months?: number; days?: number }): string {
  return Temporal.PlainDate.from(day).add(span).toString();
}

export function daysBetween(fromDay: string, toDay: string): number {
  return Temporal.PlainDate.from(fromDay).until(Temporal.PlainDate.from(toDay), { largestUnit: 'day' }).days;
}

/** What the calendar and the clock on the wall say: weekdays are 1 (Monday) to 7, minutes count from the midnight shown. */
export interface LocalTime {
  day: string;
  weekday: number;
  minute: number;
}

export function localTime(ms: number, zone: string): LocalTime {
  const at = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone);
  return { day: at.toPlainDate().toString(), weekday: at.dayOfWeek, minute: at.hour * 60 + at.minute };
}

/** A time in which the clocks of a zone are the same distance from UTC. */
export interface Stretch extends Span {
  offsetMs: number;
}

/** A span by the distance of its clocks from UTC: one stretch, and one more for each switch. */
export function stretches({ fromMs, toMs }: Span, zone: string): Stretch[] {
  const found: Stretch[] = [];
  for (let startMs = fromMs; startMs < toMs;) {
    const here = Temporal.Instant.fromEpochMilliseconds(startMs).toZonedDateTimeISO(zone);
    const endMs = Math.min(here.getTimeZoneTransition('next')?.epochMilliseconds ?? toMs, toMs);
    const offsetMs = here.offsetNanoseconds / 1_000_000;
    const last = found.at(-1);
    // A zone may change its name without moving its clocks.
    if (last?.offsetMs === offsetMs) last.toMs = endMs;
    else found.push({ fromMs: startMs, toMs: endMs, offsetMs });
    startMs = endMs;
  }
  return found;
}
