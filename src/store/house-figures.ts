import type { Connection, Pool } from 'mariadb';
import type { CadenceProgress } from './cadences.ts';

/** What the database says of the house as a whole. */
export interface HouseFigures {
  cadences: ({ pattern: string } & Pick<CadenceProgress, 'tickedUntilMs'>)[];
  /** State -> how many. */
  meters: Map<string, number>;
  /** Kind -> how many are open. */
  incidents: Map<string, number>;
  mails: { waiting: number; oldestMs: number | null };
  dirtyWindows: number;
  pollers: string[];
}

type Counted = { name: string; count: number }[];

async function counted(connection: Connection, sql: string): Promise<Map<string, number>> {
  const rows: Counted = await connection.query(sql);
  return new Map(rows.map(({ name, count }) => [name, Number(count)]));
}

/** Six short statements, one after the other on one connection, each over an index. */
export async function houseFigures(pool: Pool): Promise<HouseFigures> {
  const connection = await pool.getConnection();
  try {
    const cadences: { pattern: string; ticked: Date | null }[] = await connection.query(
      'SELECT pattern, ticked_until AS ticked FROM cadences',
    );
    const meters = await counted(connection, 'SELECT state AS name, COUNT(*) AS count FROM meters GROUP BY state');
    const incidents = await counted(
      connection,
      'SELECT kind AS name, COUNT(*) AS count FROM incidents WHERE closed_at IS NULL GROUP BY kind',
    );
    const [mails]: { waiting: number; oldest: Date | null }[] = await connection.query(
      'SELECT COUNT(*) AS waiting, MIN(created_at) AS oldest FROM mail_outbox WHERE sent_at IS NULL',
    );
    const [dirty]: { windows: number }[] = await connection.query('SELECT COUNT(*) AS windows FROM dirty_windows');
    const pollers: { poller: string }[] = await connection.query('SELECT DISTINCT poller FROM `lines` ORDER BY poller');
    return {
      cadences: cadences.map(({ pattern, ticked }) => ({ pattern, tickedUntilMs: ticked?.getTime() ?? null })),
      meters,
      incidents,
      mails: { waiting: Number(mails?.waiting ?? 0), oldestMs: mails?.oldest?.getTime() ?? null },
      dirtyWindows: Number(dirty?.windows ?? 0),
      pollers: pollers.map(({ poller }) => poller),
    };
  } finally {
    await connection.release();
  }
}
