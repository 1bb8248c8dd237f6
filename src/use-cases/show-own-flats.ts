import { ownOf, reach, type Actor, type Period } from '../domain/permission.ts';
import type { Database } from '../store/database.ts';
import { findFlat, type FlatRow } from '../store/flats.ts';

export interface OwnFlatShown {
  flat: FlatRow;
  /** When one lived there, oldest first. */
  periods: Period[];
}

/** The flats of one's own, also those one has moved out of: their time stays one's own. */
export async function showOwnFlats({ database }: { database: Pick<Database, 'prisma'> }, actor: Actor): Promise<OwnFlatShown[]> {
  const mine = ownOf(reach(actor, 'flat:read'));
  const { ownFlats } = mine;
  const ids = [...new Set(ownFlats.map(({ flatId }) => flatId))];
  const flats = await Promise.all(ids.map((id) => findFlat(database.prisma, mine, id)));
  const newest = ({ periods }: OwnFlatShown) => periods.at(-1)?.toMs ?? Number.POSITIVE_INFINITY;
  return flats
    .flatMap((flat) => {
      if (flat === null) return [];
      const periods = ownFlats.filter(({ flatId }) => flatId === flat.id).map(({ fromMs, toMs }) => ({ fromMs, toMs }));
      return [{ flat, periods: periods.toSorted((a, b) => (a.fromMs ?? 0) - (b.fromMs ?? 0)) }];
    })
    .toSorted((a, b) => newest(b) - newest(a) || a.flat.id - b.flat.id);
}
