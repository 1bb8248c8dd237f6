import type { Permission } from './permission.ts';

/** What a receiver can be told of. */
export const WEBHOOK_EVENTS = ['bill.issued', 'incident.opened', 'incident.closed', 'day.values'] as const;
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];
/** `test`: because somebody asked for it. */
export type DeliveryType = WebhookEvent | 'test';

/** What one must be able to read oneself, to let somebody else be told of it. */
export const READ_OF_EVENT: Readonly<Record<WebhookEvent, Permission>> = {
  'bill.issued': 'bill:read',
  'incident.opened': 'incident:read',
  'incident.closed': 'incident:read',
  'day.values': 'reading:read',
};

/** So many events one request holds at most; the values of a day are cut into pieces before. */
export const EVENTS_AT_ONCE: Readonly<Record<DeliveryType, number>> = {
  'bill.issued': 100,
  'incident.opened': 500,
  'incident.closed': 500,
  'day.values': 1,
  test: 1,
};
/** So many points one piece of a day's values holds at most. */
export const POINTS_AT_ONCE = 500;

/** In the order of the vocabulary, each once. */
export function joinEvents(events: readonly WebhookEvent[]): string {
  return WEBHOOK_EVENTS.filter((event) => events.includes(event)).join(',');
}

export function splitEvents(stored: string): WebhookEvent[] {
  const names = stored.split(',');
  return WEBHOOK_EVENTS.filter((event) => names.includes(event));
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** A little more than a day in all. */
const PAUSES_MS = [5 * SECOND, MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 4 * HOUR, 8 * HOUR, 10 * HOUR];

/** How long to wait after so many attempts that failed; null: it is given up. */
export function pauseAfter(attempts: number, type: DeliveryType): number | null {
  // Whoever sends a test looks at what came of it.
  return type === 'test' ? null : (PAUSES_MS[attempts - 1] ?? null);
}

/** One thing that was told, in the shapes of REST. */
export interface ToldEvent {
  at: Date;
  data: unknown;
}

/** What a receiver is sent: the same bytes at each attempt. */
export function webhookBody(type: DeliveryType, buildingId: number, events: readonly ToldEvent[]): string {
  const newest = Math.max(...events.map(({ at }) => at.getTime()));
  const items = events.map(({ data }) => data);
  const data = type === 'day.values' ? items[0] : { buildingId, items: type === 'test' ? [] : items };
  return JSON.stringify({ type, timestamp: new Date(newest).toISOString(), data });
}

/** What is signed, as Standard Webhooks 1.0.0 has it. */
export function signedText({ uid, timestampS, body }: { uid: string; timestampS: number; body: string }): string {
  return `${uid}.${timestampS}.${body}`;
}
