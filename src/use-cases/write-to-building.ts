import { z } from 'zod';
import { reach, reachAt, type Actor } from '../domain/permission.ts';
import { say, SENTENCES } from '../domain/refusal.ts';
import { Conflict } from '../errors.ts';
import type { Quotas } from '../http/quota.ts';
import type { Queues } from '../queue/queues.ts';
import { recordActivity } from '../store/activities.ts';
import type { Building } from '../store/buildings.ts';
import type { Database } from '../store/database.ts';
import { queueMail } from '../store/outbox.ts';
import { contactBuildings } from '../store/contact-buildings.ts';
import { seen, type Deps } from './access.ts';
import { nameField, parseInput } from './input.ts';

export interface ContactDeps extends Deps {
  database: Pick<Database, 'prisma' | 'pool'>;
  queues: Pick<Queues, 'addMails'>;
  quotas: Pick<Quotas, 'messages'>;
}

// Besides line breaks, what shows a text other than it is.
const UNSEEN = /[\p{Cc}\u202A-\u202E\u2066-\u2069]/u;

export const messageInput = z.strictObject({
  subject: nameField(120),
  message: z
    .string('must be a text')
    .transform((text) => text.replace(/\r\n?/g, '\n').trim())
    .pipe(
      z
        .string()
        .min(1, SENTENCES.en.fieldEmpty)
        .max(4_000, 'takes at most 4000 characters')
        .refine((text) => !UNSEEN.test(text.replace(/[\n\t]/g, '')), SENTENCES.en.controlCharacters),
    ),
});

/** Where one may write: the buildings that one sees, and that of the own flat or meter today. */
export function listContactBuildings(deps: Deps, actor: Actor): Promise<Building[]> {
  const own = reachAt(reach(actor, 'flat:read'), deps.clock());
  return contactBuildings(deps.database.prisma, reach(actor, 'building:read'), own);
}

/** A mail to whoever is entered at the building. It comes from us, and its answer goes to the person. */
export async function writeToBuilding(
  deps: ContactDeps,
  actor: Actor,
  { buildingId, ...input }: z.input<typeof messageInput> & { buildingId: number },
): Promise<void> {
  const { subject, message } = parseInput(messageInput, input);
  const building = seen((await listContactBuildings(deps, actor)).find(({ id }) => id === buildingId) ?? null, 'This building');
  if (building.recipients.trim() === '') throw new Conflict(say('nobodyReceives', building.name));
  await deps.quotas.messages.take({ person: actor.userId, building: buildingId });
  const mail = await queueMail(deps.database.pool, {
    incidentId: null,
    template: 'contact',
    language: building.language,
    recipients: building.recipients,
    data: { building: building.name, name: actor.name, email: actor.email, subject, message },
  });
  const detail = `${subject}: ${message}`;
  await recordActivity(deps.database.prisma, actor, { action: 'write-to-building', subject: `building-${buildingId}`, detail });
  if (mail !== null) await deps.queues.addMails([mail]);
}
