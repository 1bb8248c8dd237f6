/** An incident as it is stored and as REST tells it. */
export interface IncidentFact {
  id: number;
  buildingId: number | null;
  kind: string;
  subject: string;
  title: string;
  cause: string;
  openedAt: Date;
  closedAt: Date | null;
  acknowledgedAt: Date | null;
  acknowledgedBy: number | null;
}

/** Only what REST tells, as JSON; Prisma knows the kinds by other names. */
export function incidentFact({ kind, openedAt, closedAt, acknowledgedAt, ...row }: IncidentFact) {
  const { id, buildingId, subject, title, cause, acknowledgedBy } = row;
  return {
    ...{ id, buildingId, kind: kind.replaceAll('_', '-'), subject, title, cause, openedAt: openedAt.toISOString() },
    ...{ closedAt: closedAt?.toISOString() ?? null, acknowledgedAt: acknowledgedAt?.toISOString() ?? null, acknowledgedBy },
  };
}
