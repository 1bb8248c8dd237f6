import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SlotEnergy } from '../support/billed-building.ts';
import { FROM, makeBilledMonth, TO } from '../support/billed-month.ts';
import { rollUp } from '../../src/store/roll-ups.ts';
import { inTransaction } from '../../src/store/transaction.ts';
import { logInAs, makePerson, openTestApp, type TestAgent, type TestApp } from '../support/test-app.ts';

const QUARTER_MS = 15 * 60_000;
// 1 April in Berlin, just after midnight: the month is over and settled.
const AFTER_MS = TO + 20 * 60_000;
/** The 20th, noon: Ben moves in, Ada has left on the 11th. */
const MOVES = { adaLeaves: Date.parse('2026-03-10T23:00:00Z'), benEnters: Date.parse('2026-03-20T11:00:00Z') };

let running: TestApp;
let month: Awaited<ReturnType<typeof makeBilledMonth>>;
let nowMs = AFTER_MS;
let agents: Record<'ada' | 'ben' | 'provider' | 'neighbour', TestAgent>;
let left: { flatId: number; pointId: number };

const hourOf = (ms: number) => Math.floor((ms - FROM) / 3_600_000);

/** Something of everything: no two days alike, a day without readings, one estimated, an hour over 1.5 kWh. */
function used(slotMs: number): SlotEnergy {
  const day = Math.floor(hourOf(slotMs) / 24);
  if (day === 4 && hourOf(slotMs) % 24 < 6) return null;
  const wh = 40 + 7 * day + ((hourOf(slotMs) * 13) % 90);
  if (day === 6) return { wh, quality: 'estimated' };
  return hourOf(slotMs) === 8 * 24 + 19 ? 400 : wh;
}

beforeAll(async () => {
  running = await openTestApp({ deps: { clock: () => nowMs } });
  const { database } = running;
  const { prisma } = database;
  month = await makeBilledMonth(database, 'House');
  const { house } = month;
  await month.write(house.left.pointId, used);
  await month.write(house.right.pointId, () => 60);
  await month.write(house.stairs.pointId, () => 10);
  await month.write(house.roof.pointId, (ms) => (hourOf(ms) % 24 > 7 && hourOf(ms) % 24 < 18 ? 130 : 0), 'export');
  const pointIds = [house.left, house.right, house.stairs, house.roof].map(({ pointId }) => pointId);
  await inTransaction(database.pool, (connection) => rollUp(connection, pointIds, { fromMs: FROM, toMs: TO }, 'Europe/Berlin'));
  await month.makeTariff({
    bands: [{ name: 'Day', weekdays: [1, 2, 3, 4, 5], from: '06:00', to: '22:00', price: '0.3537' }],
    energyPrice: '0.2811',
    ownPrice: '0.1999',
  });
  await prisma.point.update({ where: { id: house.left.pointId }, data: { hourlyLimitKwh: 1.5 } });
  left = house.left;
  const tenant = async (name: string, flatId: number, fromAt: Date, toAt: Date | null) => {
    const person = await makePerson(running, `${name.toLowerCase()}@example.org`, { role: 'tenant', buildingId: null });
    await prisma.tenancy.create({ data: { flatId, name, fromAt, toAt, users: { create: [{ userId: person.id }] } } });
    return (await logInAs(running.app, person)).agent;
  };
  const since = new Date('2025-01-01T00:00:00Z');
  const provider = await makePerson(running, 'provider@example.org', { role: 'service-provider', buildingId: house.buildingId });
  agents = {
    ada: await tenant('Ada', left.flatId, since, new Date(MOVES.adaLeaves)),
    ben: await tenant('Ben', left.flatId, new Date(MOVES.benEnters), null),
    neighbour: await tenant('Nora', house.right.flatId, since, null),
    provider: (await logInAs(running.app, provider)).agent,
  };
});
afterAll(() => running.close());

type Item = { from: string; to: string; wh: number | null; state: string; beforeWh: number | null; hoursOver: number };

const usageOf = async (agent: TestAgent, query: string) =>
  (await agent.get(`/api/v1/flats/${left.flatId}/usage?${query}`).expect(200)).body as {
    items: Item[];
    wh: number | null;
    before: { from: string };
    change: { beforeWh: number } | null;
    limits: { limitWh: number }[];
  };
const costOf = async (agent: TestAgent, query: string) =>
  (await agent.get(`/api/v1/flats/${left.flatId}/usage/cost?${query}`).expect(200)).body as {
    currency: string | null;
    items: { gridWh: number | null; ownWh: number | null; cost: string | null }[];
    gridWh: number | null;
    ownWh: number | null;
    lines: { kind: string; label: string; wh: number; amount: string }[];
    cost: string | null;
  };

/** Whole Wh of the flat by SQL, from the quarter hours themselves. */
async function whBySql(fromMs: number, toMs: number): Promise<number | null> {
  const text = (ms: number) => new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
  const [row]: { wh: string | null }[] = await running.database.pool.query(
    "SELECT SUM(wh) AS wh FROM intervals WHERE point_id = ? AND flow = 'import' AND slot >= ? AND slot < ?",
    [left.pointId, text(fromMs), text(toMs)],
  );
  return row!.wh === null ? null : Number(row!.wh);
}

const sameAsSql = async (items: readonly Item[]) => {
  for (const { from, to, wh } of items) expect([from, wh]).toEqual([from, await whBySql(Date.parse(from), Date.parse(to))]);
};

describe('every figure is that of the quarter hours', () => {
  test('a day by its hours, beside the same weekday before', async () => {
    const day = await usageOf(agents.provider, 'view=day&day=2026-03-10');
    expect(day.items).toHaveLength(24);
    await sameAsSql(day.items);
    expect(day.before.from).toBe('2026-03-03');
    const start = Date.parse('2026-03-09T23:00:00Z');
    const whole = await whBySql(start, start + 96 * QUARTER_MS);
    expect(day.wh).toBe(whole);
    expect(day.change).toEqual({
      wh: whole,
      beforeWh: await whBySql(start - 7 * 96 * QUARTER_MS, start - 6 * 96 * QUARTER_MS),
      until: new Date(start + 96 * QUARTER_MS).toISOString(),
      left: 0,
    });
  });

  test('a month by its days: what is missing, estimated and over the limit says so', async () => {
    const { items, wh, limits } = await usageOf(agents.provider, 'view=month&day=2026-03-15');
    expect(items).toHaveLength(31);
    await sameAsSql(items);
    expect(wh).toBe(await whBySql(FROM, TO));
    expect(items[4]).toMatchObject({ state: 'incomplete', unknownSlots: 24 });
    expect(items[6]).toMatchObject({ state: 'estimated', unknownSlots: 0 });
    expect(items.map(({ hoursOver }) => hoursOver).filter(Boolean)).toEqual([1]);
    expect(items[8]?.hoursOver).toBe(1);
    expect(limits.map(({ limitWh }) => limitWh)).toEqual([1_500]);
  });

  test('a year by its months; those without readings are missing, not nothing', async () => {
    const { items, wh } = await usageOf(agents.provider, 'view=year&day=2026-03-15');
    expect(items.map(({ state }) => state)).toEqual(['missing', 'missing', 'incomplete', 'running', ...Array(8).fill('ahead')]);
    expect(items[0]?.wh).toBeNull();
    expect(wh).toBe(await whBySql(FROM, TO));
  });

  test('the 23-hour day has 23 bars, and its lost hour is compared with nothing', async () => {
    const { items, change } = await usageOf(agents.provider, 'view=day&day=2026-03-29');
    expect(items).toHaveLength(23);
    await sameAsSql(items);
    const start = Date.parse('2026-03-28T23:00:00Z');
    const before = start - 7 * 96 * QUARTER_MS;
    const lost = await whBySql(before + 2 * 3_600_000, before + 3 * 3_600_000);
    expect(change?.beforeWh).toBe((await whBySql(before, before + 96 * QUARTER_MS))! - lost!);
  });

  test('a day that runs is compared with as much of the day before', async () => {
    nowMs = Date.parse('2026-03-17T13:05:00Z');
    const { items, change } = await usageOf(agents.provider, 'view=day&day=2026-03-17');
    nowMs = AFTER_MS;
    const start = Date.parse('2026-03-16T23:00:00Z');
    const states = items.map(({ state }) => state);
    expect([states.filter((state) => state === 'measured').length, states[13], states[14], states[15]]).toEqual([
      13,
      'running',
      'running',
      'ahead',
    ]);
    expect(change).toMatchObject({
      wh: await whBySql(start, start + 52 * QUARTER_MS),
      beforeWh: await whBySql(start - 7 * 96 * QUARTER_MS, start - 7 * 96 * QUARTER_MS + 52 * QUARTER_MS),
      until: new Date(start + 52 * QUARTER_MS).toISOString(),
    });
  });
});

test('what it costs is what the bill of the month says, to the cent, and its own production to the Wh', async () => {
  const { bills } = await month.run();
  const ofLeft = bills.filter(({ flatId }) => flatId === left.flatId);
  for (const [agent, party] of [
    [agents.ada, 'Ada'],
    [agents.ben, 'Ben'],
  ] as const) {
    const bill = ofLeft.find((one) => one.party === party)!;
    const { currency, lines, gridWh, ownWh, cost } = await costOf(agent, 'view=month&day=2026-03-15');
    const energy = bill.lines.filter(({ kind }) => kind !== 'base');
    expect(currency).toBe('EUR');
    expect(lines.map(({ kind, label, wh, amount }) => [kind, label, wh, Number(amount)])).toEqual(
      energy.map(({ kind, label, wh, amountMicro }) => [kind, label, Number(wh), Number(amountMicro) / 1e6]),
    );
    expect(Math.round(Number(cost) * 100)).toBe(energy.reduce((sum, { amountMicro }) => sum + Number(amountMicro) / 1e4, 0));
    expect([ownWh, gridWh! + ownWh!]).toEqual([Number(bill.ownWh), Number(bill.consumptionWh)]);
  }
});

test('the parts of a day add up to it: grid and own production to what was used, their costs to the sum but for its rounding', async () => {
  const { items: hours } = await usageOf(agents.provider, 'view=day&day=2026-03-12');
  const { items, cost } = await costOf(agents.provider, 'view=day&day=2026-03-12');
  expect(items.map(({ gridWh, ownWh }) => gridWh! + ownWh!)).toEqual(hours.map(({ wh }) => wh));
  const sum = items.reduce((all, item) => all + Number(item.cost), 0);
  expect(Math.abs(sum - Number(cost))).toBeLessThan(0.02);
});

describe('who moved out sees the own time only', () => {
  test('days after the move and before it are nobody’s of theirs', async () => {
    const ada = await usageOf(agents.ada, 'view=month&day=2026-03-15');
    expect(ada.items.map(({ state }) => state === 'outside')).toEqual([...Array(10).fill(false), ...Array(21).fill(true)]);
    expect(ada.items.slice(10).every(({ wh, beforeWh, hoursOver }) => wh === null && beforeWh === null && hoursOver === 0)).toBe(true);
    expect(ada.wh).toBe(await whBySql(FROM, MOVES.adaLeaves));
    expect((await usageOf(agents.ada, 'view=day&day=2026-03-20')).wh).toBeNull();
    expect((await costOf(agents.ada, 'view=day&day=2026-03-20')).gridWh).toBeNull();
  });

  test('the day of moving in is told from its first hour on, and the year from then on', async () => {
    const ben = await usageOf(agents.ben, 'view=month&day=2026-03-15');
    const endOfDay = Date.parse('2026-03-20T23:00:00Z');
    expect(ben.items[19]).toMatchObject({ wh: await whBySql(MOVES.benEnters, endOfDay), state: 'measured' });
    expect((await usageOf(agents.ben, 'view=year&day=2026-03-15')).items[2]?.wh).toBe(await whBySql(MOVES.benEnters, TO));
    expect((await usageOf(agents.ben, 'view=day&day=2026-03-20')).items.filter(({ state }) => state !== 'outside')).toHaveLength(12);
  });

  test('both find the flat among their own, with their time', async () => {
    const own = async (agent: TestAgent) =>
      (await agent.get('/api/v1/own/flats').expect(200)).body.items as { id: number; periods: object[] }[];
    expect(await own(agents.ada)).toMatchObject([{ id: left.flatId, periods: [{ to: new Date(MOVES.adaLeaves).toISOString() }] }]);
    expect(await own(agents.ben)).toMatchObject([
      { id: left.flatId, periods: [{ from: new Date(MOVES.benEnters).toISOString(), to: null }] },
    ]);
    await agents.neighbour.get(`/api/v1/flats/${left.flatId}/usage`).expect(404);
  });
});

test('the file holds just what is seen, and who took it is noted', async () => {
  const { items } = await usageOf(agents.ada, 'view=month&day=2026-03-15');
  const answer = await agents.ada.get(`/api/v1/flats/${left.flatId}/usage/file?view=month&day=2026-03-15`).expect(200);
  expect(answer.headers['content-disposition']).toContain('wattbook-usage-1-left-2026-03.csv');
  const [heading, ...rows] = answer.text
    .trim()
    .split('\r\n')
    .map((line) => line.split(','));
  expect(heading?.at(-1)).toBe('energy cost without base price and VAT (EUR)');
  expect(rows.map((cells) => [cells[0], cells[2], cells[3]])).toEqual(
    items
      .slice(0, 10)
      .map(({ from, wh, state }) => [
        `${new Date(Date.parse(from) + 3_600_000).toISOString().slice(0, 19)}+01:00`,
        (wh! / 1_000).toFixed(3),
        state,
      ]),
  );
  const german = await agents.ada.get(`/api/v1/flats/${left.flatId}/usage/file?view=day&day=2026-03-02&separator=;&decimal=,`).expect(200);
  expect(german.text).toMatch(/;\d,\d{3};measured;/);
  expect(await running.database.prisma.activity.count({ where: { action: 'download', subject: `flat-${left.flatId}` } })).toBe(2);
});
