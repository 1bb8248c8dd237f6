const inEnglish = (value: number, digits: number) =>
  value.toLocaleString('en-GB', { minimumFractionDigits: digits, maximumFractionDigits: digits });

/** What the page says of so many Wh or W: three digits that matter. */
export const say = (value: number | string | null | undefined, unit: 'Wh' | 'W') => {
  const amount = Number(value);
  const isSmall = unit === 'W' && Math.abs(amount) < 999.5;
  const digits = isSmall ? 0 : Math.abs(amount) < 9_995 ? 2 : 1;
  return `${inEnglish(isSmall ? amount : amount / 1_000, digits)} ${isSmall ? unit : `k${unit}`}`;
};

export const sayPerArea = (whPerM2: number | string) => `${inEnglish(Number(whPerM2) / 1_000, 2)} kWh/m²`;

export const sayShare = (share: number | string | undefined) => `${Math.round(Number(share) * 100)} %`;

/** Of millionths. */
export const sayEuro = (micro: number | string | null | undefined) => `€${inEnglish(Number(micro) / 1_000_000, 2)}`;

/** The quarter hours of a building in [from, to), both UTC. */
export const quarters = (
  from: string,
  to = '2100-01-01',
) => `FROM intervals i JOIN points p ON p.id = i.point_id JOIN flats f ON f.id = p.flat_id
  WHERE i.slot >= '${from}' AND i.slot < '${to}'`;
export const IS_USED = `i.flow = 'import' AND f.kind IN ('consumer', 'common')`;
export const IS_MADE = `i.flow = 'export' AND f.kind = 'producer'`;

/** Of what was used in the quarter hours given, what came from the own production, as `share`. */
export const selfSufficiency = (of: string) => `SELECT SUM(LEAST(used, GREATEST(0, made - IFNULL(fed, 0)))) / SUM(used) AS share FROM (
    SELECT SUM(IF(${IS_USED}, i.wh, NULL)) AS used, SUM(IF(${IS_MADE}, i.wh, NULL)) AS made,
      SUM(IF(i.flow = 'export' AND f.kind = 'grid', i.wh, NULL)) AS fed ${of} GROUP BY i.slot
  ) quarters WHERE used IS NOT NULL AND made IS NOT NULL`;

/** The quarter hours of the lived-in building's day. */
export const TODAY = quarters('2026-06-17 22:00');
export const USED = `${TODAY} AND ${IS_USED}`;
