import type { EnergySources } from '../../../generated/api-client.ts';

export interface Diagram {
  nodes: { name: string; tone: 'grid' | 'production' | 'consumption' }[];
  links: { from: string; to: string; wh: number }[];
}

const SHOWN_FLATS = 12;

interface Names {
  grid: string;
  elsewhere: string;
  others(count: number): string;
}

/** From the grid and each producer to the flats that used most, the others as one, and what left the building. */
export function diagramOf({ flats, producers }: EnergySources, names: Names): Diagram {
  const used = flats
    .filter(({ consumptionWh }) => (consumptionWh ?? 0) > 0)
    .toSorted((a, b) => (b.consumptionWh ?? 0) - (a.consumptionWh ?? 0));
  const isWhole = used.length <= SHOWN_FLATS + 1;
  const shown = isWhole ? used : used.slice(0, SHOWN_FLATS);
  const rest = isWhole ? [] : used.slice(SHOWN_FLATS);
  const ends = [
    ...shown.map((flat) => ({ name: flat.name, flats: [flat] })),
    ...(rest.length > 0 ? [{ name: names.others(rest.length), flats: rest }] : []),
  ];
  const links = ends.flatMap(({ name, flats: own }) => [
    ...producers.map((producer, i) => ({ from: producer.name, to: name, wh: own.reduce((sum, { ownWh }) => sum + (ownWh[i] ?? 0), 0) })),
    { from: names.grid, to: name, wh: own.reduce((sum, { gridWh }) => sum + (gridWh ?? 0), 0) },
  ]);
  const left = producers.map(({ name, producedWh, usedWh }) => ({ from: name, to: names.elsewhere, wh: (producedWh ?? usedWh) - usedWh }));
  const flowing = [...links, ...left].filter(({ wh }) => wh > 0);
  const tones = new Map<string, Diagram['nodes'][number]['tone']>([
    ...producers.map(({ name }) => [name, 'production'] as const),
    ...ends.map(({ name }) => [name, 'consumption'] as const),
    [names.grid, 'grid'],
    [names.elsewhere, 'grid'],
  ]);
  const named = new Set(flowing.flatMap(({ from, to }) => [from, to]));
  return { nodes: [...tones].flatMap(([name, tone]) => (named.has(name) ? [{ name, tone }] : [])), links: flowing };
}

export interface Ranked {
  id: number;
  name: string;
  consumptionWh: number;
  /** Wh; null without an area. */
  perM2: number | null;
  unknownSlots: number;
}

/** The flats by what they used, for each square metre if wished; those without an area come last then. */
export function rankFlats({ flats }: EnergySources, isPerArea: boolean): Ranked[] {
  const known = flats.flatMap(({ id, name, kind, consumptionWh, areaM2, unknownSlots }) =>
    kind !== 'consumer' || consumptionWh === null
      ? []
      : [{ id, name, consumptionWh, perM2: areaM2 === null ? null : consumptionWh / areaM2, unknownSlots }],
  );
  const measure = (flat: Ranked) => (isPerArea ? (flat.perM2 ?? -1) : flat.consumptionWh);
  return known.toSorted((a, b) => measure(b) - measure(a));
}
