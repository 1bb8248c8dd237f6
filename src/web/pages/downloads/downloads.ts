import { addToDay, isDay } from '../../../domain/time-bucket.ts';
import type { Report } from '../../../generated/api-client.ts';
import { all, api } from '../../data/api.ts';
import type { Me } from '../../data/session.ts';

export interface DownloadBuilding {
  id: number;
  name: string;
  zone: string;
}

export type Kind = Report['what'];
export type Bucket = 'quarter' | 'hour' | 'day' | 'month';
export type Format = 'xlsx' | 'csv' | 'semicolon' | 'ndjson' | 'json';

export interface Wish {
  what: Kind;
  month: string;
  firstDay: string;
  /** The last day, as people say it. */
  lastDay: string;
  bucket: Bucket;
  format: Format;
}

export type Asked = Parameters<typeof api.requestReport>[1];

/** Staff choose among the buildings they see, a tenant among those of the own flats. */
export async function readDownloadBuildings({ permissions }: Me): Promise<DownloadBuilding[]> {
  const given = permissions.includes('building:read') ? await all((cursor) => api.listBuildings({ limit: 500, ...cursor })) : [];
  const own = permissions.includes('own:read') ? await all((cursor) => api.listFlats({ limit: 500, ...cursor })) : [];
  const found = [
    ...given.map(({ id, name, zone }): DownloadBuilding => ({ id, name, zone })),
    ...own.map(({ buildingId: id, buildingName: name, zone }): DownloadBuilding => ({ id, name, zone })),
  ];
  return [...new Map(found.map((building) => [building.id, building])).values()];
}

/** What was asked for by this person, the newest first. */
export async function readOwnReports(): Promise<Report[]> {
  return (await all((cursor) => api.listReports({ limit: 500, mine: 'true', ...cursor }))).toReversed();
}

export function isUnderWay({ state }: Pick<Report, 'state'>): boolean {
  return state === 'waiting' || state === 'running';
}

/** The month before the one of this day. */
export function lastMonth(today: string): Pick<Wish, 'month' | 'firstDay' | 'lastDay'> {
  const first = `${today.slice(0, 8)}01`;
  const firstDay = addToDay(first, { months: -1 });
  return { month: firstDay.slice(0, 7), firstDay, lastDay: addToDay(first, { days: -1 }) };
}

/** As the API takes it; null: the days or the month cannot be meant. */
export function askedFor({ what, month, firstDay, lastDay, bucket, format }: Wish): Asked | null {
  const file: Asked = format === 'semicolon' ? { what, format: 'csv', separator: ';' } : { what, format };
  if (what === 'settlement') return /^\d{4}-\d{2}$/.test(month) ? { ...file, month } : null;
  if (!isDay(firstDay) || !isDay(lastDay) || lastDay < firstDay) return null;
  const days = { from: firstDay, to: addToDay(lastDay, { days: 1 }) };
  return { ...file, ...days, ...(what === 'energy' || what === 'split' ? { bucket } : {}) };
}
