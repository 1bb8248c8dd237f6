export const NOTIFICATION_KINDS = ['over-limit'] as const;
export type NotificationKind = (typeof NOTIFICATION_KINDS)[number];

/** Of an hour over the limit of a point. */
export interface OverLimit {
  pointId: number;
  /** The end of the hour. */
  toMs: number;
  wh: number;
  limitWh: number;
}

export function subjectOfPoint(pointId: number): string {
  return `point-${pointId}`;
}

/** An hour is news for a day: what is found out later, as from old data, is told nobody. */
export const NEWS_MS = 24 * 3_600_000;
