import { camelName } from '../domain/quantity.ts';
import type { LiveState } from '../queue/live.ts';

/** A reading as the page gets it; quantities in camelCase. */
export interface LiveReadingItem {
  meterId: number;
  at: string;
  takenAt: string;
  values: Record<string, number>;
}

export interface LiveStateItem {
  meterId: number;
  state: LiveState['state'];
  reason: string;
  since: string;
}

export function camelValues(values: Readonly<Record<string, number | undefined>>): Record<string, number> {
  return Object.fromEntries(Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[camelName(name), value]])));
}

export function liveReading(reading: {
  meterId: number;
  atMs: number;
  takenAtMs: number;
  values: Record<string, number>;
}): LiveReadingItem {
  const { meterId, atMs, takenAtMs, values } = reading;
  return { meterId, at: new Date(atMs).toISOString(), takenAt: new Date(takenAtMs).toISOString(), values: camelValues(values) };
}

export function liveState({ meterId, state, reason, sinceMs }: LiveState): LiveStateItem {
  return { meterId, state, reason, since: new Date(sinceMs).toISOString() };
}
