import { useEffect, useState } from 'preact/hooks';
import { withReadings, withStates, type Meter } from './building.ts';
import { listenLive } from './live.ts';
import { useLoad, type Loaded } from './use-load.ts';

export interface LiveMeters extends Loaded<Meter[]> {
  /** Null before the first connection. */
  connected: boolean | null;
}

// The server knows each meter's rhythm, so it says which values have become too old.
const READ_AGAIN_MS = 60_000;

/** Meters that move: kept up by news, read again now and then, and after a lost connection. */
export function useLiveMeters(key: string | number | null, read: () => Promise<Meter[]>): LiveMeters {
  const loaded = useLoad(key, read);
  const [meters, setMeters] = useState<Meter[] | null>(null);
  const [connected, setConnected] = useState<boolean | null>(null);
  const { data, reload } = loaded;
  useEffect(() => setMeters(data), [data]);
  useEffect(() => {
    const timer = setInterval(reload, READ_AGAIN_MS);
    const stop = listenLive({
      onReadings: (readings) => setMeters((before) => before && withReadings(before, readings)),
      onStates: (states) => setMeters((before) => before && withStates(before, states)),
      onReturn: reload,
      onConnected: setConnected,
    });
    return () => {
      clearInterval(timer);
      stop();
    };
  }, [reload]);
  return { ...loaded, data: data && meters, connected };
}
