/** What is kept, and for how long. */
export const KEPT_KINDS = [
  'readings',
  'intervals',
  'activities',
  'mails',
  'incidents',
  'notifications',
  'messages',
  'quarantine',
  'deliveries',
] as const;
export type KeptKind = (typeof KEPT_KINDS)[number];

/** Whole months, or for ever. */
export type KeptMonths = number | 'forever';

export interface KeptSpec {
  label: string;
  /** What goes, and what stays all the same. */
  about: string;
  standard: KeptMonths;
  /** Less is not offered. */
  least: number;
}

export const MOST_MONTHS = 1_200;

export const KEPT: Readonly<Record<KeptKind, KeptSpec>> = {
  readings: {
    label: 'Readings and gaps',
    about:
      'Every value that a meter answered, and why one is missing. Without them energy can no longer be made anew or corrected. The counters that a bill shows stay as long as the bill.',
    standard: 'forever',
    least: 3,
  },
  intervals: {
    label: 'Energy by the quarter hour',
    about:
      'What bills are made from. Bills keep their own quarter hours; hours, days and months stay. No bill can be made or corrected for days without them.',
    standard: 'forever',
    least: 13,
  },
  activities: { label: 'Activities', about: 'Who did what.', standard: 120, least: 12 },
  mails: { label: 'Mails that were sent', about: 'The copies in the outbox; what waits stays.', standard: 12, least: 1 },
  incidents: { label: 'Closed incidents', about: 'What was wrong, from when to when; open ones stay.', standard: 60, least: 3 },
  notifications: {
    label: 'Notices',
    about: 'What people were told, such as an hour over its limit, and who has read it. The energy it rests on stays.',
    standard: 24,
    least: 1,
  },
  // The least is longer than a message may come late: one that was dropped is not taken for a new one.
  messages: {
    label: 'Pushed messages',
    about: 'Every message as it came, of which a reading or alarms were made, or which was only noted. What was made of them stays.',
    standard: 24,
    least: 3,
  },
  quarantine: {
    label: 'Refused and waiting messages',
    about: 'Messages that were refused, and those of senders that nobody has adopted. What is gone can no longer be replayed.',
    standard: 6,
    least: 2,
  },
  deliveries: {
    label: 'Deliveries of webhooks',
    about: 'What receivers were told and what they answered; what waits stays. What is gone can no longer be sent again.',
    standard: 3,
    least: 1,
  },
};

/** As the setting has it; null for what no setting can be. */
export function parseKept(kind: KeptKind, text: string | null): KeptMonths {
  if (text === 'forever') return 'forever';
  const months = Number(text ?? Number.NaN);
  return Number.isSafeInteger(months) && months >= KEPT[kind].least && months <= MOST_MONTHS ? months : KEPT[kind].standard;
}

export function isShorter(a: KeptMonths, b: KeptMonths): boolean {
  return a !== 'forever' && (b === 'forever' || a < b);
}

/** What lies before this goes: whole months only, in UTC. Null when nothing does. */
export function cutoffOf(kept: KeptMonths, nowMs: number): number | null {
  if (kept === 'forever') return null;
  const now = new Date(nowMs);
  return Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - kept);
}

export function sayKept(kept: KeptMonths): string {
  return kept === 'forever' ? 'for ever' : kept === 1 ? '1 month' : `${kept} months`;
}
