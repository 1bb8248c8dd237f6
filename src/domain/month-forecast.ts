import { addToDay, daysBetween } from './time-bucket.ts';

export interface DayEnergy {
  day: string;
  /** Null when nothing is known of it. */
  wh: number | null;
}

const LOOKED_BACK_DAYS = 28;
const FEWEST_DAYS = 7;

// A Monday is 0.
const weekdayOf = (day: string) => daysBetween('1970-01-05', day) % 7;

/**
 * What a running month comes to: what was used, and for today and each day to come the mean of its weekday in the four
 * weeks before. Null where fewer than seven of those days are known.
 */
export function forecastMonthWh(days: readonly DayEnergy[], today: string): number | null {
  const since = addToDay(today, { days: -LOOKED_BACK_DAYS });
  const known = days.flatMap(({ day, wh }) => (wh !== null && day >= since && day < today ? [{ weekday: weekdayOf(day), wh }] : []));
  if (known.length < FEWEST_DAYS) return null;
  const mean = (of: readonly { wh: number }[]) => of.reduce((sum, { wh }) => sum + wh, 0) / of.length;
  const usual = (day: string) => {
    const same = known.filter(({ weekday }) => weekday === weekdayOf(day));
    return mean(same.length > 0 ? same : known);
  };
  const month = today.slice(0, 7);
  const soFar = new Map(days.filter(({ day }) => day.startsWith(month)).map(({ day, wh }) => [day, wh]));
  let sum = 0;
  for (let day = `${month}-01`; day.startsWith(month); day = addToDay(day, { days: 1 })) {
    const used = soFar.get(day) ?? null;
    sum += day < today ? (used ?? usual(day)) : Math.max(usual(day), used ?? 0);
  }
  return Math.round(sum);
}
