type Values = Record<string, unknown>;

function plain(value: unknown): string {
  return value instanceof Date ? value.toISOString() : typeof value === 'bigint' ? String(value) : JSON.stringify(value ?? null);
}

/** Only what differs, or null when nothing does. */
export function changesOf<T extends object>(before: object, wanted: T): Partial<T> | null {
  const differing = Object.entries(wanted).filter(([key, value]) => value !== undefined && plain(value) !== plain((before as Values)[key]));
  return differing.length === 0 ? null : (Object.fromEntries(differing) as Partial<T>);
}

/** For the activity log: `name: "A" -> "B"`. */
export function describeChanges(before: object, changes: object): string {
  return Object.entries(changes)
    .map(([key, value]) => `${key}: ${plain((before as Values)[key])} -> ${plain(value)}`)
    .join(', ');
}
