import { reach } from '../../domain/permission.ts';
import { nameOfKind } from '../../domain/show-message.ts';
import { listMessages, type InboundState, type ListedMessage } from '../../store/message-list.ts';
import { adoptSender, adoptSenderInput } from '../../use-cases/adopt-sender.ts';
import { listSenders, readMessage, type ReadMessage } from '../../use-cases/read-messages.ts';
import { replayMessage } from '../../use-cases/replay-messages.ts';
import { route, type Route } from '../contract.ts';
import { pageRequest, toList } from '../cursor.ts';
import type { ApiDeps } from '../deps.ts';
import { id, idParam, listOf, pageQuery, time, z } from '../schema.ts';

const STATES = { stored: 'stored', noted: 'noted', 'unknown-sender': 'unknown_sender', refused: 'refused' } as const;
const WORDS = { stored: 'stored', noted: 'noted', unknown_sender: 'unknown-sender', refused: 'refused' } as const satisfies Record<
  InboundState,
  keyof typeof STATES
>;
const STATE_NAMES = ['stored', 'noted', 'unknown-sender', 'refused'] as const;

const fields = {
  id,
  topic: z.string(),
  receivedAt: time,
  measuredAt: time.nullable(),
  sentAt: time.nullable(),
  sourceId: id.nullable().openapi({ description: 'The gateway or device; null where a broker of somebody else took it' }),
  kind: z.number().int().nullable().openapi({ description: 'Of an ETL message, such as 18' }),
  kindName: z.string().nullable(),
  sender: z.string(),
  state: z.enum(STATE_NAMES),
  reason: z.string().openapi({ description: 'Why it is not stored, such as before-installation; empty where it is' }),
  detail: z.string(),
  repeats: z.number().int().openapi({ description: 'Times it came again' }),
  repeatedAt: time.nullable(),
  meterId: id.nullable(),
};

const pushedMessage = z.object(fields).openapi('PushedMessage');

const pushedMessageDetail = z
  .object({
    ...fields,
    zone: z.string().nullable().openapi({ description: 'Of its building' }),
    source: z.object({ name: z.string(), buildingId: id }).nullable(),
    meter: z.object({ id, serial: z.string() }).nullable(),
    topicParts: z
      .object({ zone: z.string(), profile: z.string(), sender: z.string(), recipient: z.string(), messageClass: z.string() })
      .nullable(),
    header: z
      .object({ apiVersion: z.number().int(), kind: z.number().int(), contentLength: z.number().int(), crc: z.number().int() })
      .nullable(),
    fields: z.array(z.object({ name: z.string(), meaning: z.string().nullable(), value: z.union([z.number(), z.string()]) })),
    alarms: z.array(z.object({ name: z.string(), meaning: z.string(), on: z.boolean(), sent: z.number().int() })),
    text: z.string().nullable().openapi({ description: 'The content where it is text, such as JSON' }),
    hex: z.string().openapi({ description: 'The content, two digits a byte' }),
  })
  .openapi('PushedMessageDetail');

const sender = z
  .object({
    sender: z.string(),
    kind: z
      .number()
      .int()
      .nullable()
      .openapi({ description: 'What it measures, such as 18; null for values of a device; 30: only alarms came' }),
    kinds: z.array(z.number().int()),
    source: z.object({ id, name: z.string(), buildingId: id }).nullable(),
    messages: z.number().int(),
    firstAt: time,
    lastAt: time,
    model: z
      .object({ message: z.string(), proposed: z.string() })
      .nullable()
      .openapi({ description: 'What a model for it must be for, and the one that is proposed' }),
  })
  .openapi('UnknownSender');

const replayed = z.object({ replayed: z.number().int(), stored: z.number().int() });

function toMessage(row: ListedMessage): z.input<typeof pushedMessage> {
  return { ...row, kindName: nameOfKind(row.kind), state: WORDS[row.state] };
}

function toDetail({ row, shown, meter, zone }: ReadMessage): z.input<typeof pushedMessageDetail> {
  return {
    ...toMessage(row),
    ...shown,
    kindName: nameOfKind(row.kind),
    source: row.source,
    zone,
    meter,
    hex: Buffer.from(row.payload).toString('hex'),
  };
}

function takeDeps({ database, queues, redis, clock, log }: ApiDeps) {
  return { database, pool: database.pool, queues, redis, clock, log };
}

const tags: [string] = ['messages'];
const oneMessage = z.object({ messageId: idParam });

export const messageRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/messages',
    summary: 'Messages that were pushed, oldest first, with what became of each',
    tags,
    permission: 'message:read',
    query: z.object({
      ...pageQuery,
      state: z.enum(STATE_NAMES, `must be one of ${STATE_NAMES.join(', ')}`).optional(),
      kind: z
        .string()
        .regex(/^\d{1,3}$/, 'must be the number of a kind, such as 18')
        .transform(Number)
        .refine((kind) => kind <= 255, 'must be the number of a kind, such as 18')
        .optional()
        .openapi({ type: 'integer', minimum: 0, maximum: 255 }),
      sender: z.string().max(190).optional(),
      meterId: idParam.optional(),
    }),
    response: listOf(pushedMessage),
    handler: async ({ deps, actor, query: { state, kind, sender: from, meterId, ...page } }) => {
      const filter = { kind, sender: from, meterId, state: state && STATES[state] };
      return toList(await listMessages(deps.database.prisma, reach(actor, 'message:read'), filter, pageRequest(page)), toMessage);
    },
  }),
  route({
    method: 'get',
    path: '/messages/:messageId',
    summary: 'One message: its times, topic, header, fields or alarms, and its bytes',
    tags,
    permission: 'message:read',
    params: oneMessage,
    response: pushedMessageDetail,
    handler: async ({ deps, actor, params }) => toDetail(await readMessage(deps, actor, { id: params.messageId })),
  }),
  route({
    method: 'post',
    path: '/messages/:messageId/replay',
    name: 'replayMessage',
    summary: 'Judge a message anew that is not stored, once what stood in its way is mended',
    tags,
    permission: 'message:change',
    params: oneMessage,
    response: replayed.openapi('Replayed'),
    handler: ({ deps, actor, params }) => replayMessage(takeDeps(deps), actor, { id: params.messageId }),
  }),
  route({
    method: 'get',
    path: '/senders',
    name: 'listUnknownSenders',
    summary: 'Who pushes and is known by nobody, the most recent ones first, up to 500',
    tags,
    permission: 'message:read',
    response: z.object({ items: z.array(sender) }),
    handler: async ({ deps, actor }) => ({ items: await listSenders(deps, actor) }),
  }),
  route({
    method: 'post',
    path: '/senders/adopt',
    name: 'adoptSender',
    summary: 'Give a sender a meter: one that is there, or a new one in a flat; what waits is stored',
    tags,
    permission: 'message:change',
    body: adoptSenderInput,
    response: replayed.extend({ meterId: id }).openapi('Adopted'),
    handler: ({ deps, actor, body }) => adoptSender(takeDeps(deps), actor, body),
  }),
];
