/** What was sent and what was answered, by way; and each thing that must not happen, once. */
export interface Tally {
  sent(way: string): void;
  answered(way: string, status: number): void;
  fail(problem: string): void;
  rows(seconds: number): Record<string, string | number>[];
  failures(): string[];
}

interface Counts {
  sent: number;
  statuses: Map<string, number>;
}

const MOST_FAILURES = 100;

function classOf(status: number): string {
  if (status === 0) return 'cut off';
  return status === 500 || status === 503 ? String(status) : `${Math.floor(status / 100)}xx`;
}

export function makeTally(): Tally {
  const ways = new Map<string, Counts>();
  const failures = new Set<string>();
  const of = (way: string): Counts => {
    const counts = ways.get(way) ?? { sent: 0, statuses: new Map() };
    ways.set(way, counts);
    return counts;
  };
  return {
    sent(way) {
      of(way).sent += 1;
    },
    answered(way, status) {
      const counts = of(way);
      counts.sent += 1;
      counts.statuses.set(classOf(status), (counts.statuses.get(classOf(status)) ?? 0) + 1);
    },
    fail(problem) {
      if (failures.size < MOST_FAILURES) failures.add(problem);
    },
    rows: (seconds) =>
      [...ways.entries()]
        .toSorted(([a], [b]) => a.localeCompare(b))
        .map(([way, { sent, statuses }]) => ({
          way,
          sent,
          'a second': Math.round(sent / seconds),
          ...Object.fromEntries([...statuses.entries()].toSorted(([a], [b]) => a.localeCompare(b))),
        })),
    failures: () => [...failures],
  };
}
