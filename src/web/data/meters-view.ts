import { addToDay, isDay } from '../../domain/time-bucket.ts';

export const METER_FILTERS = ['every', 'silent', 'incomplete'] as const;
export type MeterFilter = (typeof METER_FILTERS)[number];
export const PERIODS = ['day', 'week', 'month'] as const;
export type Period = (typeof PERIODS)[number];

/** What the pages of the meters show, as the address says it. */
export interface MetersView {
  buildingId: number | null;
  /** Null: today. */
  day: string | null;
  show: MeterFilter;
  search: string;
  period: Period;
}

export function metersViewIn(query: URLSearchParams): MetersView {
  const buildingId = query.get('building') ?? '';
  const day = query.get('day') ?? '';
  return {
    buildingId: /^\d{1,9}$/.test(buildingId) ? Number(buildingId) : null,
    day: isDay(day) ? day : null,
    show: METER_FILTERS.find((name) => name === query.get('show')) ?? 'every',
    search: (query.get('q') ?? '').slice(0, 80),
    period: PERIODS.find((name) => name === query.get('period')) ?? 'day',
  };
}

export function metersQueryOf({ buildingId, day, show, search, period }: Partial<MetersView>): string {
  const query = new URLSearchParams();
  if (buildingId != null) query.set('building', String(buildingId));
  if (day != null) query.set('day', day);
  if (show !== undefined && show !== 'every') query.set('show', show);
  if (search) query.set('q', search);
  if (period !== undefined && period !== 'day') query.set('period', period);
  return query.size === 0 ? '' : `?${query.toString()}`;
}

function weekday(day: string): number {
  return (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7;
}

/** The days of the day, the week from Monday on, or the month that a day lies in. */
export function daysOfPeriod(day: string, period: Period): { firstDay: string; endDay: string } {
  switch (period) {
    case 'day':
      return { firstDay: day, endDay: addToDay(day, { days: 1 }) };
    case 'week': {
      const firstDay = addToDay(day, { days: -weekday(day) });
      return { firstDay, endDay: addToDay(firstDay, { days: 7 }) };
    }
    case 'month': {
      const firstDay = `${day.slice(0, 8)}01`;
      return { firstDay, endDay: addToDay(firstDay, { months: 1 }) };
    }
  }
}
