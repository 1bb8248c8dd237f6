import { Prisma, type PrismaClient } from '../generated/prisma/client.ts';

/** The client itself or a transaction of it. */
export type Db = Prisma.TransactionClient;

const ATTEMPTS = 5;
// For what hangs. A busy or small machine may need seconds for what is usually done in a blink.
const WITHIN_MS = 60_000;

function isKnown(err: unknown, code: string): boolean {
  return err instanceof Prisma.PrismaClientKnownRequestError && err.code === code;
}

/** Somebody else wrote what must be there once. */
export function isDuplicate(err: unknown): boolean {
  return isKnown(err, 'P2002');
}

/** Read committed, so that what is read after a lock is what the other one left. A deadlock begins again. */
export async function transact<T>(prisma: PrismaClient, work: (tx: Db) => Promise<T>, withinMs = WITHIN_MS): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await prisma.$transaction(work, { isolationLevel: 'ReadCommitted', maxWait: 5_000, timeout: withinMs });
    } catch (err) {
      if (attempt === ATTEMPTS || !isKnown(err, 'P2034')) throw err;
    }
  }
}

// Where several are locked, in this order, so that two never wait for each other.
type LockedTable = 'buildings' | 'flats' | 'lines' | 'meters';

/** Whoever writes what hangs on this row waits here until we are done. */
export async function lockRow(tx: Db, table: LockedTable, id: number): Promise<void> {
  await tx.$queryRaw`SELECT id FROM ${Prisma.raw(`\`${table}\``)} WHERE id = ${id} FOR UPDATE`;
}
