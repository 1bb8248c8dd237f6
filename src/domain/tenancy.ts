import { overlaps } from './installation.ts';

interface Tenancy {
  id: number;
  name: string;
  fromAt: Date;
  toAt: Date | null;
}

function span({ fromAt, toAt }: Pick<Tenancy, 'fromAt' | 'toAt'>): { fromMs: number; toMs: number | null } {
  return { fromMs: fromAt.getTime(), toMs: toAt?.getTime() ?? null };
}

/** The first other tenancy of the flat that shares time with this one. */
export function overlappingTenancy(wanted: { id?: number; fromAt: Date; toAt: Date | null }, others: readonly Tenancy[]): Tenancy | null {
  return others.find((other) => other.id !== wanted.id && overlaps(span(wanted), span(other))) ?? null;
}
