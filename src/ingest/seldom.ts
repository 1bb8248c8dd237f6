const KEYS_AT_MOST = 10_000;

/** True at most once per key and period: what somebody does wrong all the time is told now and then. */
export function makeSeldom(periodMs: number, nowMs: () => number): (key: string) => boolean {
  const told = new Map<string, number>();
  return (key) => {
    const now = nowMs();
    const last = told.get(key);
    if (last !== undefined && now - last < periodMs) return false;
    if (told.size >= KEYS_AT_MOST) told.clear();
    told.set(key, now);
    return true;
  };
}
