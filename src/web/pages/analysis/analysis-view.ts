import { navigate, useSearch } from '../../router.ts';

export const HEAT_DAYS = [31, 92, 366] as const;
export type HeatDays = (typeof HEAT_DAYS)[number];
export type HeatFlow = 'consumption' | 'production';

/** What the page shows, as the address says it. */
export interface AnalysisView {
  buildingId: number | null;
  /** Of the diagram and the ranking; null: the one that is running. */
  month: string | null;
  heatDays: HeatDays;
  heatFlow: HeatFlow;
  isPerArea: boolean;
}

/** What an address cannot mean is left out. */
export function analysisViewIn(query: URLSearchParams): AnalysisView {
  const building = query.get('building') ?? '';
  const month = query.get('month') ?? '';
  return {
    buildingId: /^\d{1,9}$/.test(building) ? Number(building) : null,
    month: /^20\d\d-(0[1-9]|1[0-2])$/.test(month) ? month : null,
    heatDays: HEAT_DAYS.find((days) => String(days) === query.get('days')) ?? 31,
    heatFlow: query.get('flow') === 'production' ? 'production' : 'consumption',
    isPerArea: query.get('rank') !== 'energy',
  };
}

export function analysisQuery({ buildingId, month, heatDays, heatFlow, isPerArea }: AnalysisView): string {
  const query = new URLSearchParams();
  if (buildingId !== null) query.set('building', String(buildingId));
  if (month !== null) query.set('month', month);
  if (heatDays !== 31) query.set('days', String(heatDays));
  if (heatFlow === 'production') query.set('flow', heatFlow);
  if (!isPerArea) query.set('rank', 'energy');
  return query.size === 0 ? '' : `?${query.toString()}`;
}

export interface ShownAnalysis {
  view: AnalysisView;
  change(part: Partial<AnalysisView>): void;
}

export function useAnalysisView(): ShownAnalysis {
  const view = analysisViewIn(new URLSearchParams(useSearch()));
  return { view, change: (part) => navigate(location.pathname + analysisQuery({ ...view, ...part })) };
}
