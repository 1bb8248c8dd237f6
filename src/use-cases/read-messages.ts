import { reach, type Actor } from '../domain/permission.ts';
import { showMessage, type ShownMessage } from '../domain/show-message.ts';
import { findMessage, unknownSenders, type FoundMessage, type UnknownSender } from '../store/message-list.ts';
import { findMeter } from '../store/meters.ts';
import { seen, type Deps } from './access.ts';
import { modelFor } from './adopt-sender.ts';

export interface ReadMessage {
  row: FoundMessage;
  shown: ShownMessage;
  /** As far as the person may see it. */
  meter: { id: number; serial: string } | null;
  /** Of the building it belongs to; null where it belongs to none. */
  zone: string | null;
}

/** One message with all that can be read of it. */
export async function readMessage(
  { database: { prisma } }: Pick<Deps, 'database'>,
  actor: Actor,
  { id }: { id: number },
): Promise<ReadMessage> {
  const row = seen(await findMessage(prisma, reach(actor, 'message:read'), id), 'This message');
  const meter = row.meterId === null ? null : await findMeter(prisma, reach(actor, 'meter:read'), row.meterId);
  const hangs = meter?.installations.at(-1)?.point.flat.building.zone ?? null;
  return {
    row,
    shown: showMessage(row),
    meter: meter && { id: meter.id, serial: meter.serial },
    zone: row.source?.building.zone ?? hangs,
  };
}

/** Who pushes and is known by nobody, with the model that fits what comes. */
export async function listSenders(
  { database: { prisma } }: Pick<Deps, 'database'>,
  actor: Actor,
): Promise<(UnknownSender & { model: { message: string; proposed: string } | null })[]> {
  const senders = await unknownSenders(prisma, reach(actor, 'message:read'));
  return senders.map((sender) => ({ ...sender, model: modelFor(sender.kind) }));
}
