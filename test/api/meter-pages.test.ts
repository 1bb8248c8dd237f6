import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addLivedInBuilding, AFTERNOON_MS, SILENT_SINCE_MS, type LivedInBuilding } from '../support/lived-in-building.ts';
import { logInAs, makePerson, openTestApp, type TestAgent, type TestApp } from '../support/test-app.ts';
import { addYearOf } from '../support/year-of-readings.ts';

let running: TestApp;
let building: LivedInBuilding;
let viewer: TestAgent;
let provider: TestAgent;

interface Statistics {
  count: number;
  min: { at: string; value: number };
  max: { at: string; value: number };
  mean: number;
}
interface HistoryBody {
  meters: {
    bucketMs: number | null;
    steps: number[];
    breaks: number[];
    series: { quantity: string; unit: string; statistics: Statistics | null; values: (number | null)[]; low: number[] | null }[];
  }[];
}

const meterOf = (flat: string) => building.flats[flat]!.meterId;

beforeAll(async () => {
  running = await openTestApp({ deps: { clock: () => AFTERNOON_MS } });
  building = await addLivedInBuilding(running.database);
  const { buildingId } = building;
  viewer = (await logInAs(running.app, await makePerson(running, 'viewer@example.org', { role: 'viewer', buildingId }))).agent;
  provider = (await logInAs(running.app, await makePerson(running, 'provider@example.org', { role: 'service-provider', buildingId })))
    .agent;
  await running.database.prisma.gap.create({
    data: {
      meterId: meterOf('Flat 2 right'),
      fromAt: new Date(SILENT_SINCE_MS),
      toAt: new Date(AFTERNOON_MS - 440_000),
      reason: 'no_answer',
      detail: '10.0.0.7:502',
    },
  });
});
beforeAll(() => addYearOf(running.database, meterOf('Flat 1 left')), 180_000);
afterAll(() => running.close());

async function history(query: Record<string, string>, agent = viewer): Promise<HistoryBody> {
  const answer = await agent.get('/api/v1/history').query(query);
  expect(answer.status, answer.text).toBe(200);
  return answer.body as HistoryBody;
}

describe('the coverage of a day', () => {
  interface Item {
    flatName: string;
    runs: { state: string; reason: string | null; count: number }[];
  }
  const readDay = async (day?: string) => {
    const { body } = await viewer
      .get(`/api/v1/buildings/${building.buildingId}/coverage`)
      .query(day ? { day } : {})
      .expect(200);
    return body as { day: string; quarters: number; items: Item[] };
  };
  const states = ({ runs }: Item) => runs.map(({ state, reason, count }) => `${state} ${count}${reason === null ? '' : ` ${reason}`}`);

  test('every quarter hour with a reading is read, and no other', async () => {
    const { day, quarters, items } = await readDay();
    expect({ day, quarters, meters: items.length }).toEqual({ day: '2026-06-18', quarters: 96, meters: 8 });
    const [stored]: { count: number }[] = await running.database.pool.query(
      "SELECT COUNT(*) AS count FROM readings WHERE at >= '2026-06-17 22:00' AND at < '2026-06-18 22:00'",
    );
    const read = items.flatMap(({ runs }) => runs).reduce((sum, { state, count }) => (state === 'read' ? sum + count : sum), 0);
    expect(read).toBe(Number(stored!.count));
  });

  test('the hour of the outage is estimated; a silent meter has a gap with its reason', async () => {
    const { items } = await readDay();
    const of = (flat: string) => states(items.find(({ flatName }) => flatName === flat)!);
    expect(of('Flat 1 left')).toEqual(['read 12', 'estimated 4', 'read 45', 'ahead 35']);
    expect(of('Flat 2 right')).toEqual(['read 12', 'estimated 4', 'read 29', 'gap 15 no-answer', 'ahead 36']);
  });

  test('as CSV it is a row for each stretch, for whoever may download', async () => {
    const path = `/api/v1/buildings/${building.buildingId}/coverage`;
    await viewer.get(path).query({ format: 'csv' }).expect(403);
    const { text } = await provider.get(path).query({ format: 'csv' }).expect(200);
    expect(text).toMatch(/^meter,flat,from,to,quarter_hours,state,reason\r\n/);
    expect(text).toContain('SDM-204,Flat 2 right,2026-06-18T11:15:00+02:00,2026-06-18T15:00:00+02:00,15,gap,no-answer\r\n');
  });

  test('the days of the switch have 92 and 100 quarter hours', async () => {
    expect((await readDay('2026-03-29')).quarters).toBe(92);
    expect((await readDay('2026-10-25')).quarters).toBe(100);
  });
});

test('the balance is that of the tables, and names the meters that are missing', async () => {
  const { body } = await viewer.get(`/api/v1/buildings/${building.buildingId}/balance`).expect(200);
  const sum = async (kind: string, flow: string) => {
    const [row]: { wh: string | null }[] = await running.database.pool.query(
      `SELECT SUM(i.wh) AS wh FROM intervals i JOIN points p ON p.id = i.point_id JOIN flats f ON f.id = p.flat_id
       WHERE f.kind = ? AND i.flow = ? AND i.slot >= '2026-06-17 22:00' AND i.slot < '2026-06-18 22:00'`,
      [kind, flow],
    );
    return Number(row!.wh ?? 0);
  };
  const gridWh = (await sum('grid', 'import')) - (await sum('grid', 'export'));
  const madeWh = (await sum('producer', 'export')) - (await sum('producer', 'import'));
  const usedWh = (await sum('consumer', 'import')) + (await sum('common', 'import'));
  expect(body).toMatchObject({
    slots: 60,
    until: '2026-06-18T13:00:00.000Z',
    fedWh: gridWh + madeWh,
    usedWh,
    differenceWh: gridWh + madeWh - usedWh,
    verdict: 'missing',
  });
  expect((body as { missing: { name: string; slots: number }[] }).missing).toEqual([
    { name: 'Flat 2 right', slots: 16 },
    { name: 'Flat 3 right', slots: 60 },
  ]);
});

describe('the history of any quantities', () => {
  const year = (quantities: string[]) => ({
    series: quantities.map((name) => `${meterOf('Flat 1 left')}:${name}`).join(),
    from: '2025-01-02',
    to: '2026-01-02',
  });
  const fromTables = async (column: string): Promise<Statistics> => {
    const where = `meter_id = ${meterOf('Flat 1 left')} AND at >= '2025-01-01 23:00' AND at < '2026-01-01 23:00'`;
    const [row] = await running.database.pool.query(
      `SELECT COUNT(${column}) AS count, MIN(${column} + 0e0) AS low, MAX(${column} + 0e0) AS high, AVG(${column} + 0e0) AS mean FROM readings WHERE ${where}`,
    );
    const [first] = await running.database.pool.query(`SELECT at FROM readings WHERE ${where} ORDER BY ${column}, at LIMIT 1`);
    const [last] = await running.database.pool.query(`SELECT at FROM readings WHERE ${where} ORDER BY ${column} DESC, at LIMIT 1`);
    return {
      count: Number(row.count),
      min: { at: (first.at as Date).toISOString(), value: row.low },
      max: { at: (last.at as Date).toISOString(), value: row.high },
      mean: row.mean,
    };
  };
  const expectAlike = (found: Statistics | null | undefined, wanted: Statistics) => {
    expect(found).toMatchObject({ count: wanted.count, min: { at: wanted.min.at }, max: { at: wanted.max.at } });
    expect(found!.min.value).toBeCloseTo(wanted.min.value, 3);
    expect(found!.max.value).toBeCloseTo(wanted.max.value, 3);
    expect(found!.mean).toBeCloseTo(wanted.mean, 6);
  };

  test('a year of quarter hours comes whole: 35,040 readings, their statistics those of the tables', async () => {
    const { meters } = await history(year(['voltageL1']));
    const [meter] = meters;
    expect(meter).toMatchObject({ bucketMs: null, breaks: [] });
    expect(meter!.steps).toHaveLength(35_040);
    const [series] = meter!.series;
    expect(series).toMatchObject({ quantity: 'voltageL1', unit: 'V', low: null });
    expectAlike(series!.statistics, await fromTables('voltage_l1'));
  });

  test('what is more comes in buckets, with the same statistics of all readings', async () => {
    const names = ['voltageL1', 'voltageL2', 'voltageL3', 'activePowerTotal'];
    const { meters } = await history(year(names));
    const [meter] = meters;
    expect(meter!.bucketMs).toBe(9 * 3_600_000);
    expect(meter!.steps.length).toBeLessThanOrEqual(1_000);
    expectAlike(meter!.series[0]?.statistics, await fromTables('voltage_l1'));
    expectAlike(meter!.series[3]?.statistics, await fromTables('active_power_total'));
    expect(Math.min(...meter!.series[0]!.low!)).toBe(meter!.series[0]!.statistics!.min.value);
  });

  test('no line leads over the hour that nobody read', async () => {
    const { meters } = await history({ series: `${meterOf('Flat 1 left')}:activePowerTotal`, from: '2026-06-18' });
    expect(meters[0]?.breaks).toEqual([12]);
  });

  test('the CSV is what the page shows, for whoever may download, and it is noted', async () => {
    const query = {
      series: [`${meterOf('Flat 1 left')}:activePowerTotal`, `${meterOf('Flat 2 right')}:activePowerTotal`].join(),
      from: '2026-06-18',
    };
    await viewer
      .get('/api/v1/history')
      .query({ ...query, format: 'csv' })
      .expect(403);
    const { text } = await provider
      .get('/api/v1/history')
      .query({ ...query, format: 'csv' })
      .expect(200);
    const [heading, ...lines] = text.trim().split('\r\n');
    expect(heading).toBe('time,SDM-201 activePowerTotal (W),SDM-204 activePowerTotal (W)');
    const { meters } = await history(query);
    const [one, other] = meters.map(({ series }) => series[0]!.values);
    expect(lines).toHaveLength(one!.length);
    expect(lines[0]).toBe(`2026-06-18T00:00:00+02:00,${one![0]},${other![0]}`);
    expect(lines.at(-1)).toBe(`2026-06-18T15:00:00+02:00,${one!.at(-1)},`);
    const [noted] = await running.database.prisma.activity.findMany({ where: { detail: { startsWith: 'history' } } });
    expect(noted?.detail).toContain('SDM-201, SDM-204');
  });

  test('what nobody measured is an empty line, and what is no quantity is refused by name', async () => {
    const { meters } = await history({ series: `${meterOf('Flat 1 left')}:voltage_thd_l1`, from: '2026-06-18' });
    expect(meters[0]?.series[0]).toMatchObject({ unit: '%', statistics: null });
    const { body } = await viewer.get('/api/v1/history').query({ series: '1:Drop table' }).expect(400);
    expect(body).toMatchObject({ fields: { series: expect.stringContaining('3:activePowerTotal') } });
  });

  test('the quantities of a meter are those of its model', async () => {
    const { body } = await viewer.get(`/api/v1/meters/${meterOf('Flat 1 left')}/quantities`).expect(200);
    const { items } = body as { items: { quantity: string; unit: string; regular: boolean }[] };
    expect(items).toContainEqual({ quantity: 'voltageL1', unit: 'V', regular: true });
    expect(items).toContainEqual({ quantity: 'voltage_thd_l1', unit: '%', regular: false });
  });
});
