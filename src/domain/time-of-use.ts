import { addToDay, type LocalTime } from './time-bucket.ts';

/** Weekdays are 1 (Monday) to 7; minutes count from the local midnight. `from` after `to` goes over midnight. */
export interface Band {
  name: string;
  weekdays: number[];
  fromMinute: number;
  toMinute: number;
}

export const ITALIAN_BANDS = ['F1', 'F2', 'F3'] as const;

const CLOCK = /^([01]\d|2[0-3]):([0-5]\d)$/;
const MIDNIGHT = '24:00';
const DAY_MINUTES = 24 * 60;

/** `22:30`, and `24:00` for the end of the day; null when it is no time. */
export function parseClock(text: string): number | null {
  if (text === MIDNIGHT) return DAY_MINUTES;
  const match = CLOCK.exec(text);
  return match ? Number(match[1]) * 60 + Number(match[2]) : null;
}

/** The first band that holds; null outside all of them. The part after midnight has the weekday of its own day. */
export function bandAt(bands: readonly Band[], { weekday, minute }: LocalTime): string | null {
  const holds = ({ weekdays, fromMinute, toMinute }: Band) =>
    weekdays.includes(weekday) &&
    (fromMinute < toMinute ? fromMinute <= minute && minute < toMinute : minute >= fromMinute || minute < toMinute);
  return bands.find(holds)?.name ?? null;
}

const FIXED_HOLIDAYS = new Set(['01-01', '01-06', '04-25', '05-01', '06-02', '08-15', '11-01', '12-08', '12-25', '12-26']);

/**
 * The bands of the Italian regulator (ARERA, delibera 181/06): F1 Monday to Friday 8 to 19; F2 Monday to Friday 7 to 8
 * and 19 to 23, Saturday 7 to 23; F3 the nights, Sundays and holidays.
 */
export function italianBand({ day, weekday, minute }: LocalTime): (typeof ITALIAN_BANDS)[number] {
  const hour = Math.floor(minute / 60);
  if (weekday === 7 || hour < 7 || hour >= 23 || isItalianHoliday(day)) return 'F3';
  return weekday < 6 && hour >= 8 && hour < 19 ? 'F1' : 'F2';
}

function isItalianHoliday(day: string): boolean {
  if (FIXED_HOLIDAYS.has(day.slice(5))) return true;
  return easterMonday(Number(day.slice(0, 4))) === day;
}

// Asked for every hour of years.
const EASTER_MONDAYS = new Map<number, string>();

function easterMonday(year: number): string {
  const known = EASTER_MONDAYS.get(year) ?? addToDay(easterSunday(year), { days: 1 });
  EASTER_MONDAYS.set(year, known);
  return known;
}

/** Meeus/Jones/Butcher, for the Gregorian calendar. */
function easterSunday(year: number): string {
  const golden = year % 19;
  const century = Math.floor(year / 100);
  const ofCentury = year % 100;
  const correction = Math.floor((century - Math.floor((century + 8) / 25) + 1) / 3);
  const epact = (19 * golden + century - Math.floor(century / 4) - correction + 15) % 30;
  const weekday = (32 + 2 * (century % 4) + 2 * Math.floor(ofCentury / 4) - epact - (ofCentury % 4)) % 7;
  const late = Math.floor((golden + 11 * epact + 22 * weekday) / 451);
  const days = epact + weekday - 7 * late + 114;
  return `${year}-0${Math.floor(days / 31)}-${String((days % 31) + 1).padStart(2, '0')}`;
}
