import { useMemo } from 'preact/hooks';
import { navigate, useSearch } from '../../router.ts';
import { queryOf, viewIn, type View } from '../../data/view.ts';

export interface ShownView {
  view: View;
  /** A step that *back* undoes; with `replace` it is none. */
  change(part: Partial<View>, options?: { replace?: boolean }): void;
}

/** The view that the address holds. */
export function useView(): ShownView {
  const search = useSearch();
  const view = useMemo(() => viewIn(new URLSearchParams(search)), [search]);
  return { view, change: (part, options) => navigate(location.pathname + queryOf({ ...view, ...part }), options) };
}
