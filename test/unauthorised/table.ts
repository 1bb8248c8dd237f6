import type { RoleOfTable, TwoBuildings } from '../support/two-buildings.ts';
import type { TestApp } from '../support/test-app.ts';

/** What a cell is asked with; made anew for each cell, so that it may remove or use up what it is about. */
export interface Ask {
  params?: Record<string, number | string>;
  query?: Record<string, string>;
  body?: object;
  /** Sent as it is, instead of a body. */
  file?: { type: string; text: string };
}

export interface CellContext {
  test: TestApp;
  world: TwoBuildings;
  role: RoleOfTable;
  /** Another number for each cell. */
  n: number;
}

/** In the order of ROLES: stranger, tenant A, tenant B, viewer A, viewer B, provider A, provider B, administrator. */
export type Statuses = readonly [number, number, number, number, number, number, number, number];

export interface Row {
  /** Method and path as declared, such as `get /users/:userId`. */
  route: string;
  statuses: Statuses;
  ask?: (context: CellContext) => Ask | Promise<Ask>;
}

/** Everything asked for belongs to building A, so B's people must not see it. */
export function row(route: string, statuses: Statuses, ask?: Row['ask']): Row {
  return { route, statuses, ...(ask ? { ask } : {}) };
}

export const ONLY_ADMINISTRATOR = (status: number): Statuses => [401, 403, 403, 403, 403, 403, 403, status];
/** A single thing that the others can never see is not there for them. */
export const SEEN_BY_ADMINISTRATOR: Statuses = [401, 404, 404, 404, 404, 404, 404, 200];
export const SIGNED_IN = (status: number): Statuses => [401, status, status, status, status, status, status, status];
export const EVERYBODY = (status: number): Statuses => [status, status, status, status, status, status, status, status];
