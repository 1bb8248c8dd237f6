import { reach } from '../../domain/permission.ts';
import { nameOfKind } from '../../domain/show-message.ts';
import { listTransmissions, type AfterSender } from '../../store/transmissions.ts';
import { rangeOf } from '../../use-cases/time-range.ts';
import { route, type Route } from '../contract.ts';
import { gridZoneParam, id, listOf, pageQuery, rangeQuery, time, z } from '../schema.ts';

const LONGEST_DAYS = 31;
const PREFIX = 'sender:';

const transmissions = z
  .object({
    sender: z.string(),
    kind: z.number().int().nullable().openapi({ description: 'Of an ETL message, such as 18; null for the values of a device' }),
    kindName: z.string().nullable(),
    messages: z.number().int().openapi({ description: 'How many came in the time asked for, each counted once' }),
    repeats: z.number().int().openapi({ description: 'Times that one of them came again' }),
    firstAt: time,
    last: z
      .object({
        messageId: id,
        receivedAt: time,
        measuredAt: time.nullable(),
        state: z.enum(['stored', 'noted', 'unknown-sender', 'refused']),
        meterId: id.nullable(),
      })
      .openapi({ description: 'The newest of that time; GET /messages/{messageId} has its fields' }),
  })
  .openapi('Transmissions');

function encodeSender({ sender, kind }: AfterSender): string {
  return Buffer.from(`${PREFIX}${kind ?? ''}:${sender}`).toString('base64url');
}

function decodeSender(cursor: string): AfterSender | null {
  const match = /^sender:(\d{0,3}):(.+)$/s.exec(Buffer.from(cursor, 'base64url').toString());
  if (match === null) return null;
  const [, kind = '', sender = ''] = match;
  return { sender, kind: kind === '' ? null : Number(kind) };
}

export const transmissionRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/transmissions',
    summary: 'How many messages each sender pushed in [from, to), by kind, and the last one of each; today by default',
    tags: ['messages'],
    permission: 'message:read',
    query: z.object({
      limit: pageQuery.limit,
      cursor: z
        .string()
        .max(1_100)
        .refine((cursor) => decodeSender(cursor) !== null, 'is not a cursor of this list')
        .optional(),
      from: rangeQuery.from.openapi({ description: `ISO 8601 with an offset, or a day in UTC; at most ${LONGEST_DAYS} days` }),
      to: rangeQuery.to,
      sender: z.string().min(1).max(190).optional(),
      kind: z
        .string()
        .regex(/^\d{1,3}$/, 'must be the number of a kind, such as 18')
        .transform(Number)
        .optional()
        .openapi({ type: 'integer', minimum: 0, maximum: 255 }),
      gridZone: gridZoneParam.optional(),
    }),
    response: listOf(transmissions),
    handler: async ({ deps, actor, query: { from, to, cursor, limit, ...filter } }) => {
      const span = rangeOf({ from, to }, 'UTC', { nowMs: deps.clock(), longestDays: LONGEST_DAYS });
      const after = cursor === undefined ? null : decodeSender(cursor);
      const rows = await listTransmissions(deps.database.pool, reach(actor, 'message:read'), { ...span, ...filter, after, limit });
      const items = rows.slice(0, limit);
      const last = items.at(-1);
      return {
        items: items.map((row) => ({ ...row, kindName: nameOfKind(row.kind) })),
        next: rows.length > limit && last ? encodeSender(last) : null,
      };
    },
  }),
];
