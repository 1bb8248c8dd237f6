import { navigate, useSearch } from '../../router.ts';
import type { House } from './house.ts';

export const STEPS = ['building', 'flats', 'line', 'scan', 'meters', 'values'] as const;
export type Step = (typeof STEPS)[number];

/** No building has this number: one that is still to be made. */
export const NEW_BUILDING = 0;

/** Where somebody stands, as the address says it. */
export interface FirstStepsView {
  /** Null: at the first step that is not done. */
  step: Step | null;
  /** Null: the first one that one may see. */
  buildingId: number | null;
  /** Null: the one made last. */
  lineId: number | null;
}

function numberIn(query: URLSearchParams, name: string): number | null {
  const text = query.get(name) ?? '';
  return /^\d{1,9}$/.test(text) ? Number(text) : null;
}

function firstStepsViewIn(query: URLSearchParams): FirstStepsView {
  return {
    step: STEPS.find((step) => step === query.get('step')) ?? null,
    buildingId: numberIn(query, 'building'),
    lineId: numberIn(query, 'line'),
  };
}

export function firstStepsAddress({ step = null, buildingId = null, lineId = null }: Partial<FirstStepsView>): string {
  const query = new URLSearchParams();
  if (step !== null) query.set('step', step);
  if (buildingId !== null) query.set('building', String(buildingId));
  if (lineId !== null) query.set('line', String(lineId));
  return query.size === 0 ? '/first-steps' : `/first-steps?${query.toString()}`;
}

export function useFirstStepsView(): FirstStepsView {
  return firstStepsViewIn(new URLSearchParams(useSearch()));
}

export function goToStep(view: Partial<FirstStepsView>, options?: { replace?: boolean }): void {
  navigate(firstStepsAddress(view), options);
  scrollTo(0, 0);
}

/** What is stored says how far somebody is. */
export function isDone(step: Step, house: House | null): boolean {
  if (house === null) return false;
  switch (step) {
    case 'building':
      return true;
    case 'flats':
      return house.flats.length > 0;
    case 'line':
      return house.lines.length > 0;
    case 'scan':
    case 'meters':
      return house.meters.length > 0;
    case 'values':
      return house.meters.some(({ latest }) => latest !== null);
  }
}

/** Nothing can be stored in a building that is not there. */
export function isOpen(step: Step, house: House | null): boolean {
  return step === 'building' || house !== null;
}

export function stepOf(view: FirstStepsView, house: House | null): Step {
  if (view.step !== null && isOpen(view.step, house)) return view.step;
  return STEPS.find((step) => !isDone(step, house)) ?? 'values';
}
