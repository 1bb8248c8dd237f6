/** What the page says of so many Wh or W. */
export const say = (value: number | string | undefined, unit: 'Wh' | 'W') => {
  const amount = Number(value);
  const isSmall = unit === 'W' && amount < 999.5;
  const digits = isSmall ? 0 : unit === 'W' || amount < 9_995 ? 2 : 1;
  return `${(isSmall ? amount : amount / 1_000).toFixed(digits)} ${isSmall ? unit : `k${unit}`}`;
};

/** The quarter hours of the lived-in building's day. */
export const TODAY = `FROM intervals i JOIN points p ON p.id = i.point_id JOIN flats f ON f.id = p.flat_id
  WHERE i.slot >= '2026-06-17 22:00'`;
export const USED = `${TODAY} AND i.flow = 'import' AND f.kind IN ('consumer', 'common')`;
