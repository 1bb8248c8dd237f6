import { isConsumer } from './building-energy.ts';
import type { FlatKind } from './building-flow.ts';

export interface FlatWithMeters {
  kind: FlatKind;
  /** Of the meters that hang there now. */
  states: readonly ('new' | 'ok' | 'silent' | 'closed')[];
}

/** How many flats there are, how many of them answer, and of how many a meter fell silent. The others were never read. */
export interface Standing {
  count: number;
  running: number;
  silent: number;
}

function standing(flats: readonly FlatWithMeters[]): Standing {
  const silent = flats.filter(({ states }) => states.includes('silent'));
  const running = flats.filter(({ states }) => states.includes('ok') && !states.includes('silent'));
  return { count: flats.length, running: running.length, silent: silent.length };
}

export function standingOf(flats: readonly FlatWithMeters[]): { consumers: Standing; producers: Standing } {
  return {
    consumers: standing(flats.filter(({ kind }) => isConsumer(kind))),
    producers: standing(flats.filter(({ kind }) => kind === 'producer')),
  };
}
