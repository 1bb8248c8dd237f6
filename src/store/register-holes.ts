import type { Pool } from 'mariadb';
import type { RegisterHole } from '../domain/register-hole.ts';
import type { Db } from './prisma-transaction.ts';

export async function insertHoles(pool: Pool, meterId: number, holes: readonly RegisterHole[]): Promise<void> {
  await pool.query(
    `INSERT INTO register_holes (meter_id, \`function\`, address, \`count\`) VALUES ${holes.map(() => '(?)').join(', ')}
     ON DUPLICATE KEY UPDATE \`count\` = GREATEST(\`count\`, VALUES(\`count\`)), learned_at = CURRENT_TIMESTAMP(3)`,
    holes.map((hole) => [meterId, hole.function, hole.address, hole.count]),
  );
}

export function listHoles(db: Db, meterId: number): Promise<(RegisterHole & { learnedAt: Date })[]> {
  return db.registerHole.findMany({
    where: { meterId },
    select: { function: true, address: true, count: true, learnedAt: true },
    orderBy: [{ function: 'asc' }, { address: 'asc' }],
  });
}

export async function deleteHoles(db: Db, meterId: number): Promise<void> {
  await db.registerHole.deleteMany({ where: { meterId } });
}
