import type { Connection } from 'mariadb';
import { ETL_ALARMS } from '../domain/etl-kinds.ts';
import type { MessageKind } from '../domain/meter-model.ts';
import type { AliasKind } from '../generated/prisma/client.ts';
import { sqlTime } from './sql-time.ts';

/** By which of its names a message calls a meter. */
export interface SenderName {
  kind: Extract<AliasKind, 'sender' | 'uuid'>;
  name: string;
}

/** A sender's meter and where it hangs now, as it stands in the database. */
export interface PushingRow {
  meterId: number;
  serial: string;
  buildingId: number;
  modelId: number;
  modelName: string;
  message: MessageKind | null;
  ct: number;
  pt: number;
  /** Empty for the usual one. */
  cadence: string;
  fromMs: number | null;
}

const SENDERS_SQL = `
SELECT a.kind, a.value, m.id AS meterId, m.serial, f.building_id AS buildingId, m.model_id AS modelId, CONCAT(mm.vendor, ' ', mm.name) AS modelName,
  mm.message, i.ct_ratio AS ct, i.pt_ratio AS pt, m.cadence, i.from_at AS fromAt
FROM JSON_TABLE(?, '$[*]' COLUMNS (
  kind VARCHAR(16) PATH '$.kind', name VARCHAR(190) PATH '$.name'
)) s
JOIN meter_aliases a ON a.kind = s.kind COLLATE utf8mb4_unicode_ci AND a.value = s.name COLLATE utf8mb4_unicode_ci
JOIN meters m ON m.id = a.meter_id AND m.state <> 'closed'
JOIN meter_models mm ON mm.id = m.model_id
JOIN installations i ON i.meter_id = m.id AND i.running = 1
JOIN points p ON p.id = i.point_id JOIN flats f ON f.id = p.flat_id`;

type Row = Omit<PushingRow, 'fromMs'> & {
  kind: SenderName['kind'];
  value: string;
  fromAt: Date | null;
};

/** By `senderKey`; upper and lower case are two senders, as on the wire. */
export async function findPushingMeters(connection: Connection, senders: readonly SenderName[]): Promise<Map<string, PushingRow>> {
  if (senders.length === 0) return new Map();
  const rows: Row[] = await connection.query(SENDERS_SQL, [JSON.stringify(senders)]);
  return new Map(
    rows.map(({ kind, value, fromAt, ...row }) => [senderKey({ kind, name: value }), { ...row, fromMs: fromAt?.getTime() ?? null }]),
  );
}

export function senderKey({ kind, name }: SenderName): string {
  return `${kind} ${name}`;
}

/** When the newest alarms of each meter that were heeded were measured. */
export async function newestAlarms(connection: Connection, meterIds: readonly number[]): Promise<Map<number, number>> {
  if (meterIds.length === 0) return new Map();
  const rows: { meterId: number; newestAt: Date }[] = await connection.query(
    `SELECT meter_id AS meterId, MAX(measured_at) AS newestAt FROM inbound_messages
     WHERE meter_id IN (?) AND kind = ? AND state = 'stored' GROUP BY meter_id`,
    [meterIds, ETL_ALARMS],
  );
  return new Map(rows.map(({ meterId, newestAt }) => [meterId, newestAt.getTime()]));
}

export interface Moment {
  meterId: number;
  atMs: number;
}

// Told as constants, so that only the partitions of these months are looked into.
function spanOf(moments: readonly Moment[]): [from: string, to: string] {
  const times = moments.map(({ atMs }) => atMs);
  return [sqlTime(Math.min(...times)), sqlTime(Math.max(...times))];
}

/** The newest reading of each of these meters that is newer than the oldest of these moments. */
export async function newerReadings(connection: Connection, moments: readonly Moment[]): Promise<Map<number, number>> {
  if (moments.length === 0) return new Map();
  const rows: { meterId: number; newestAt: Date }[] = await connection.query(
    'SELECT meter_id AS meterId, MAX(at) AS newestAt FROM readings WHERE meter_id IN (?) AND at > ? GROUP BY meter_id',
    [[...new Set(moments.map(({ meterId }) => meterId))], spanOf(moments)[0]],
  );
  return new Map(rows.map(({ meterId, newestAt }) => [meterId, newestAt.getTime()]));
}

/** Which of these moments have a reading already, as `meter@moment`. */
export async function takenMoments(connection: Connection, moments: readonly Moment[]): Promise<Set<string>> {
  if (moments.length === 0) return new Set();
  const rows: { meterId: number; at: Date }[] = await connection.query(
    `SELECT r.meter_id AS meterId, r.at FROM JSON_TABLE(?, '$[*]' COLUMNS (
       meter_id INT UNSIGNED PATH '$[0]', at CHAR(23) PATH '$[1]'
     )) asked JOIN readings r ON r.meter_id = asked.meter_id AND r.at = CAST(asked.at AS DATETIME(3)) AND r.at BETWEEN ? AND ?`,
    [JSON.stringify(moments.map(({ meterId, atMs }) => [meterId, sqlTime(atMs)])), ...spanOf(moments)],
  );
  return new Set(rows.map(({ meterId, at }) => momentKey(meterId, at.getTime())));
}

export function momentKey(meterId: number, atMs: number): string {
  return `${meterId}@${atMs}`;
}
