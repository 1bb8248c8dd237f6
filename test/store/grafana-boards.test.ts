import { randomBytes } from 'node:crypto';
import { createPool, type Pool } from 'mariadb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { poolConfig } from '../../src/store/connector.ts';
import { splitStatements } from '../../src/store/sql-statements.ts';
import { expandQuery, readBoards, readDeployed, variableText, type Asked, type Board } from '../support/grafana-boards.ts';
import { makeObservedHouse, OBSERVED, type ObservedHouse } from '../support/observed-house.ts';
import { openTestDatabase } from '../support/services.ts';

const boards = readBoards();
const everyPanel = boards.flatMap((board) => board.panels.map((panel) => [`${board.uid}: ${panel.title}`, board, panel] as const));
const readme = readDeployed('README.md');
const timeZone = /^ {6}timezone: '(.+)'$/m.exec(readDeployed('provisioning/datasources/wattbook.yaml'))?.[1];

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let house: ObservedHouse;
/** The account of the README, with its rights and no others, in the zone of the data source. */
let reader: Pool;
let account: string;

beforeAll(async () => {
  database = await openTestDatabase();
  house = await makeObservedHouse(database);
  const url = new URL(database.url);
  const [name, password] = [`grafana_${randomBytes(4).toString('hex')}`, randomBytes(12).toString('hex')];
  account = `'${name}'@'%'`;
  for (const statement of readmeStatements()) {
    const own = statement
      .replaceAll('wattbook.', `${url.pathname.slice(1)}.`)
      .replaceAll("'wattbook_grafana'@'%'", account)
      .replace(/IDENTIFIED BY '[^']*'/, `IDENTIFIED BY '${password}'`);
    await database.pool.query(own);
  }
  url.username = name;
  url.password = password;
  reader = createPool({ ...poolConfig(url.href, 2), decimalAsNumber: true, sessionVariables: { time_zone: timeZone } });
});

afterAll(async () => {
  await reader.end();
  await database.pool.query(`DROP USER ${account}`);
  await database.drop();
});

function readmeStatements(): string[] {
  return splitStatements(/```sql\n(CREATE USER[\s\S]*?)```/.exec(readme)![1]!);
}

async function ask(board: Board, interval = '15m'): Promise<Asked> {
  const variables = new Map<string, string>();
  const asked = { ...OBSERVED, interval, variables };
  for (const variable of board.templating.list) {
    const rows: { __value: string | number }[] = await reader.query(expandQuery(variable.query, asked));
    expect(rows, `${board.uid} has nothing to choose for ${variable.name}`).not.toEqual([]);
    variables.set(
      variable.name,
      variableText(
        variable,
        rows.map((row) => row.__value),
      ),
    );
  }
  return asked;
}

type Row = Record<string, unknown>;

async function rowsOf(uid: string, title: string, interval?: string): Promise<Row[]> {
  const [, board, panel] = everyPanel.find(([name]) => name === `${uid}: ${title}`)!;
  return reader.query(expandQuery(panel.targets[0]!.rawSql, await ask(board, interval)));
}

test.each(everyPanel)('%s has rows for whoever may read the views alone', async (_, board, panel) => {
  expect(panel.targets.length).toBeGreaterThan(0);
  for (const { rawSql, datasource } of panel.targets) {
    expect(datasource).toEqual({ type: 'mysql', uid: 'wattbook' });
    const rows: Row[] = await reader.query(expandQuery(rawSql, await ask(board, panel.interval)));
    expect(rows).not.toEqual([]);
    for (const column of Object.keys(rows[0]!)) {
      const known = rows.map((row) => row[column]).filter((value) => value !== null);
      if (column !== 'Reason') expect(known, `${column} is empty everywhere`).not.toEqual([]);
    }
  }
});

test('the data source speaks UTC, as the views do', async () => {
  expect(timeZone).toBe('+00:00');
  expect(await reader.query('SELECT @@session.time_zone AS zone')).toEqual([{ zone: '+00:00' }]);
});

test('a column, macro or variable that does not exist fails', async () => {
  const asked = await ask(boards[0]!);
  await expect(reader.query(expandQuery('SELECT voltage FROM grafana_readings WHERE $__timeFilter(time)', asked))).rejects.toThrow(
    /Unknown column 'voltage'/,
  );
  expect(() => expandQuery('SELECT $__timeSlice(time)', asked)).toThrow('has no macro $__timeSlice(time)');
  expect(() => expandQuery('SELECT $tenant', asked)).toThrow('has no variable $tenant');
  expect(() => expandQuery('SELECT ${flat:raw}', asked)).toThrow('has no variable ${flat');
});

test('the energy of the range is what the hours come to', async () => {
  const sums = await house.energyOf('energy_hours', () => 'all');
  expect(await rowsOf('wattbook-energy', 'Energy of the range')).toEqual(sums.map(({ key: _, ...sum }) => sum));
});

test('the balance of an hour is the sum of its points', async () => {
  const rows = await rowsOf('wattbook-energy', 'Balance by hour');
  const hours = await house.energyOf('energy_hours', (at) => at);
  expect(hours.length).toBe(15);
  expect(rows).toEqual(hours.map(({ 'Hours incomplete': _, key, ...energy }) => ({ time: new Date(`${key}Z`), ...energy })));
});

test("the balance of a day is that of the building's day", async () => {
  const rows = await rowsOf('wattbook-energy', 'Balance by day');
  const days = await house.energyOf('energy_days', (at) => at.slice(0, 10));
  expect(days.map(({ key }) => key)).toEqual(['2026-06-18']);
  expect(rows).toEqual(days.map(({ 'Hours incomplete': _, key, ...energy }) => ({ Day: key, ...energy })));
  const [incomplete] = await rowsOf('wattbook-energy', 'Incomplete by day');
  expect(incomplete).toEqual({ Day: '2026-06-18', 'Points incomplete': days[0]!['Hours incomplete'] });
  expect(days[0]!['Hours incomplete']).toBe(1);
});

test('quarter hours, hours and days come to the same, and no energy is negative', async () => {
  const [quarters, hours, days] = await Promise.all(
    (['intervals', 'energy_hours', 'energy_days'] as const).map(async (table) => (await house.energyOf(table, () => ''))[0]),
  );
  for (const part of ['Consumption', 'Production', 'From the grid', 'Into the grid'] as const) {
    expect(hours![part]).toBe(quarters![part]);
    expect(days![part]).toBe(quarters![part]);
    expect(quarters![part]).toBeGreaterThan(0);
  }
  const [row] = await reader.query<{ lowest: number }[]>('SELECT MIN(wh) AS lowest FROM grafana_energy_quarters');
  expect(row?.lowest).toBe(0);
});

test('the power of the building is four times the energy of its quarter hours', async () => {
  const rows = await rowsOf('wattbook-power', 'Power of the building', '15m');
  const slots = await house.energyOf('intervals', (at) => at);
  expect(slots.length).toBe(60);
  const powers = slots.map(({ 'Hours incomplete': _, key, ...energy }) => ({ time: Date.parse(`${key}Z`) / 1000, ...fourTimes(energy) }));
  expect(rows).toEqual(powers);
  const { time: _, ...last } = powers.at(-1)!;
  expect(await rowsOf('wattbook-power', 'Newest quarter hour')).toEqual([
    { ...last, 'Points not known': slots.at(-1)!['Hours incomplete'] },
  ]);
});

function fourTimes(energy: Record<string, number | null>): Row {
  return Object.fromEntries(Object.entries(energy).map(([part, wh]) => [part, wh === null ? null : wh * 4]));
}

test('what a flat took and gave is the sum of its hours', async () => {
  const rows = await rowsOf('wattbook-energy', 'Flats');
  const sums = await house.flats();
  expect(rows.map(({ Kind: _, 'Hours incomplete': __, ...row }) => row).toSorted(byFlat)).toEqual(sums.toSorted(byFlat));
  expect(rows.find((row) => row['Flat'] === 'Flat 2 right')?.['Hours incomplete']).toBeGreaterThan(0);
});

const byFlat = (a: Row, b: Row) => String(a['Flat']).localeCompare(String(b['Flat']));

test('a silent meter says since when and what it was last seen to say, and a new one nothing', async () => {
  const rows = await rowsOf('wattbook-meters', 'Meters');
  expect(rows.length).toBe(9);
  const silent = rows.find((row) => row['Flat'] === 'Flat 2 right')!;
  expect(silent).toMatchObject({ State: 'silent', Reason: 'no-answer', 'Last seen': new Date(house.silentSinceMs - 15 * 60_000) });
  const { known, all } = await house.knownQuarters('Flat 2 right');
  expect(silent['Known']).toBeCloseTo(known / all, 4);
  expect(rows.find((row) => row['Flat'] === 'Flat 3 right')).toMatchObject({ State: 'new', 'Last seen': null, Known: null });
});

test('the account reads the views and nothing else', async () => {
  const views: { name: string }[] = await database.pool.query(
    'SELECT table_name AS name FROM information_schema.views WHERE table_schema = DATABASE() ORDER BY 1',
  );
  const seen: { name: string }[] = await reader.query(
    'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY 1',
  );
  expect(seen).toEqual(views);
  for (const table of ['users', 'readings', 'tenancies', 'intervals']) {
    await expect(reader.query(`SELECT * FROM ${table}`)).rejects.toThrow(/denied/);
  }
  await expect(reader.query('UPDATE grafana_buildings SET building = 1')).rejects.toThrow(/denied/);
});

test('the README lists every column of every view', async () => {
  const rows: { name: string; columnName: string }[] = await database.pool.query(
    `SELECT table_name AS name, column_name AS columnName FROM information_schema.columns
     WHERE table_schema = DATABASE() AND table_name LIKE 'grafana\\_%' ORDER BY table_name, ordinal_position`,
  );
  const listed = [...readme.matchAll(/^\| `(grafana_\w+)` \| [^|]* \| (.*) \|$/gm)].flatMap(([, name, columns]) =>
    [...columns!.matchAll(/`(\w+)`/g)].map(([, columnName]) => `${name}.${columnName}`),
  );
  expect(listed.toSorted()).toEqual(rows.map(({ name, columnName }) => `${name}.${columnName}`).toSorted());
});

test('with much history, no query reads a large table but along its key, in the time asked for', async () => {
  await house.addHistory();
  const steps: Row[] = [];
  for (const [name, board, panel] of everyPanel) {
    const query = expandQuery(panel.targets[0]!.rawSql, await ask(board, panel.interval));
    const plan: Row[] = await database.pool.query(`EXPLAIN FORMAT = TRADITIONAL ${query}`);
    steps.push(...plan.map((step) => ({ name, ...step })));
  }
  const of = (...tables: string[]) => steps.filter(({ table }) => tables.includes(String(table)));
  // Points or meters, flow and time: the range ends where the key does. `e` is the energy in a view.
  for (const step of of('e', 'readings', 'gaps')) {
    expect(step, JSON.stringify(step)).toMatchObject({ type: expect.stringMatching(/^(range|eq_ref)$/), key: expect.any(String) });
    expect(Number(step['rows']), JSON.stringify(step)).toBeLessThan(2_000);
  }
  expect(of('e', 'readings', 'gaps').length).toBeGreaterThanOrEqual(everyPanel.length - 1);
  // The newest reading of a meter: backwards along the key, one row of each partition.
  expect(of('r')).toMatchObject([{ type: 'ref', key: 'PRIMARY', Extra: expect.stringContaining('Using index') }]);
});
