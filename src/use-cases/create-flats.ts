import { z } from 'zod';
import { flatNameKey } from '../domain/flat-list.ts';
import { reach, type Actor } from '../domain/permission.ts';
import { say, sayAll, type Refusal } from '../domain/refusal.ts';
import { Conflict, InvalidInput } from '../errors.ts';
import { recordActivity } from '../store/activities.ts';
import { findBuilding } from '../store/buildings.ts';
import { flatsOfBuilding, insertFlat, type FlatRow } from '../store/flats.ts';
import { lockRow, transact } from '../store/prisma-transaction.ts';
import { demand, seen, type Deps } from './access.ts';
import { flatFields } from './create-flat.ts';
import { idField, parseInput } from './input.ts';

const MOST = 500;

export const createFlatsInput = z.strictObject({
  flats: z
    .array(z.strictObject(flatFields), 'must be a list of flats')
    .min(1, 'must have at least one flat')
    .max(MOST, `takes at most ${MOST} flats at once`),
});
const whole = createFlatsInput.extend({ buildingId: idField });

type Wanted = readonly { name: string }[];
type Problems = Record<string, Refusal>;

function problemsOf(flats: Wanted, problem: (flat: Wanted[number], index: number) => Refusal | null): Problems {
  return Object.fromEntries(
    flats.flatMap((flat, index) => {
      const found = problem(flat, index);
      return found === null ? [] : [[`flats.${index}.name`, found]];
    }),
  );
}

function refuseIf(problems: Problems, refuse: (problems: Problems) => Error): void {
  if (Object.keys(problems).length > 0) throw refuse(problems);
}

/** The flats of a building from a list: all of them or none. */
export async function createFlats(deps: Deps, actor: Actor, input: z.input<typeof whole>): Promise<FlatRow[]> {
  const { buildingId, flats } = parseInput(whole, input);
  const keys = flats.map(({ name }) => flatNameKey(name));
  refuseIf(
    problemsOf(flats, ({ name }, index) => (keys.indexOf(keys[index] ?? '') < index ? say('flatTwice', name) : null)),
    (problems) => new InvalidInput(problems),
  );
  return transact(deps.database.prisma, async (tx) => {
    seen(await findBuilding(tx, reach(actor, 'building:read'), buildingId), 'This building');
    demand(actor, 'flat:change', { buildingId });
    await lockRow(tx, 'buildings', buildingId);
    const taken = new Set((await flatsOfBuilding(tx, buildingId)).map(({ name }) => flatNameKey(name)));
    refuseIf(
      problemsOf(flats, ({ name }, index) => (taken.has(keys[index] ?? '') ? say('flatThere', name) : null)),
      (fields) => new Conflict(sayAll(Object.values(fields)), { fields }),
    );
    const rows: FlatRow[] = [];
    for (const flat of flats) {
      const row = await insertFlat(tx, { ...flat, buildingId });
      await recordActivity(tx, actor, { action: 'create-flat', subject: `flat-${row.id}`, detail: row.name });
      rows.push(row);
    }
    return rows;
  });
}
