import { useEffect, useState } from 'preact/hooks';
import { toTrouble, type Trouble } from '../../data/api.ts';
import { NO_COSTS, readCosts, type Costs, type Usage } from './usage.ts';

/** Asked for once the energy is there: it takes longer. Today's is asked for again as it grows. */
export function useCosts(usage: Usage | null, day: string): { costs: Costs; trouble: Trouble | null } {
  const [shown, setShown] = useState<{ key: string; costs: Costs; trouble: Trouble | null }>({ key: '', costs: NO_COSTS, trouble: null });
  const key = usage === null ? '' : `${usage.flatId} ${usage.view} ${usage.days.from}`;
  const round = usage?.view === 'year' ? null : usage;
  useEffect(() => {
    if (usage === null) return;
    let isWanted = true;
    readCosts(usage, day, {
      tell: (costs) => isWanted && setShown({ key, costs, trouble: null }),
      isWanted: () => isWanted,
    }).catch((error: unknown) => isWanted && setShown({ key, costs: NO_COSTS, trouble: toTrouble(error) }));
    return () => {
      isWanted = false;
    };
  }, [key, round]);
  return shown.key === key ? shown : { costs: NO_COSTS, trouble: null };
}
