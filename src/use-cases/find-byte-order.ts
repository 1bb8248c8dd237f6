import { z } from 'zod';
import { findByteOrder, type Verdict } from '../domain/byte-order-detective.ts';
import { can, reach, type Actor } from '../domain/permission.ts';
import { checkPhysics, type PhysicsCheck } from '../domain/physics.ts';
import type { AdHoc } from '../queue/ad-hoc.ts';
import { countOfModel, findModel, toModel } from '../store/meter-models.ts';
import { findMeter } from '../store/meters.ts';
import { seen, type Deps } from './access.ts';
import { idField, parseInput, wholeField } from './input.ts';
import { readMeterNow } from './read-meter-now.ts';

const MOST_EARLIER = 5;
const word = wholeField(0, 0xffff);

/** Raw words of a read, as this use case answered them before. */
const rawRead = z.strictObject({
  atMs: wholeField(0, Number.MAX_SAFE_INTEGER),
  blocks: z.array(z.strictObject({ function: wholeField(1, 4), address: word, words: z.array(word).max(2_000) })).max(64),
});

const input = z.strictObject({ meterId: idField, earlier: z.array(rawRead).max(MOST_EARLIER).optional() });

export type Suspicion =
  | {
      ok: true;
      verdict: Verdict;
      /** Of today's map. */
      today: { values: Record<string, number>; checks: PhysicsCheck[] };
      reads: z.output<typeof rawRead>[];
      model: { id: number; key: string; name: string; meters: number; mayChange: boolean };
    }
  | { ok: false; reason: string; detail: string; latencyMs: number };

/** Reads a meter whose values look wrong, and ranks what its raw words could mean. An earlier read shows whether counters run. */
export async function findMeterByteOrder(
  deps: Deps & { adHoc: Pick<AdHoc, 'ask'> },
  actor: Actor,
  given: z.input<typeof input>,
): Promise<Suspicion> {
  const { meterId, earlier = [] } = parseInput(input, given);
  const { prisma } = deps.database;
  const reply = await readMeterNow(deps, actor, { meterId });
  if (!reply.ok) return reply;
  const meter = seen(await findMeter(prisma, reach(actor, 'meter:read'), meterId), 'This meter');
  const row = seen(await findModel(prisma, meter.modelId), 'Its model');
  const running = meter.installations.find((installation) => installation.running);
  const ratios = { ct: running?.ctRatio ?? 1, pt: running?.ptRatio ?? 1 };
  const now = { atMs: Date.parse(reply.takenAt), blocks: reply.blocks };
  const reads = [...earlier.filter(({ atMs }) => atMs < now.atMs), now];
  return {
    ok: true,
    verdict: findByteOrder({ model: toModel(row), reads, ratios }),
    today: { values: reply.values, checks: checkPhysics([{ atMs: now.atMs, values: reply.values }], ratios) },
    reads,
    model: {
      id: row.id,
      key: row.key,
      name: `${row.vendor} ${row.name}`,
      meters: (await countOfModel(prisma, row.id)).meters,
      mayChange: can(actor, 'model:change'),
    },
  };
}
