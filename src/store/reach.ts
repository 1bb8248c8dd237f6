import type { OwnFlat, Period, Reach } from '../domain/permission.ts';
import type { Prisma } from '../generated/prisma/client.ts';

// Who may see a row, as a part of the query: other people's things do not exist.
// `{ OR: [] }` matches nothing.

export function everywhereOnly({ everywhere }: Reach): { OR?: [] } {
  return everywhere ? {} : { OR: [] };
}

export function buildingsWithin({ everywhere, buildingIds }: Reach): Prisma.BuildingWhereInput {
  return everywhere ? {} : { id: { in: buildingIds } };
}

export function linesWithin({ everywhere, buildingIds }: Reach): Prisma.LineWhereInput {
  return everywhere ? {} : { buildingId: { in: buildingIds } };
}

export function tenanciesWithin({ everywhere, buildingIds }: Reach): Prisma.TenancyWhereInput {
  return everywhere ? {} : { flat: { buildingId: { in: buildingIds } } };
}

export function incidentsWithin({ everywhere, buildingIds }: Reach): Prisma.IncidentWhereInput {
  return everywhere ? {} : { buildingId: { in: buildingIds } };
}

export function pushSourcesWithin({ everywhere, buildingIds }: Reach): Prisma.PushSourceWhereInput {
  return everywhere ? {} : { buildingId: { in: buildingIds } };
}

export function webhooksWithin({ everywhere, buildingIds }: Reach): Prisma.WebhookWhereInput {
  return everywhere ? {} : { buildingId: { in: buildingIds } };
}

export function modbusUnitsWithin({ everywhere, buildingIds }: Reach): Prisma.ModbusUnitWhereInput {
  return everywhere ? {} : { buildingId: { in: buildingIds } };
}

/** A message belongs to the building of whoever pushed it; one that a foreign broker took belongs to no building. */
export function messagesWithin({ everywhere, buildingIds }: Reach): Prisma.InboundMessageWhereInput {
  return everywhere ? {} : { source: { buildingId: { in: buildingIds } } };
}

export function tariffsWithin({ everywhere, buildingIds }: Reach): Prisma.TariffWhereInput {
  return everywhere ? {} : { buildingId: { in: buildingIds } };
}

export function correctionsWithin({ everywhere, buildingIds }: Reach): Prisma.CorrectionWhereInput {
  return everywhere ? {} : { point: { flat: { buildingId: { in: buildingIds } } } };
}

export function findingsWithin({ everywhere, buildingIds }: Reach): Prisma.FindingWhereInput {
  return everywhere ? {} : { buildingId: { in: buildingIds } };
}

export function billRunsWithin({ everywhere, buildingIds }: Reach): Prisma.BillRunWhereInput {
  return everywhere ? {} : { buildingId: { in: buildingIds } };
}

export function reportsOfBuildings({ everywhere, buildingIds }: Reach): Prisma.ReportWhereInput {
  return everywhere ? {} : { buildingId: { in: buildingIds } };
}

/** In a building given all that a run has finished; of the own flat what was issued for the own time. */
export function billsWithin({ everywhere, buildingIds, ownFlats }: Reach): Prisma.BillWhereInput {
  const own = ownFlats.map(({ flatId, fromMs, toMs }) => ({
    flatId,
    state: 'issued' as const,
    tenancyId: { not: null },
    ...(fromMs === null ? {} : { fromAt: { gte: new Date(fromMs) } }),
    ...(toMs === null ? {} : { toAt: { lte: new Date(toMs) } }),
  }));
  return { run: { state: 'done' }, ...(everywhere ? {} : { OR: [{ buildingId: { in: buildingIds } }, ...own] }) };
}

export function flatsWithin({ everywhere, buildingIds, ownFlats }: Reach): Prisma.FlatWhereInput {
  if (everywhere) return {};
  return { OR: [{ buildingId: { in: buildingIds } }, { id: { in: ownFlats.map((own) => own.flatId) } }] };
}

export function pointsWithin(reach: Reach): Prisma.PointWhereInput {
  return reach.everywhere ? {} : { flat: flatsWithin(reach) };
}

// An empty start is the first value read, which comes after the row was made.
function startsBefore(ms: number): Prisma.InstallationWhereInput {
  const moment = new Date(ms);
  return { OR: [{ fromAt: { lt: moment } }, { fromAt: null, createdAt: { lt: moment } }] };
}

function during({ fromMs, toMs }: Period): Prisma.InstallationWhereInput {
  return {
    AND: [
      ...(fromMs === null ? [] : [{ OR: [{ toAt: null }, { toAt: { gt: new Date(fromMs) } }] }]),
      ...(toMs === null ? [] : [startsBefore(toMs)]),
    ],
  };
}

function inFlat(own: OwnFlat): Prisma.InstallationWhereInput {
  return { point: { flatId: own.flatId }, ...during(own) };
}

/** The installations that show a meter: in a building given, or in the own flat in the own period. */
export function installationsWithin({ everywhere, buildingIds, ownFlats, ownMeters }: Reach): Prisma.InstallationWhereInput {
  if (everywhere) return {};
  return {
    OR: [
      { point: { flat: { buildingId: { in: buildingIds } } } },
      ...ownFlats.map(inFlat),
      ...ownMeters.map((own) => ({ meterId: own.meterId, ...during(own) })),
    ],
  };
}

export function metersWithin(reach: Reach): Prisma.MeterWhereInput {
  if (reach.everywhere) return {};
  return {
    OR: [{ id: { in: reach.ownMeters.map((own) => own.meterId) } }, { installations: { some: installationsWithin(reach) } }],
  };
}
