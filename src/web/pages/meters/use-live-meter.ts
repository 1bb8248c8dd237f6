import { useEffect, useState } from 'preact/hooks';
import type { Meter } from '../../../generated/api-client.ts';
import { api } from '../../data/api.ts';
import { listenLive } from '../../data/live.ts';
import { useLoad, type Loaded } from '../../data/use-load.ts';

export interface LiveMeter extends Loaded<Meter> {
  /** Null before the first connection. */
  connected: boolean | null;
}

const READ_AGAIN_MS = 60_000;

/** One meter with all its values, kept up by news. */
export function useLiveMeter(meterId: number): LiveMeter {
  const loaded = useLoad(meterId, () => api.readMeter({ meterId }));
  const [meter, setMeter] = useState<Meter | null>(null);
  const [connected, setConnected] = useState<boolean | null>(null);
  const { data, reload } = loaded;
  useEffect(() => setMeter(data), [data]);
  useEffect(() => {
    const timer = setInterval(reload, READ_AGAIN_MS);
    const stop = listenLive({
      onReadings(readings) {
        const newest = readings.filter((reading) => reading.meterId === meterId).toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at))[0];
        if (!newest) return;
        const { at, takenAt, values } = newest;
        setMeter((before) => {
          if (!before || (before.latest && Date.parse(before.latest.at) >= Date.parse(at))) return before;
          return { ...before, latest: { at, takenAt, values: { ...values }, fresh: true } };
        });
      },
      onStates(states) {
        const standing = states.find((state) => state.meterId === meterId);
        if (!standing) return;
        const { state, reason, since } = standing;
        setMeter((before) => before && { ...before, state, stateReason: reason, stateSince: since });
      },
      onReturn: reload,
      onConnected: setConnected,
    });
    return () => {
      clearInterval(timer);
      stop();
    };
  }, [meterId, reload]);
  return { ...loaded, data: data && meter, connected };
}
