import { useMemo } from 'preact/hooks';
import { navigate, useSearch } from '../../router.ts';
import { readHistory, type Asked, type History } from './history.ts';
import { askedTime, historyQueryOf, historyViewIn, sayKey, type HistoryView, type SeriesKey } from './history-view.ts';
import type { Loaded } from '../../data/use-load.ts';
import { useGrowing } from '../../data/use-growing.ts';

export interface ShownHistory {
  view: HistoryView;
  change(part: Partial<HistoryView>, options?: { replace?: boolean }): void;
}

/** The view that the address holds. */
export function useHistoryView(): ShownHistory {
  const search = useSearch();
  const view = useMemo(() => historyViewIn(new URLSearchParams(search)), [search]);
  return { view, change: (part, options) => navigate(location.pathname + historyQueryOf({ ...view, ...part }), options) };
}

export interface LoadedHistory extends Loaded<History> {
  asked: Asked;
}

/** Those series in the time of the address; nothing is asked for none. */
export function useHistory(series: readonly SeriesKey[], view: HistoryView, zone: string): LoadedHistory {
  const asked = () => ({ series: series.map(sayKey).join(','), ...askedTime(view, zone, Date.now()) });
  const { series: names, from, to } = asked();
  const loaded = useGrowing(names === '' ? null : `${names} ${from} ${to}`, () => readHistory(asked()));
  return { ...loaded, asked: { series: names, from, to } };
}
