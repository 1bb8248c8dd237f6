import type { Prisma } from '../generated/prisma/client.ts';
import type { Db } from './prisma-transaction.ts';

const LOAD = {
  installations: {
    where: { running: true },
    select: {
      meter: {
        select: {
          id: true,
          cadence: true,
          model: { include: { registers: true } },
          holes: { select: { function: true, address: true, count: true } },
        },
      },
    },
  },
} as const satisfies Prisma.LineInclude;

/** A line with all that is read on it. */
export type LineLoad = Prisma.LineGetPayload<{ include: typeof LOAD }>;

export function findLineLoad(db: Db, lineId: number): Promise<LineLoad | null> {
  return db.line.findUnique({ where: { id: lineId }, include: LOAD });
}
