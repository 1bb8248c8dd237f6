import type { Pool } from 'mariadb';

export interface ExpectedPusher {
  meterId: number;
  cadence: string;
  /** Until when it is known what it sent or why it did not. */
  knownUntilMs: number;
  /** Whether that is a message, whose whole slot is known. */
  isMessage: boolean;
}

/** Meters that push and hang somewhere; one that never sent anything is not missed. */
export async function expectedPushers(pool: Pool): Promise<ExpectedPusher[]> {
  const rows: { meterId: number; cadence: string; newestAt: Date | null; gapTo: Date | null }[] = await pool.query(
    `SELECT m.id AS meterId, m.cadence,
       (SELECT MAX(r.at) FROM readings r WHERE r.meter_id = m.id) AS newestAt,
       (SELECT MAX(g.to_at) FROM gaps g WHERE g.meter_id = m.id) AS gapTo
     FROM meters m JOIN meter_models mm ON mm.id = m.model_id AND mm.message IS NOT NULL
     JOIN installations i ON i.meter_id = m.id AND i.running = 1
     WHERE m.state <> 'closed' ORDER BY m.id`,
  );
  return rows.flatMap(({ meterId, cadence, newestAt, gapTo }) => {
    if (newestAt === null) return [];
    const isMessage = gapTo === null || newestAt >= gapTo;
    return [{ meterId, cadence, isMessage, knownUntilMs: (isMessage ? newestAt : gapTo).getTime() }];
  });
}
