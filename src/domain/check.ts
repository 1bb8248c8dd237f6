/** What is looked at in the data of a point. Each is a finding of its own, with a threshold of its own. */
export const CHECK_KINDS = [
  'over-maximum',
  'negative-power',
  'phases-against-total',
  'power-against-counter',
  'meters-against-main',
  'zero-for-long',
  'value-frozen',
] as const;
export type CheckKind = (typeof CHECK_KINDS)[number];

export function isCheckKind(text: string): text is CheckKind {
  return (CHECK_KINDS as readonly string[]).includes(text);
}

export interface CheckSpec {
  label: string;
  /** What the threshold means. */
  meaning: string;
  unit: '%' | 'W' | 'h';
  byDefault: number;
  least: number;
  most: number;
}

export const CHECKS: Readonly<Record<CheckKind, CheckSpec>> = {
  'over-maximum': {
    label: 'Over the physical maximum',
    meaning: 'Power of more than this part of what the connection can carry',
    unit: '%',
    byDefault: 110,
    least: 1,
    most: 1_000,
  },
  'negative-power': {
    label: 'Negative power',
    meaning: 'A flat that only consumes gives more than this',
    unit: 'W',
    byDefault: 50,
    least: 0,
    most: 1_000_000,
  },
  'phases-against-total': {
    label: 'Phases against total',
    meaning: 'The phases together differ from the total by more than this part of it, and by more than 50 W',
    unit: '%',
    byDefault: 5,
    least: 0.1,
    most: 100,
  },
  'power-against-counter': {
    label: 'Power against counter',
    meaning: 'Over a day the mean power and the counter tell energies that differ by more than this part of the larger',
    unit: '%',
    byDefault: 40,
    least: 1,
    most: 100,
  },
  'meters-against-main': {
    label: 'Meters against the main meter',
    meaning: 'Over a day what came into the building and what its flats used differ by more than this part of the larger',
    unit: '%',
    byDefault: 10,
    least: 0.1,
    most: 100,
  },
  'zero-for-long': {
    label: 'Zero for long',
    meaning: 'No energy in either direction for so long',
    unit: 'h',
    byDefault: 168,
    least: 1,
    most: 8_760,
  },
  'value-frozen': {
    label: 'Value frozen',
    meaning: 'Readings come, but power, voltage and current stand still for so long',
    unit: 'h',
    byDefault: 6,
    least: 1,
    most: 720,
  },
};

/** Null: it is not looked at. */
export type Thresholds = Readonly<Record<CheckKind, number | null>>;

export interface StatedThreshold {
  kind: CheckKind;
  value: number | null;
}

/** What was said of the point stands before what was said of its model, and that before what is usual. */
export function thresholdsOf(ofModel: readonly StatedThreshold[], ofPoint: readonly StatedThreshold[]): Thresholds {
  const usual = CHECK_KINDS.map((kind): [CheckKind, number | null] => [kind, CHECKS[kind].byDefault]);
  const said = [...ofModel, ...ofPoint].map(({ kind, value }): [CheckKind, number | null] => [kind, value]);
  return Object.fromEntries([...usual, ...said]) as Record<CheckKind, number | null>;
}
