import { KEPT_KINDS, type KeptMonths } from '../../domain/retention.ts';
import { demand } from '../../use-cases/access.ts';
import { changeKeeping, changeKeepingInput } from '../../use-cases/change-keeping.ts';
import { showKeeping, type Keeping } from '../../use-cases/show-keeping.ts';
import { route, type Route } from '../contract.ts';
import { time, z } from '../schema.ts';

const count = z.number().int();
const months = count.nullable().openapi({ type: ['integer', 'null'], description: 'Null: for ever' });
const size = { rows: count.openapi({ description: 'As the database estimates them' }), bytes: count };
const stored = z.object({ name: z.string(), until: time.nullable(), ...size });

const keeping = z
  .object({
    kinds: z.array(
      z.object({
        kind: z.enum(KEPT_KINDS),
        label: z.string(),
        about: z.string(),
        months,
        standard: months,
        least: count,
        droppedUntil: time.nullable(),
        next: z
          .object({ before: time.nullable(), months: z.array(stored), ...size, obstacles: z.array(z.string()) })
          .openapi({ description: 'What the next run drops, and why it stops earlier than it should' }),
      }),
    ),
    tables: z.array(z.object({ table: z.string(), ...size })),
    readings: z.array(stored),
    intervals: z.array(stored),
  })
  .openapi('Keeping');

const at = (ms: number | null) => (ms === null ? null : new Date(ms));
const monthsOf = (kept: KeptMonths) => (kept === 'forever' ? null : kept);

function toKeeping({ kinds, tables, months: byTable }: Keeping): z.input<typeof keeping> {
  const toStored = (month: Keeping['months']['readings'][number]) => ({ ...month, until: at(month.untilMs) });
  return {
    kinds: kinds.map(({ kept, standard, next, droppedUntilMs, ...kind }) => ({
      ...kind,
      months: monthsOf(kept),
      standard: monthsOf(standard),
      droppedUntil: at(droppedUntilMs),
      next: { ...next, before: at(next.beforeMs), months: next.months.map(toStored) },
    })),
    tables,
    readings: byTable.readings.map(toStored),
    intervals: byTable.intervals.map(toStored),
  };
}

const tags: [string] = ['keeping'];

export const keepingRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/keeping',
    name: 'showKeeping',
    summary: 'What is kept for how long, how large it is, and what goes next',
    tags,
    permission: 'setting:read',
    response: keeping,
    handler: async ({ deps, actor }) => toKeeping(await showKeeping(deps, actor)),
  }),
  route({
    method: 'put',
    path: '/keeping',
    name: 'changeKeeping',
    summary: 'How long a kind is kept; shorter than before only with `confirmed`',
    tags,
    permission: 'setting:change',
    body: changeKeepingInput,
    response: keeping,
    async handler({ deps, actor, body }) {
      // The answer is for readers too: whoever may not see it learns so before anything is changed.
      demand(actor, 'setting:read');
      await changeKeeping(deps, actor, body);
      return toKeeping(await showKeeping(deps, actor));
    },
  }),
];
