// Of the demo's clock, in UTC; the building is in Berlin.
export const FEBRUARY = '2026-01-31 23:00';
export const MARCH = '2026-02-28 23:00';
export const APRIL = '2026-03-31 22:00';
export const YESTERDAY = '2026-04-07 22:00';
export const SAME_YESTERDAY = '2026-04-08 13:00';
export const MIDNIGHT = '2026-04-08 22:00';
export const NOW = '2026-04-09 13:00';
