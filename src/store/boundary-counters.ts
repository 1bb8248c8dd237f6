import type { Pool } from 'mariadb';
import { startOf } from '../domain/installation.ts';
import { PLAIN_ROWS } from './connector.ts';
import type { Db } from './prisma-transaction.ts';
import { sqlTime } from './sql-time.ts';

/** A meter that hung at a flat's point for some time. */
export interface MeterAtFlat {
  flatId: number;
  meterId: number;
  serial: string;
  /** Its export counter is what counts: a producer's, or that of a flat whose meter hangs the other way round. */
  inverted: boolean;
  fromMs: number;
  toMs: number | null;
  firstWh: number | null;
  lastWh: number | null;
}

export async function metersOfFlats(
  db: Db,
  buildingId: number,
  { fromMs, toMs }: { fromMs: number; toMs: number },
): Promise<MeterAtFlat[]> {
  const rows = await db.installation.findMany({
    where: { point: { flat: { buildingId } }, OR: [{ toAt: null }, { toAt: { gt: new Date(fromMs) } }] },
    include: { meter: { select: { serial: true } }, point: { select: { flatId: true, inverted: true, flat: { select: { kind: true } } } } },
    orderBy: [{ pointId: 'asc' }, { id: 'asc' }],
  });
  return rows
    .map((row) => {
      const { flatId, inverted: turned, flat } = row.point;
      const inverted = turned !== (flat.kind === 'producer');
      return {
        flatId,
        meterId: row.meterId,
        serial: row.meter.serial,
        inverted,
        fromMs: startOf(row),
        toMs: row.toAt?.getTime() ?? null,
        firstWh: whole(inverted ? row.firstExportWh : row.firstImportWh),
        lastWh: whole(inverted ? row.lastExportWh : row.lastImportWh),
      };
    })
    .filter((meter) => meter.fromMs < toMs);
}

function whole(wh: bigint | null): number | null {
  return wh === null ? null : Number(wh);
}

/** Which counter is wanted: the last one up to a moment, or the first one from there on; no further than `limitMs`. */
export interface CounterQuestion {
  meterId: number;
  inverted: boolean;
  atMs: number;
  limitMs: number;
}

export interface Counter {
  atMs: number;
  wh: number;
}

const QUESTIONS_AT_ONCE = 100;

/** In the order of the questions; null where nothing was read. */
export async function findCounters(pool: Pick<Pool, 'query'>, questions: readonly CounterQuestion[]): Promise<(Counter | null)[]> {
  const answers: (Counter | null)[] = questions.map(() => null);
  for (let at = 0; at < questions.length; at += QUESTIONS_AT_ONCE) {
    const some = questions.slice(at, at + QUESTIONS_AT_ONCE);
    const sql = some.map(({ meterId, inverted, atMs, limitMs }, index) => {
      const column = inverted ? 'export_active_energy_total' : 'import_active_energy_total';
      const [from, to] = [Math.min(atMs, limitMs), Math.max(atMs, limitMs)];
      // Numbers and our own times: nothing to escape.
      return `(SELECT ${at + index}, at, ${column} FROM readings WHERE meter_id = ${meterId} AND at BETWEEN '${sqlTime(from)}' AND '${sqlTime(to)}'
        AND ${column} IS NOT NULL ORDER BY at ${limitMs < atMs ? 'DESC' : 'ASC'} LIMIT 1)`;
    });
    const rows: [number, string, number][] = await pool.query({ sql: sql.join(' UNION ALL '), ...PLAIN_ROWS });
    for (const [index, time, wh] of rows) answers[index] = { atMs: Date.parse(`${time.replace(' ', 'T')}Z`), wh };
  }
  return answers;
}
