import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { toTrouble, type Trouble } from './api.ts';

export interface Loaded<Data> {
  data: Data | null;
  trouble: Trouble | null;
  /** Reads again; what is on the screen stays until the answer is there. */
  reload(): void;
}

/** Reads when `key` changes; the answer to an older question is thrown away. `null` as key: nothing to read yet. */
export function useLoad<Data>(key: string | number | null, read: () => Promise<Data>): Loaded<Data> {
  const [answer, setAnswer] = useState<{ key: typeof key; data: Data | null; trouble: Trouble | null }>({ key, data: null, trouble: null });
  const [round, setRound] = useState(0);
  const reading = useRef(read);
  reading.current = read;
  useEffect(() => {
    if (key === null) return;
    let asked = true;
    reading.current().then(
      (data) => asked && setAnswer({ key, data, trouble: null }),
      (error: unknown) =>
        asked && setAnswer((before) => ({ key, data: before.key === key ? before.data : null, trouble: toTrouble(error) })),
    );
    return () => {
      asked = false;
    };
  }, [key, round]);
  const reload = useCallback(() => setRound((count) => count + 1), []);
  const current = answer.key === key;
  return { data: current ? answer.data : null, trouble: current ? answer.trouble : null, reload };
}
