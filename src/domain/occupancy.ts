import type { Span } from './gap.ts';

export interface Tenant {
  tenancyId: number;
  party: string;
  address: string;
  fromMs: number;
  toMs: number | null;
}

/** A stretch of the period in which one party pays for the flat; nobody's is the owner's. */
export interface Occupancy extends Span {
  tenant: Tenant | null;
}

/** The whole period, piece by piece: each tenancy as far as it lies inside, and the vacancies between them. */
export function occupanciesOf(tenants: readonly Tenant[], { fromMs, toMs }: Span): Occupancy[] {
  const pieces: Occupancy[] = [];
  let at = fromMs;
  const add = (end: number, tenant: Tenant | null): void => {
    if (end > at) pieces.push({ fromMs: at, toMs: end, tenant });
    at = Math.max(at, end);
  };
  for (const tenant of tenants.toSorted((a, b) => a.fromMs - b.fromMs)) {
    if (tenant.fromMs >= toMs || (tenant.toMs ?? toMs) <= fromMs) continue;
    add(tenant.fromMs, null);
    add(Math.min(tenant.toMs ?? toMs, toMs), tenant);
  }
  add(toMs, null);
  return pieces;
}
