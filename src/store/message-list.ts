import type { Reach } from '../domain/permission.ts';
import type { InboundMessage, InboundState } from '../generated/prisma/client.ts';
import { cutPage, pageQuery, type Page, type PageRequest } from './page.ts';
import type { Db } from './prisma-transaction.ts';
import { messagesWithin } from './reach.ts';

export type { InboundMessage, InboundState };

export interface MessageFilter {
  state?: InboundState | undefined;
  kind?: number | undefined;
  sender?: string | undefined;
  meterId?: number | undefined;
}

export type ListedMessage = Omit<InboundMessage, 'payload' | 'hash'>;

export async function listMessages(db: Db, reach: Reach, filter: MessageFilter, page: PageRequest): Promise<Page<ListedMessage>> {
  const { where, ...rest } = pageQuery(page);
  const found = { AND: [messagesWithin(reach), filter, where] };
  return cutPage(await db.inboundMessage.findMany({ where: found, ...rest, omit: { payload: true, hash: true } }), page);
}

export type FoundMessage = InboundMessage & { source: { name: string; buildingId: number; building: { zone: string } } | null };

export function findMessage(db: Db, reach: Reach, id: number): Promise<FoundMessage | null> {
  return db.inboundMessage.findFirst({
    where: { AND: [messagesWithin(reach), { id }] },
    include: { source: { select: { name: true, buildingId: true, building: { select: { zone: true } } } } },
  });
}

/** Somebody who pushes and is known by nobody. */
export interface UnknownSender {
  sender: string;
  /** What it measures: the newest of its kinds that have values, null for the values of a device, 30 where only alarms came. */
  kind: number | null;
  kinds: number[];
  source: { id: number; name: string; buildingId: number } | null;
  messages: number;
  firstAt: Date;
  lastAt: Date;
}

const MOST_SENDERS = 500;
const MEASURING = [18, 21];

/** The most recent ones first; once for each gateway or device that brings their messages. */
export async function unknownSenders(db: Db, reach: Reach, sender?: string): Promise<UnknownSender[]> {
  const groups = await db.inboundMessage.groupBy({
    by: ['sender', 'kind', 'sourceId'],
    where: { AND: [messagesWithin(reach), { state: 'unknown_sender' }, sender === undefined ? {} : { sender }] },
    _count: true,
    _min: { receivedAt: true },
    _max: { receivedAt: true },
    orderBy: { _max: { receivedAt: 'desc' } },
    take: MOST_SENDERS,
  });
  const ids = groups.flatMap(({ sourceId }) => sourceId ?? []);
  const rows = await db.pushSource.findMany({ where: { id: { in: ids } }, select: { id: true, name: true, buildingId: true } });
  const sources = new Map(rows.map((row) => [row.id, row]));
  const senders = new Map<string, UnknownSender>();
  for (const { sender: name, kind, sourceId, _count, _min, _max } of groups) {
    const key = JSON.stringify([name, kind === null, sourceId]);
    const [firstAt, lastAt] = [_min.receivedAt ?? new Date(0), _max.receivedAt ?? new Date(0)];
    const before = senders.get(key);
    if (before === undefined) {
      const source = sourceId === null ? null : (sources.get(sourceId) ?? null);
      senders.set(key, { sender: name, kind, kinds: kind === null ? [] : [kind], source, messages: _count, firstAt, lastAt });
      continue;
    }
    if (kind !== null) before.kinds.push(kind);
    if (before.kind !== null && !MEASURING.includes(before.kind)) before.kind = kind;
    before.messages += _count;
    if (firstAt < before.firstAt) before.firstAt = firstAt;
  }
  return [...senders.values()];
}
