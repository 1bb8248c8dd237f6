/** How well an interval's energy is known, from best to worst: the order of the column's values. */
export const QUALITIES = ['measured', 'interpolated', 'estimated', 'missing', 'refused'] as const;
export type Quality = (typeof QUALITIES)[number];

export function worst(a: Quality, b: Quality): Quality {
  return QUALITIES.indexOf(a) >= QUALITIES.indexOf(b) ? a : b;
}
