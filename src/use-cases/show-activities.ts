import { reach, type Actor } from '../domain/permission.ts';
import { listActivities } from '../store/activities.ts';
import { findBuilding } from '../store/buildings.ts';
import type { Database } from '../store/database.ts';
import type { Page } from '../store/page.ts';
import { namesOfSubjects, subjectIn, type Subject } from '../store/subjects.ts';
import { namesOfUsers } from '../store/users.ts';
import { demand, seen } from './access.ts';

export interface ShownActivity {
  id: number;
  at: Date;
  /** Null: Wattbook by itself. */
  person: string | null;
  action: string;
  about: (Subject & { name: string | null }) | null;
  detail: string;
}

/** Who did what in a building, the newest first. */
export async function showActivities(
  { database }: { database: Pick<Database, 'prisma'> },
  actor: Actor,
  { buildingId, ...page }: { buildingId: number; beforeId: number | null; limit: number },
): Promise<Page<ShownActivity>> {
  const { prisma } = database;
  seen(await findBuilding(prisma, reach(actor, 'building:read'), buildingId), 'This building');
  demand(actor, 'building-activity:read', { buildingId });
  const { items, nextAfterId } = await listActivities(prisma, { buildingId, ...page });
  const people = await namesOfUsers(
    prisma,
    items.flatMap(({ userId }) => userId ?? []),
  );
  const names = await namesOfSubjects(
    prisma,
    items.map(({ subject }) => subject),
  );
  return {
    items: items.map(({ id, at, userId, actor: by, action, subject, detail }) => {
      const about = subjectIn(subject);
      return {
        ...{ id, at, action, detail },
        person: userId === null ? (by === 'system' ? null : by) : (people.get(userId) ?? by),
        about: about && { ...about, name: names.get(subject) ?? null },
      };
    }),
    nextAfterId,
  };
}
