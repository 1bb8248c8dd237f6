import { formatMicro, type Micro } from './money.ts';
import { addToDay, dayStart, localDay } from './time-bucket.ts';
import type { BillWords } from './bill-words.ts';

export interface BillFormat {
  money(micro: Micro): string;
  price(micro: Micro): string;
  quantity(micro: Micro): string;
  kwh(wh: number): string;
  percent(value: number): string;
  rate(basisPoints: number): string;
  count(value: number): string;
  /** A local day. */
  day(day: string): string;
  /** The local day of a moment. */
  dayOf(ms: number): string;
  /** A moment as a day, with its clock time where no day begins then. */
  moment(ms: number): string;
  /** From the first to the last day or moment. */
  span(fromMs: number, toMs: number): string;
  /** The days [from, to). */
  days(from: string, to: string): [string, string];
}

/** How the numbers of a bill are written in its language. Decimals are written exactly, never by way of a float. */
export function billFormat({ locale }: Pick<BillWords, 'locale'>, { zone, currency }: { zone: string; currency: string }): BillFormat {
  const money = new Intl.NumberFormat(locale, { style: 'currency', currency, minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const price = new Intl.NumberFormat(locale, { style: 'currency', currency, minimumFractionDigits: 2, maximumFractionDigits: 6 });
  const quantity = new Intl.NumberFormat(locale, { maximumFractionDigits: 3 });
  const kwh = new Intl.NumberFormat(locale, { minimumFractionDigits: 3, maximumFractionDigits: 3 });
  const oneDigit = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const rate = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });
  const count = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' });
  const moment = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone: zone });
  const exactly = (format: Intl.NumberFormat, micro: Micro) => format.format(formatMicro(micro) as Intl.StringNumericLiteral);
  const sayDay = (text: string) => day.format(Date.parse(`${text}T00:00:00Z`));
  const beginsDay = (ms: number) => dayStart(localDay(ms, zone), zone) === ms;
  const sayMoment = (ms: number) => (beginsDay(ms) ? sayDay(localDay(ms, zone)) : moment.format(ms));
  return {
    money: (micro) => exactly(money, micro),
    price: (micro) => exactly(price, micro),
    quantity: (micro) => exactly(quantity, micro),
    kwh: (wh) => `${kwh.format(wh / 1_000)}\u00a0kWh`,
    percent: (value) => `${oneDigit.format(value)}\u00a0%`,
    rate: (basisPoints) => `${rate.format(basisPoints / 100)}\u00a0%`,
    count: (value) => count.format(value),
    day: sayDay,
    dayOf: (ms) => sayDay(localDay(ms, zone)),
    moment: sayMoment,
    span: (fromMs, toMs) => {
      const end = beginsDay(toMs) ? sayDay(addToDay(localDay(toMs, zone), { days: -1 })) : moment.format(toMs);
      return `${sayMoment(fromMs)} – ${end}`;
    },
    days: (from, to) => [sayDay(from), sayDay(addToDay(to, { days: -1 }))],
  };
}
