import { useEffect, useRef } from 'preact/hooks';
import type { Profile } from './profile.ts';
import { useClock } from './use-clock.ts';
import { useLoad, type Loaded } from './use-load.ts';

const STEP_MS = 5 * 60_000;
// A slot's last readings come in a moment after it ended.
const SETTLED_AFTER_MS = 30_000;

/** A profile that grows with the day. */
export function useProfile(key: string | number | null, read: () => Promise<Profile>): Loaded<Profile> {
  const loaded = useLoad(key, read);
  const step = Math.floor((useClock(10_000) - SETTLED_AFTER_MS) / STEP_MS);
  const readAt = useRef(step);
  const { reload } = loaded;
  useEffect(() => {
    if (readAt.current === step) return;
    readAt.current = step;
    reload();
  }, [step, reload]);
  return loaded;
}
