import { useEffect, useState } from 'preact/hooks';
import type { Scan } from '../../../generated/api-client.ts';
import { api, toTrouble, type Trouble } from '../../data/api.ts';

export type { Scan };

const FOLLOW_MS = 700;

export function isOver({ state }: Scan): boolean {
  return state === 'ended' || state === 'lost';
}

export interface FollowedScan {
  /** Undefined while it is asked; null where none is remembered. */
  scan: Scan | null | undefined;
  trouble: Trouble | null;
  start(range: { from: number; to: number }): Promise<void>;
  cancel(): Promise<void>;
}

/** The last scan of a line, which stays the same, followed while it runs: whoever comes again finds it. */
export function useScan(lineId: number): FollowedScan {
  const [scan, setScan] = useState<Scan | null | undefined>();
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const attempt = async (work: () => Promise<Scan | null>) => {
    try {
      setScan(await work());
      setTrouble(null);
    } catch (error) {
      setTrouble(toTrouble(error));
    }
  };
  useEffect(() => {
    void attempt(async () => (await api.listLineScans({ lineId })).items[0] ?? null);
  }, [lineId]);
  useEffect(() => {
    if (!scan || isOver(scan)) return undefined;
    const timer = setTimeout(() => void attempt(() => api.readLineScan({ lineId, scanId: scan.id })), FOLLOW_MS);
    return () => clearTimeout(timer);
    // A question that failed is asked again, too.
  }, [scan, trouble, lineId]);
  return {
    scan,
    trouble,
    start: (range) => attempt(() => api.scanLine({ lineId }, range)),
    async cancel() {
      if (!scan) return;
      await attempt(async () => {
        await api.cancelScan({ lineId, scanId: scan.id });
        return api.readLineScan({ lineId, scanId: scan.id });
      });
    },
  };
}
