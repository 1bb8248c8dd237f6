import { locale } from './words.ts';

const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
const oneDigit = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const twoDigits = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 });

export interface Amount {
  number: string;
  unit: string;
}

/** Three digits that matter: 480 W, 4.80 kW, 48.0 kW. */
export function formatPower(powerW: number): Amount {
  const size = Math.abs(powerW);
  if (size < 999.5) return { number: whole.format(Math.round(powerW) || 0), unit: 'W' };
  return { number: (size < 9_995 ? twoDigits : oneDigit).format(powerW / 1_000), unit: 'kW' };
}

export function sayPower(powerW: number): string {
  const { number, unit } = formatPower(powerW);
  return `${number} ${unit}`;
}

export function formatEnergy(wh: number): Amount {
  return { number: (Math.abs(wh) < 9_995 ? twoDigits : oneDigit).format(wh / 1_000), unit: 'kWh' };
}

export function sayEnergy(wh: number): string {
  const { number, unit } = formatEnergy(wh);
  return `${number} ${unit}`;
}

const percent = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
const change = new Intl.NumberFormat(locale, { maximumFractionDigits: 0, signDisplay: 'exceptZero' });

/** A part of one. */
export function formatShare(share: number): Amount {
  return { number: percent.format(share * 100), unit: '%' };
}

/** How much more or less than before, with its sign. */
export function formatChange(now: number, before: number): Amount {
  return { number: change.format((now / before - 1) * 100), unit: '%' };
}

export function sayTime(ms: number, zone: string): string {
  return new Intl.DateTimeFormat(locale, { timeZone: zone, hour: '2-digit', minute: '2-digit' }).format(ms);
}

function dayOf(ms: number, zone: string): string {
  return new Intl.DateTimeFormat(locale, { timeZone: zone, dateStyle: 'short' }).format(ms);
}

/** What belongs to no building is told on the clocks of whoever looks. */
export function ownZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** The time alone today, with its day before. */
export function sayMoment(ms: number, nowMs: number, zone: string): string {
  const time = sayTime(ms, zone);
  if (dayOf(ms, zone) === dayOf(nowMs, zone)) return time;
  const day = new Intl.DateTimeFormat(locale, { timeZone: zone, day: 'numeric', month: 'short' }).format(ms);
  return `${day}, ${time}`;
}

export function sayDate(ms: number, zone: string): string {
  return new Intl.DateTimeFormat(locale, { timeZone: zone, weekday: 'long', day: 'numeric', month: 'long' }).format(ms);
}

const SHORT_DAY = { weekday: 'short', day: 'numeric', month: 'short' } as const;
const TIME = { hour: '2-digit', minute: '2-digit' } as const;

/** When a slot begins, as far as it must be said. */
export function saySlot(ms: number, zone: string, part: 'time' | 'day' | 'both' | 'year'): string {
  const year = part === 'year' ? ({ year: 'numeric' } as const) : {};
  const shown = { ...(part === 'time' ? {} : SHORT_DAY), ...year, ...(part === 'day' ? {} : TIME) };
  return new Intl.DateTimeFormat(locale, { timeZone: zone, ...shown }).format(ms);
}

export function sayShortDay(ms: number, zone: string): string {
  return new Intl.DateTimeFormat(locale, { timeZone: zone, day: 'numeric', month: 'short' }).format(ms);
}

export function sayShortMonth(ms: number, zone: string): string {
  return new Intl.DateTimeFormat(locale, { timeZone: zone, month: 'short', year: 'numeric' }).format(ms);
}

const days = new Intl.NumberFormat(locale, { style: 'unit', unit: 'day', unitDisplay: 'long' });

/** January is 1. */
export function sayMonthName(month: number, form: 'narrow' | 'short' | 'long'): string {
  return new Intl.DateTimeFormat(locale, { timeZone: 'UTC', month: form }).format(Date.UTC(2026, month - 1, 1));
}

export function sayEnergyPerArea(whPerM2: number): string {
  return `${twoDigits.format(whPerM2 / 1_000)} kWh/m²`;
}

/** A clock that runs behind the server's must not show a value from the future. */
export function sayAge(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : days.format(Math.round(hours / 24));
}

export function sayNumber(count: number): string {
  return whole.format(count);
}

const SIZES = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;

/** Of a file: 812 byte, 4.3 MB. */
export function sayBytes(bytes: number): string {
  const step = Math.min(SIZES.length - 1, bytes < 1_000 ? 0 : Math.floor(Math.log10(bytes) / 3));
  const digits = step === 0 ? 0 : 1;
  return new Intl.NumberFormat(locale, { style: 'unit', unit: SIZES[step] ?? 'byte', maximumFractionDigits: digits }).format(
    bytes / 1_000 ** step,
  );
}

export function sayDay(ms: number, zone: string): string {
  return new Intl.DateTimeFormat(locale, { timeZone: zone, dateStyle: 'medium' }).format(ms);
}

/** From the first to the last day; a whole month by its name. */
export function sayPeriod(fromMs: number, toMs: number, zone: string): string {
  const day = new Intl.DateTimeFormat(locale, { timeZone: zone, day: 'numeric' });
  const month = new Intl.DateTimeFormat(locale, { timeZone: zone, month: 'long', year: 'numeric' });
  const isMonth = day.format(fromMs) === '1' && day.format(toMs) === '1' && month.format(fromMs) === month.format(toMs - 1);
  if (isMonth) return month.format(fromMs);
  return new Intl.DateTimeFormat(locale, { timeZone: zone, dateStyle: 'medium' }).formatRange(fromMs, toMs - 1);
}

/** A decimal number as it came: never by way of a float. */
export function sayMoney(amount: string, currency: string): string {
  const money = new Intl.NumberFormat(locale, { style: 'currency', currency, minimumFractionDigits: 2, maximumFractionDigits: 2 });
  return money.format(amount as Intl.StringNumericLiteral);
}

const threeDigits = new Intl.NumberFormat(locale, { minimumFractionDigits: 3, maximumFractionDigits: 3 });
const free = new Intl.NumberFormat(locale, { maximumFractionDigits: 3 });
const DIGITS: Readonly<Record<string, Intl.NumberFormat>> = { V: oneDigit, A: twoDigits, Hz: twoDigits, '': threeDigits, '%': oneDigit };

/** A value of a quantity in its fixed unit, as people write it. */
function formatValue(value: number, unit: string): Amount {
  if (unit === 'Wh') return formatEnergy(value);
  if (unit === 'varh') return { ...formatEnergy(value), unit: 'kvarh' };
  if (unit === 'W' || unit === 'var' || unit === 'VA') {
    const { number, unit: shown } = formatPower(value);
    return { number, unit: shown === 'W' ? unit : `k${unit}` };
  }
  return { number: (DIGITS[unit] ?? free).format(value || 0), unit };
}

export function sayValue(value: number, unit: string): string {
  const { number, unit: shown } = formatValue(value, unit);
  return shown === '' ? number : `${number} ${shown}`;
}

/** With its weekday and its year. */
export function sayFullDay(ms: number, zone: string): string {
  return new Intl.DateTimeFormat(locale, { timeZone: zone, dateStyle: 'full' }).format(ms);
}

export function sayDecimal(value: number, digits: number): string {
  return new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value || 0);
}

export function sayCount(count: number): string {
  return whole.format(count);
}

/** Such as `15 min` or `2 h`. */
export function sayLength(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  const part = (value: number, unit: string) => new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short' }).format(value);
  if (minutes < 120) return part(minutes, 'minute');
  return minutes < 2_880 ? part(Math.round(minutes / 6) / 10, 'hour') : part(Math.round(minutes / 144) / 10, 'day');
}

/** A local day as such: it has no zone. */
export function sayLocal(day: string, part: 'day' | 'short' | 'month' | 'year' | 'dayOfMonth'): string {
  const shown = {
    day: { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' },
    short: { weekday: 'short', day: 'numeric', month: 'short' },
    month: { month: 'long', year: 'numeric' },
    year: { year: 'numeric' },
    dayOfMonth: { day: 'numeric' },
  } as const;
  return new Intl.DateTimeFormat(locale, { timeZone: 'UTC', ...shown[part] }).format(Date.parse(`${day}T12:00:00Z`));
}

/** The days of a week, Monday first. */
export function sayWeekdays(length: 'short' | 'long'): string[] {
  const format = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', weekday: length });
  return Array.from({ length: 7 }, (_, i) => format.format(Date.UTC(2026, 5, 1 + i)));
}

export function sayDayOfMonth(ms: number, zone: string): string {
  return new Intl.NumberFormat(locale).format(Number(new Intl.DateTimeFormat('en', { timeZone: zone, day: 'numeric' }).format(ms)));
}

/** What tells two equal times of a day apart, such as CEST. */
export function sayZone(ms: number, zone: string): string {
  const parts = new Intl.DateTimeFormat(locale, { timeZone: zone, timeZoneName: 'short' }).formatToParts(ms);
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
}

/** On an axis: no more digits than its steps need. */
export function sayKwh(kwh: number, step: number): string {
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return new Intl.NumberFormat(locale, { minimumFractionDigits: kwh === 0 ? 0 : digits, maximumFractionDigits: digits }).format(kwh);
}

/** A price per kWh, with the digits it has. */
export function sayPrice(price: string, currency: string): string {
  const format = new Intl.NumberFormat(locale, { style: 'currency', currency, minimumFractionDigits: 2, maximumFractionDigits: 6 });
  return format.format(price as Intl.StringNumericLiteral);
}
