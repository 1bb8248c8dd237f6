import { forecastMonthWh } from '../../../domain/month-forecast.ts';
import { addToDay, localDay } from '../../../domain/time-bucket.ts';
import { api } from '../../data/api.ts';
import type { Building } from '../../data/building.ts';

export interface MonthOfYears {
  /** 1 to 12. */
  month: number;
  thisYearWh: number | null;
  lastYearWh: number | null;
  /** Of the month that is running: what it comes to if the days to come are as usual. */
  forecastWh: number | null;
  isIncomplete: boolean;
}

export interface Months {
  year: number;
  months: MonthOfYears[];
}

const MONTHS = 12;
const LOOKED_BACK_DAYS = 28;

/** What a building used in each month of this year and the last. */
export async function readMonths({ id: buildingId, zone }: Building, nowMs: number): Promise<Months> {
  const today = localDay(nowMs, zone);
  const year = Number(today.slice(0, 4));
  const running = Number(today.slice(5, 7));
  const firstOfMonth = `${today.slice(0, 8)}01`;
  const since = addToDay(today, { days: -LOOKED_BACK_DAYS });
  const to = addToDay(today, { days: 1 });
  const [months, days] = await Promise.all([
    api.readLoadProfile({ buildingId, from: `${year - 1}-01-01`, to, bucket: 'month' }),
    api.readLoadProfile({ buildingId, from: since < firstOfMonth ? since : firstOfMonth, to, bucket: 'day' }),
  ]);
  const known = new Map(months.items.map((item) => [localDay(Date.parse(item.slot), zone).slice(0, 7), item]));
  const of = (inYear: number, month: number) => known.get(`${inYear}-${String(month).padStart(2, '0')}`);
  const forecastWh = forecastMonthWh(
    days.items.map(({ slot, consumptionWh }) => ({ day: localDay(Date.parse(slot), zone), wh: consumptionWh })),
    today,
  );
  return {
    year,
    months: Array.from({ length: MONTHS }, (_, i) => i + 1).map((month) => ({
      month,
      thisYearWh: of(year, month)?.consumptionWh ?? null,
      lastYearWh: of(year - 1, month)?.consumptionWh ?? null,
      forecastWh: month === running ? forecastWh : null,
      isIncomplete: (of(year, month)?.missing ?? 0) > 0 || (of(year - 1, month)?.missing ?? 0) > 0,
    })),
  };
}
