import type { Pool } from 'mariadb';
import type { Span } from '../domain/gap.ts';
import type { Reach } from '../domain/permission.ts';
import type { InboundStateName } from './inbound-messages.ts';
import { sqlTime } from './sql-time.ts';

/** What one sender sent of one kind in a time. */
export interface Transmissions {
  sender: string;
  /** Null: values of a device. */
  kind: number | null;
  messages: number;
  /** Times that one of them came again. */
  repeats: number;
  firstAt: Date;
  last: { messageId: number; receivedAt: Date; measuredAt: Date | null; state: InboundStateName; meterId: number | null };
}

/** Where a list of them goes on. */
export interface AfterSender {
  sender: string;
  kind: number | null;
}

export interface TransmissionsQuery extends Span {
  sender?: string | undefined;
  kind?: number | undefined;
  gridZone?: string | undefined;
  after: AfterSender | null;
  limit: number;
}

type Row = {
  who: string;
  what: number;
  messages: number;
  repeats: number;
  firstAt: Date;
  messageId: number;
  receivedAt: Date;
  measuredAt: Date | null;
  state: InboundStateName;
  meterId: number | null;
};

const NO_KIND = -1;
// Those that came at one moment are told apart by when they were measured.
const NEWEST = `CONCAT(i.received_at, IFNULL(i.measured_at, '0000-00-00 00:00:00.000'), LPAD(i.id, 10, '0'))`;

/** By sender and kind; upper and lower case are two senders, as on the wire. One more than asked for tells that there are more. */
export async function listTransmissions(pool: Pick<Pool, 'query'>, reach: Reach, query: TransmissionsQuery): Promise<Transmissions[]> {
  const { fromMs, toMs, sender, kind, gridZone, after, limit } = query;
  const conditions: [sql: string, ...values: unknown[]][] = [
    ["i.received_at >= ? AND i.received_at < ? AND i.sender <> ''", sqlTime(fromMs), sqlTime(toMs)],
    ...(sender === undefined ? [] : [['i.sender = ? AND i.sender COLLATE utf8mb4_bin = ?', sender, sender] as [string, ...unknown[]]]),
    ...(kind === undefined ? [] : [['i.kind = ?', kind] as [string, ...unknown[]]]),
    ...(gridZone === undefined ? [] : [["COALESCE(NULLIF(s.grid_zone, ''), b.grid_zone) = ?", gridZone] as [string, ...unknown[]]]),
    ...(reach.everywhere ? [] : [['s.building_id IN (?)', reach.buildingIds] as [string, ...unknown[]]]),
  ];
  if (!reach.everywhere && reach.buildingIds.length === 0) return [];
  const [having, ...cursor] =
    after === null ? [''] : ['HAVING who > ? OR (who = ? AND what > ?)', after.sender, after.sender, after.kind ?? NO_KIND];
  const rows: Row[] = await pool.query(
    `SELECT g.who, g.what, g.messages, g.repeats, g.firstAt,
       m.id AS messageId, m.received_at AS receivedAt, m.measured_at AS measuredAt, m.state, m.meter_id AS meterId
     FROM (
       SELECT i.sender COLLATE utf8mb4_bin AS who, IFNULL(CAST(i.kind AS SIGNED), ${NO_KIND}) AS what, COUNT(*) AS messages,
         CAST(SUM(i.repeats) AS SIGNED) AS repeats, MIN(i.received_at) AS firstAt, CAST(RIGHT(MAX(${NEWEST}), 10) AS UNSIGNED) AS newest
       FROM inbound_messages i LEFT JOIN push_sources s ON s.id = i.source_id LEFT JOIN buildings b ON b.id = s.building_id
       WHERE ${conditions.map(([sql]) => sql).join(' AND ')}
       GROUP BY who, what ${having} ORDER BY who, what LIMIT ?
     ) g JOIN inbound_messages m ON m.id = g.newest ORDER BY g.who, g.what`,
    [...conditions.flatMap(([, ...values]) => values), ...cursor, limit + 1],
  );
  return rows.map(({ who, what, messages, repeats, firstAt, ...last }) => ({
    ...{ sender: who, kind: what === NO_KIND ? null : what, messages: Number(messages), repeats: Number(repeats), firstAt, last },
  }));
}
