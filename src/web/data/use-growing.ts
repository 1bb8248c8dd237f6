import { useEffect, useRef } from 'preact/hooks';
import { useClock } from './use-clock.ts';
import { useLoad, type Loaded } from './use-load.ts';

const STEP_MS = 5 * 60_000;
// A slot's last readings come in a moment after it ended.
const SETTLED_AFTER_MS = 30_000;

/** What grows with the day: read again as quarter hours come in. */
export function useGrowing<Data>(key: string | number | null, read: () => Promise<Data>): Loaded<Data> {
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
