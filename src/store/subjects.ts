import type { Db } from './prisma-transaction.ts';

/** What an activity is about, such as `meter-17`. */
export interface Subject {
  kind: string;
  id: number;
}

export function subjectIn(subject: string): Subject | null {
  const [, kind, id] = /^([a-z-]+)-(\d+)$/.exec(subject) ?? [];
  return kind === undefined ? null : { kind, id: Number(id) };
}

interface Place {
  id: number;
  buildingId: number | null;
  name: string;
}

const inFlat = { select: { name: true, buildingId: true } };
const inPoint = { select: { flat: inFlat } };

type Reader = (db: Db, ids: number[]) => Promise<Place[]>;

const READERS: Readonly<Record<string, Reader>> = {
  building: async (db, ids) =>
    (await db.building.findMany({ where: { id: { in: ids } }, select: { id: true } })).map(({ id }) => ({ id, buildingId: id, name: '' })),
  flat: (db, ids) => db.flat.findMany({ where: { id: { in: ids } }, select: { id: true, buildingId: true, name: true } }),
  line: (db, ids) => db.line.findMany({ where: { id: { in: ids } }, select: { id: true, buildingId: true, name: true } }),
  tariff: (db, ids) => db.tariff.findMany({ where: { id: { in: ids } }, select: { id: true, buildingId: true, name: true } }),
  'push-source': (db, ids) => db.pushSource.findMany({ where: { id: { in: ids } }, select: { id: true, buildingId: true, name: true } }),
  webhook: async (db, ids) =>
    (await db.webhook.findMany({ where: { id: { in: ids } }, select: { id: true, buildingId: true, url: true } })).map(
      ({ url, ...row }) => ({
        ...row,
        name: url,
      }),
    ),
  message: async (db, ids) => {
    const rows = await db.inboundMessage.findMany({
      where: { id: { in: ids } },
      select: { id: true, sender: true, source: { select: { buildingId: true } } },
    });
    return rows.map(({ id, sender, source }) => ({ id, buildingId: source?.buildingId ?? null, name: sender }));
  },
  incident: async (db, ids) =>
    (await db.incident.findMany({ where: { id: { in: ids } }, select: { id: true, buildingId: true } })).map((row) => ({
      ...row,
      name: '',
    })),
  'bill-run': async (db, ids) =>
    (await db.billRun.findMany({ where: { id: { in: ids } }, select: { id: true, buildingId: true } })).map((row) => ({
      ...row,
      name: '',
    })),
  report: async (db, ids) =>
    (await db.report.findMany({ where: { id: { in: ids } }, select: { id: true, buildingId: true } })).map((row) => ({ ...row, name: '' })),
  tenancy: async (db, ids) =>
    (await db.tenancy.findMany({ where: { id: { in: ids } }, select: { id: true, flat: inFlat } })).map(({ id, flat }) => ({
      id,
      ...flat,
    })),
  point: async (db, ids) =>
    (await db.point.findMany({ where: { id: { in: ids } }, select: { id: true, flat: inFlat } })).map(({ id, flat }) => ({ id, ...flat })),
  correction: async (db, ids) =>
    (await db.correction.findMany({ where: { id: { in: ids } }, select: { id: true, point: inPoint } })).map(({ id, point }) => ({
      id,
      ...point.flat,
    })),
  installation: async (db, ids) =>
    (await db.installation.findMany({ where: { id: { in: ids } }, select: { id: true, point: inPoint } })).map(({ id, point }) => ({
      id,
      ...point.flat,
    })),
  meter: async (db, ids) => {
    // Where it hangs, or hung last.
    const last = { orderBy: { id: 'desc' as const }, take: 1, select: { point: inPoint } };
    const rows = await db.meter.findMany({ where: { id: { in: ids } }, select: { id: true, serial: true, installations: last } });
    return rows.map(({ id, serial, installations: [at] }) => ({
      id,
      buildingId: at?.point.flat.buildingId ?? null,
      name: at ? `${serial}, ${at.point.flat.name}` : serial,
    }));
  },
  'single-meter': async (db, ids) => {
    const given = await db.userMeter.findMany({ where: { id: { in: ids } }, select: { id: true, meterId: true } });
    const meters = new Map(
      (
        await readPlaces(
          db,
          'meter',
          given.map(({ meterId }) => meterId),
        )
      ).map((place) => [place.id, place]),
    );
    return given.flatMap(({ id, meterId }) => {
      const meter = meters.get(meterId);
      return meter ? [{ ...meter, id }] : [];
    });
  },
};

async function readPlaces(db: Db, kind: string, ids: number[]): Promise<Place[]> {
  return (await READERS[kind]?.(db, ids)) ?? [];
}

/** Null for what is in no building, and for what is gone. */
export async function buildingOfSubject(db: Db, subject: string): Promise<number | null> {
  const about = subjectIn(subject);
  if (about === null) return null;
  const [place] = await readPlaces(db, about.kind, [about.id]);
  return place?.buildingId ?? null;
}

/** What people call these things, as far as they are there and have a name. */
export async function namesOfSubjects(db: Db, subjects: readonly string[]): Promise<Map<string, string>> {
  const ids = new Map<string, number[]>();
  for (const { kind, id } of subjects.flatMap((subject) => subjectIn(subject) ?? [])) ids.set(kind, [...(ids.get(kind) ?? []), id]);
  const names = new Map<string, string>();
  for (const [kind, of] of ids) {
    for (const { id, name } of await readPlaces(db, kind, of)) if (name !== '') names.set(`${kind}-${id}`, name);
  }
  return names;
}
