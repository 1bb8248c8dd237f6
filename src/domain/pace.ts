/** How long the next one has to wait, so that no more than so many come in a second after a burst. */
export function makePace({ perSecond, burst }: { perSecond: number; burst: number }): (nowMs: number) => number {
  const eachMs = 1_000 / perSecond;
  let dueMs = -Infinity;
  return (nowMs) => {
    dueMs = Math.max(nowMs, dueMs) + eachMs;
    return Math.max(0, dueMs - burst * eachMs - nowMs);
  };
}
