import { afterAll, beforeAll, expect, test } from 'vitest';
import { addLivedInBuilding, AFTERNOON_MS } from '../support/lived-in-building.ts';
import { logInAs, makePerson, openTestApp, type TestAgent, type TestApp } from '../support/test-app.ts';

/** Berlin's June until the afternoon in which the test plays. */
const JUNE = ['2026-05-31 22:00:00', '2026-06-18 13:00:00'];

let running: TestApp;
let viewer: TestAgent;
let buildingId: number;

beforeAll(async () => {
  running = await openTestApp({ deps: { clock: () => AFTERNOON_MS } });
  ({ buildingId } = await addLivedInBuilding(running.database));
  viewer = (await logInAs(running.app, await makePerson(running, 'viewer@example.org', { role: 'viewer', buildingId }))).agent;
});
afterAll(() => running.close());

interface Sources {
  month: string;
  flats: { id: number; consumptionWh: number | null; gridWh: number | null; ownWh: number[] }[];
  producers: { id: number; producedWh: number | null; usedWh: number }[];
}

function sumsOf(kinds: readonly string[], flow: string): Promise<{ id: number; wh: string | null }[]> {
  return running.database.pool.query(
    `SELECT f.id, SUM(i.wh) AS wh FROM intervals i JOIN points p ON p.id = i.point_id JOIN flats f ON f.id = p.flat_id
     WHERE f.building_id = ? AND f.kind IN (?) AND i.flow = ? AND i.slot >= ? AND i.slot < ? GROUP BY f.id ORDER BY f.id`,
    [buildingId, kinds, flow, ...JUNE],
  );
}

const known = (rows: { id: number; wh: string | null }[]) => rows.flatMap(({ id, wh }) => (wh === null ? [] : [[id, Number(wh)]]));

test('what the flats used and the producers made is what the tables say, and the split takes no more than that', async () => {
  const body = (await viewer.get(`/api/v1/buildings/${buildingId}/sources`).expect(200)).body as Sources;
  expect(body.month).toBe('2026-06');
  const used = body.flats.flatMap(({ id, consumptionWh }) => (consumptionWh === null ? [] : [[id, consumptionWh]]));
  expect(used.toSorted(([a], [b]) => a! - b!)).toEqual(known(await sumsOf(['consumer', 'common', 'ev'], 'import')));
  const made = body.producers.flatMap(({ id, producedWh }) => (producedWh === null ? [] : [[id, producedWh]]));
  expect(made.length).toBeGreaterThan(0);
  expect(made.toSorted(([a], [b]) => a! - b!)).toEqual(known(await sumsOf(['producer'], 'export')));
  for (const flat of body.flats) {
    if (flat.consumptionWh !== null) expect(flat.gridWh! + flat.ownWh.reduce((sum, wh) => sum + wh, 0)).toBe(flat.consumptionWh);
  }
  for (const { usedWh, producedWh } of body.producers) expect(usedWh).toBeLessThanOrEqual(producedWh ?? 0);
});

test.each([
  ['2026-13', 'must be a month, such as 2026-01'],
  ['2027-01', 'has not begun yet: take one that is over'],
])('%s is no month to ask for', async (month, problem) => {
  const { body } = await viewer.get(`/api/v1/buildings/${buildingId}/sources?month=${month}`).expect(400);
  expect((body as { fields: unknown }).fields).toEqual({ month: problem });
});
