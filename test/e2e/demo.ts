import type { Visitor } from '../support/browser.ts';
import type { DemoRole } from '../support/demo-house.ts';
import type { OpenHouse } from '../support/open-house.ts';

export interface Demo {
  house: OpenHouse;
  provider: Visitor;
  /** Another browser, logged in as the demo's person of the role. */
  visit(role: DemoRole): Promise<Visitor>;
}

// Of the demo's clock, in UTC; the building is in Berlin.
export const FEBRUARY = '2026-01-31 23:00';
export const MARCH = '2026-02-28 23:00';
export const APRIL = '2026-03-31 22:00';
export const YESTERDAY = '2026-04-07 22:00';
export const SAME_YESTERDAY = '2026-04-08 13:00';
export const MIDNIGHT = '2026-04-08 22:00';
export const NOW = '2026-04-09 13:00';

/** Asks the demo's database, or for a sum of Wh in it. */
export function makeAsk(of: () => Demo) {
  const ask = <Row>(sql: string): Promise<Row[]> => of().house.database.pool.query(sql);
  const sum = async (sql: string) => Number((await ask<{ wh: string | null }>(`SELECT SUM(i.wh) AS wh ${sql}`))[0]?.wh);
  return { ask, sum };
}
