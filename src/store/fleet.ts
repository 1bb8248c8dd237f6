import type { Pool } from 'mariadb';
import { groupBy } from '../domain/group-by.ts';
import type { LinePlace, NetworkPlace, SerialPlace } from '../domain/line-place.ts';
import type { MeterModel } from '../domain/meter-model.ts';
import type { RegisterHole } from '../domain/register-hole.ts';
import { modelsBySql } from './models-by-sql.ts';
import { sqlTime } from './sql-time.ts';
import { inTransaction } from './transaction.ts';
import { tellIncidents } from './webhook-events.ts';

/** A running installation with all that is needed to read its meter. */
export interface FleetMeter {
  meterId: number;
  serial: string;
  installationId: number;
  lineId: number;
  unitId: number;
  modelId: number;
  ratios: { ct: number; pt: number };
  /** Its own rhythm; empty for the default. */
  cadence: string;
  fromMs: number | null;
  toMs: number | null;
  createdMs: number;
  /** What it refuses to tell, as far as it is known. */
  holes: RegisterHole[];
}

export type FleetLine = LinePlace & {
  id: number;
  name: string;
  poller: string;
  timeoutMs: number;
  retries: number;
  pauseMs: number;
  keepOpen: boolean;
};

/** What is read, where and how: the picture that scheduler and pollers hold in memory. */
export interface Fleet {
  /** Another one whenever a row behind it changed. */
  version: string;
  meters: FleetMeter[];
  lines: Map<number, FleetLine>;
  models: Map<number, MeterModel>;
}

// The sum, not the newest: clocks step back, and an earlier stamp may be committed later.
const VERSION_SQL = [
  ...['installations', 'meters', 'lines', 'meter_models', 'registers'].map((table) => [table, 'updated_at']),
  ['register_holes', 'learned_at'],
]
  .map(([table, stamp]) => `SELECT COUNT(*) AS rows_, COALESCE(SUM(UNIX_TIMESTAMP(${stamp})), 0) AS changed FROM \`${table}\``)
  .join(' UNION ALL ');

const METERS_SQL = `
SELECT m.id AS meterId, m.serial, i.id AS installationId, i.line_id AS lineId, i.unit_id AS unitId, m.model_id AS modelId,
  i.ct_ratio AS ct, i.pt_ratio AS pt, m.cadence, i.from_at AS fromAt, i.to_at AS toAt, i.created_at AS createdAt
FROM installations i
JOIN meters m ON m.id = i.meter_id
JOIN \`lines\` l ON l.id = i.line_id
WHERE i.running = 1 AND m.state <> 'closed' AND l.transport <> 'push'
ORDER BY m.id`;

const LINES_SQL = `
SELECT id, name, poller, transport, host, port, serial_path AS serialPath, baud_rate AS baudRate, parity, stop_bits AS stopBits,
  timeout_ms AS timeoutMs, retries, pause_ms AS pauseMs, keep_open AS keepOpen
FROM \`lines\`
WHERE (transport IN ('tcp', 'rtu_over_tcp') AND host IS NOT NULL AND port IS NOT NULL)
  OR (transport = 'rtu' AND serial_path IS NOT NULL AND baud_rate IS NOT NULL AND parity IS NOT NULL AND stop_bits IS NOT NULL)`;

const HOLES_SQL = 'SELECT meter_id AS meterId, `function`, address, `count` FROM register_holes ORDER BY meter_id, `function`, address';

type MeterRow = Omit<FleetMeter, 'ratios' | 'fromMs' | 'toMs' | 'createdMs' | 'holes'> & {
  ct: number;
  pt: number;
  fromAt: Date | null;
  toAt: Date | null;
  createdAt: Date;
};
type LineRow = Omit<FleetLine, 'keepOpen' | 'transport'> &
  Omit<NetworkPlace, 'transport'> &
  Omit<SerialPlace, 'transport'> & { transport: LinePlace['transport']; keepOpen: number };

export async function fleetVersion(pool: Pool): Promise<string> {
  const rows: { rows_: number; changed: string }[] = await pool.query(VERSION_SQL);
  return rows.map((row) => `${row.rows_}@${row.changed}`).join(' ');
}

export async function loadFleet(pool: Pool): Promise<Fleet> {
  // First, so that a change in the middle is seen as one the next time.
  const version = await fleetVersion(pool);
  const [meters, lines, models, holes] = await Promise.all([
    pool.query<MeterRow[]>(METERS_SQL),
    pool.query<LineRow[]>(LINES_SQL),
    modelsBySql(pool, "SELECT model_id FROM meters WHERE state <> 'closed'"),
    pool.query<(RegisterHole & { meterId: number })[]>(HOLES_SQL),
  ]);
  const holesOf = groupBy(holes, (hole) => hole.meterId);
  return {
    version,
    meters: meters.map(({ ct, pt, fromAt, toAt, createdAt, ...meter }) => ({
      ...meter,
      ratios: { ct, pt },
      fromMs: fromAt?.getTime() ?? null,
      toMs: toAt?.getTime() ?? null,
      createdMs: createdAt.getTime(),
      holes: (holesOf.get(meter.meterId) ?? []).map(({ meterId: _, ...hole }) => hole),
    })),
    lines: new Map(lines.map((line) => [line.id, toLine(line)])),
    models,
  };
}

/** Another transport may have been there before: only what belongs to this one counts. */
function toLine({ transport, host, port, serialPath, baudRate, parity, stopBits, keepOpen, ...rest }: LineRow): FleetLine {
  const line = { ...rest, keepOpen: Boolean(keepOpen) };
  return transport === 'rtu' ? { ...line, transport, serialPath, baudRate, parity, stopBits } : { ...line, transport, host, port };
}

/**
 * Installations whose end has come stop running; their meters close, with what was open about them, unless they hang
 * somewhere else by now.
 */
export async function endDueInstallations(pool: Pool, nowMs: number): Promise<number> {
  const now = sqlTime(nowMs);
  return inTransaction(pool, async (connection) => {
    const { affectedRows } = await connection.query('UPDATE installations SET running = 0 WHERE running = 1 AND to_at <= ?', [now]);
    const ended: { id: number }[] = await connection.query(
      `SELECT m.id FROM meters m
       WHERE m.state <> 'closed' AND EXISTS (SELECT 1 FROM installations i WHERE i.meter_id = m.id AND i.to_at <= ?)
         AND NOT EXISTS (SELECT 1 FROM installations i WHERE i.meter_id = m.id AND i.running = 1)
       ORDER BY m.id FOR UPDATE`,
      [now],
    );
    for (const { id } of ended) {
      await connection.query(
        `UPDATE meters SET state = 'closed', state_since = ?, state_reason = 'end-reached', state_detail = '' WHERE id = ?`,
        [now, id],
      );
      const open: { id: number }[] = await connection.query(
        'SELECT id FROM incidents WHERE (subject = ? OR subject LIKE ?) AND closed_at IS NULL ORDER BY id FOR UPDATE',
        [`meter-${id}`, `meter-${id}/%`],
      );
      if (open.length === 0) continue;
      const ids = open.map((incident) => incident.id);
      await connection.query('UPDATE incidents SET closed_at = ? WHERE id IN (?)', [now, ids]);
      await tellIncidents(connection, 'incident.closed', ids);
    }
    return affectedRows;
  });
}

export async function pollersInUse(pool: Pool): Promise<string[]> {
  const rows: { poller: string }[] = await pool.query('SELECT DISTINCT poller FROM `lines` ORDER BY poller');
  return rows.map((row) => row.poller);
}
