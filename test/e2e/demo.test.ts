import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TENANT_FLAT } from '../../src/simulator/demo-flats.ts';
import { openBrowser, openVisitor, type Visitor } from '../support/browser.ts';
import { DEMO_MS, loadDemo, type DemoRole } from '../support/demo-house.ts';
import { openHouse, type OpenHouse } from '../support/open-house.ts';
import { testTenant, type Demo } from './demo-tenant.ts';
import { APRIL, FEBRUARY, MARCH, MIDNIGHT, NOW, SAME_YESTERDAY, YESTERDAY } from './demo-times.ts';
import { IS_MADE, IS_USED, quarters, say, sayPerArea, sayShare, selfSufficiency } from './expected.ts';
import { dashboardIsWhole, lookAt } from './look-at.ts';
import { isLoggedIn, logInByHand } from './residents.ts';
import { cellsOf, savedBy } from './shown.ts';

const TODAY = quarters(MIDNIGHT, NOW);
const THIS_MONTH = quarters(APRIL, NOW);

let house: OpenHouse;
let browser: Browser;
let provider: Visitor;
let demo: Demo;

beforeAll(async () => {
  [house, browser] = await Promise.all([openHouse({ deps: { clock: () => DEMO_MS, startedMs: DEMO_MS } }), openBrowser()]);
  const logIns = await loadDemo(house);
  const visit = async (role: DemoRole) => {
    const visitor = await openVisitor(browser, { url: house.url, nowMs: DEMO_MS });
    await logInByHand(visitor, logIns(role));
    await isLoggedIn(visitor);
    return visitor;
  };
  demo = { house, visit };
  provider = await visit('service-provider');
});

afterAll(async () => {
  await browser.close();
  await house.close();
});

const ask = <Row>(sql: string): Promise<Row[]> => house.database.pool.query(sql);
const sum = async (of: string): Promise<number> => Number((await ask<{ wh: string | null }>(`SELECT SUM(i.wh) AS wh ${of}`))[0]?.wh);
const region = ({ page }: Visitor, name: string) => page.getByRole('region', { name });

test('power now is that of the newest readings', async () => {
  await dashboardIsWhole(provider, 'Load profile today');
  const newest = await ask<{ kind: string; name: string; taken: string; given: string }>(
    `SELECT f.kind, IF(f.kind = 'producer', f.name, '') AS name, SUM(GREATEST(r.active_power_total, 0)) AS taken,
       SUM(GREATEST(-r.active_power_total, 0)) AS given
     FROM readings r JOIN installations x ON x.meter_id = r.meter_id AND x.running JOIN points p ON p.id = x.point_id
     JOIN flats f ON f.id = p.flat_id WHERE r.at = '${NOW}' GROUP BY 1, 2`,
  );
  const watt = (of: 'taken' | 'given', ...kinds: string[]) =>
    newest.filter(({ kind }) => kinds.includes(kind)).reduce((total, row) => total + Number(row[of]), 0);
  const { page } = provider;
  const tile = (tone: string) => page.locator(`[aria-labelledby=power-title] .tile.${tone}`).innerText();
  expect(await tile('consumption')).toContain(say(watt('taken', 'consumer', 'common'), 'W'));
  expect(await tile('production')).toContain(say(watt('given', 'producer'), 'W'));
  expect(await tile('grid')).toContain(say(Math.abs(watt('taken', 'grid') - watt('given', 'grid')), 'W'));
  const ends = await page.locator('.flow .ends li').allInnerTexts();
  for (const { kind, name, taken, given } of newest) {
    const called = name || { grid: 'Grid', consumer: 'Flats', common: 'Common area' }[kind];
    expect(ends.find((end) => end.startsWith(`${called}\n`))).toContain(`\n${say(Math.abs(Number(taken) - Number(given)), 'W')}`);
  }
});

test('the day on the dashboard is that of the tables', async () => {
  const [used, made, before] = await Promise.all([
    sum(`${TODAY} AND ${IS_USED}`),
    sum(`${TODAY} AND ${IS_MADE}`),
    sum(`${quarters(YESTERDAY, SAME_YESTERDAY)} AND ${IS_USED}`),
  ]);
  const day = await provider.page.locator('[aria-labelledby=day-title]').innerText();
  expect(day).toContain(`Used\n${say(used, 'Wh')}`);
  expect(day).toContain(`Made\n${say(made, 'Wh')}`);
  const change = Math.round((used / before - 1) * 100);
  expect(day).toContain(`Against yesterday\n${change > 0 ? '+' : ''}${change} %\n${say(before, 'Wh')} yesterday until 15:00`);
  const extreme = async (order: 'ASC' | 'DESC') => {
    const [found] = await ask<{ time: string; wh: string }>(
      `SELECT CONCAT(DATE_FORMAT(i.slot + INTERVAL 2 HOUR, '%H:%i'), ' to ', DATE_FORMAT(i.slot + INTERVAL 135 MINUTE, '%H:%i')) AS time,
         SUM(i.wh) AS wh ${TODAY} AND ${IS_USED} GROUP BY i.slot ORDER BY wh ${order}, i.slot LIMIT 1`,
    );
    return `${say(Number(found?.wh) * 4, 'W')}\n${found?.time}`;
  };
  expect(day).toContain(`Highest\n${await extreme('DESC')}`);
  expect(day).toContain(`Lowest\n${await extreme('ASC')}`);
  const [own] = await ask<{ share: string }>(selfSufficiency(TODAY));
  expect(day).toContain(`Self-sufficiency\n${sayShare(own?.share)}`);
  const [flats] = await ask<Record<'consumers' | 'producers', string>>(
    `SELECT SUM(f.kind IN ('consumer', 'common')) AS consumers, SUM(f.kind = 'producer') AS producers FROM flats f JOIN points p ON p.flat_id = f.id
     JOIN installations x ON x.point_id = p.id AND x.running JOIN meters m ON m.id = x.meter_id WHERE m.state = 'ok'`,
  );
  expect(day).toContain(`Consumers\n${flats?.consumers}\n${flats?.consumers} running`);
  expect(day).toContain(`Producers\n${flats?.producers}\n${flats?.producers} running`);

  const most = await ask<{ name: string; wh: string }>(
    `SELECT f.name, SUM(i.wh) AS wh ${TODAY} AND ${IS_USED} AND f.kind = 'consumer' GROUP BY f.name ORDER BY wh DESC LIMIT 5`,
  );
  const top = await provider.page.locator('.top-flats li').allInnerTexts();
  expect(top).toHaveLength(most.length);
  for (const [i, { name, wh }] of most.entries())
    expect(top[i]).toMatch(new RegExp(`^${name}\\s+${say(wh, 'Wh')}\\s*${sayShare(Number(wh) / used)}`));
  await lookAt(provider, 'demo-dashboard');
});

test('every quarter hour of the load profile is that of the tables', async () => {
  const { page } = provider;
  const slots = await ask<{ at: string; used: string; made: string }>(
    `SELECT DATE_FORMAT(i.slot + INTERVAL 2 HOUR, '%H:%i') AS at, SUM(IF(${IS_USED}, i.wh, 0)) AS used, SUM(IF(${IS_MADE}, i.wh, 0)) AS made
     ${TODAY} GROUP BY i.slot ORDER BY i.slot`,
  );
  await region(provider, 'Load profile today').getByText('Show as a table').click();
  const rows = await page.locator('details.values tbody tr').allInnerTexts();
  const power = (wh: string) => say(Number(wh) * 4, 'W');
  expect(rows.map((row) => row.split('\t').slice(0, 3))).toEqual(slots.map(({ at, used, made }) => [at, power(used), power(made)]));
});

test('the analysis ranks, adds up and splits what the tables have', async () => {
  const { page } = provider;
  await page.goto('/analysis');
  await page.locator('.drawing canvas').nth(1).waitFor();
  const flats = await ask<{ name: string; wh: string; perM2: string }>(
    `SELECT f.name, SUM(i.wh) AS wh, SUM(i.wh) / f.area_m2 AS perM2 ${THIS_MONTH} AND ${IS_USED} AND f.kind = 'consumer' GROUP BY f.name, f.area_m2`,
  );
  const ranking = async () => (await page.locator('.ranking li').allInnerTexts()).map((text) => text.split(/\n+/).slice(0, 2));
  const byArea = flats.toSorted((a, b) => Number(b.perM2) - Number(a.perM2));
  expect(await ranking()).toEqual(byArea.map(({ name, perM2 }) => [name, sayPerArea(perM2)]));
  await page.getByRole('button', { name: 'Energy', exact: true }).click();
  const byEnergy = flats.toSorted((a, b) => Number(b.wh) - Number(a.wh));
  expect(await ranking()).toEqual(byEnergy.map(({ name, wh }) => [name, say(wh, 'Wh')]));

  const months = region(provider, 'Consumption by the month');
  await months.getByText('Show as a table').click();
  const month = (name: string) =>
    months
      .getByRole('row', { name: new RegExp(`^${name}`) })
      .locator('td')
      .first()
      .innerText();
  expect(await month('February')).toBe(say(await sum(`${quarters(FEBRUARY, MARCH)} AND ${IS_USED}`), 'Wh'));
  expect(await month('March')).toBe(say(await sum(`${quarters(MARCH, APRIL)} AND ${IS_USED}`), 'Wh'));
  expect(await month('April')).toBe(say(await sum(`${THIS_MONTH} AND ${IS_USED}`), 'Wh'));

  // Where it came from adds up to what was made and what was used, to the watt-hour.
  const sources = region(provider, 'Where the energy came from');
  await sources.getByText('Show as a table').click();
  const { lines } = await savedBy(sources.getByRole('button', { name: 'Download as CSV' }));
  const links = lines.map(cellsOf);
  const linked = (end: 0 | 1, name: string) =>
    links.filter((link) => link[end] === name).reduce((total, link) => total + Number(link[2]), 0);
  const producers = await ask<{ name: string; wh: string }>(`SELECT f.name, SUM(i.wh) AS wh ${THIS_MONTH} AND ${IS_MADE} GROUP BY f.name`);
  expect(producers).toHaveLength(2);
  for (const { name, wh } of producers) expect([name, linked(0, name)]).toEqual([name, Number(wh)]);
  for (const { name, wh } of byEnergy.slice(0, 5)) expect([name, linked(1, name)]).toEqual([name, Number(wh)]);
  await lookAt(provider, 'demo-analysis');
});

test.each([
  ['', MIDNIGHT],
  ['?period=month', APRIL],
])('the balance%s of the main meter against all others is that of the tables', async (query, from) => {
  const { page } = provider;
  await page.goto(`/meters/balance${query}`);
  await page.locator('[data-part=flats]').waitFor();
  const net = async (kind: string, plus: string, minus: string) => {
    const of = (flow: string) => sum(`${quarters(from, NOW)} AND f.kind = '${kind}' AND i.flow = '${flow}'`);
    return (await of(plus)) - (await of(minus));
  };
  const imported = await sum(`${quarters(from, NOW)} AND f.kind = 'grid' AND i.flow = 'import'`);
  const grid = await net('grid', 'import', 'export');
  const [made, flats, common] = [
    await net('producer', 'export', 'import'),
    await net('consumer', 'import', 'export'),
    await net('common', 'import', 'export'),
  ];
  const wanted = { grid: imported, export: imported - grid, production: made, flats, common };
  for (const [part, wh] of Object.entries(wanted))
    expect(await page.locator(`[data-part=${part}] td`).first().innerText()).toBe(say(wh, 'Wh'));
  expect(await page.locator('.verdict strong').innerText()).toBe(say(Math.abs(grid + made - flats - common), 'Wh'));
  expect(provider.complaints()).toEqual([]);
});

test('the page of a meter, its history and the file of it say what was read', async () => {
  const { page } = provider;
  const [meter] = await ask<{ id: number; wh: number; w: number }>(
    `SELECT r.meter_id AS id, r.import_active_energy_total + 0e0 AS wh, r.active_power_total + 0e0 AS w FROM readings r
     JOIN installations x ON x.meter_id = r.meter_id JOIN points p ON p.id = x.point_id JOIN flats f ON f.id = p.flat_id
     WHERE f.name = '${TENANT_FLAT}' AND r.at = '${NOW}'`,
  );
  const read = async (column: string, from: string, to: string) => {
    const [found] = await ask<Record<'count' | 'low' | 'mean' | 'high', number>>(
      `SELECT COUNT(*) AS count, MIN(${column} + 0e0) AS low, AVG(${column} + 0e0) AS mean, MAX(${column} + 0e0) AS high
       FROM readings WHERE meter_id = ${meter?.id} AND at >= '${from}' AND at < '${to}'`,
    );
    if (!found) throw new Error('nothing was read');
    return { ...found, count: Number(found.count) };
  };
  await page.goto(`/meters/${meter?.id}`);
  const now = (quantity: string) => page.locator(`[data-quantity=${quantity}] td`).innerText();
  expect(await now('activePowerTotal')).toBe(say(meter?.w, 'W'));
  expect(await now('importActiveEnergyTotal')).toBe(say(meter?.wh, 'Wh'));
  const volts = await read('voltage_l1', MIDNIGHT, '2026-04-09 22:00');
  const series = page.locator(`[data-series="${meter?.id}:voltageL1"] td`);
  await series.first().waitFor();
  const told = await series.allInnerTexts();
  for (const [i, volt] of [volts.low, volts.mean, volts.high].entries()) expect(told[i]).toContain(`${volt.toFixed(1)} V`);
  await lookAt(provider, 'demo-meter');

  await page.goto(`/history?series=${meter?.id}:activePowerTotal&from=2026-04-08&to=2026-04-08`);
  const watts = await read('active_power_total', YESTERDAY, MIDNIGHT);
  const figures = page.locator('[data-series] td');
  await figures.first().waitFor();
  const shown = await figures.allInnerTexts();
  for (const [i, watt] of [watts.low, watts.mean, watts.high].entries()) expect(shown[i]).toContain(say(watt, 'W'));
  const { lines } = await savedBy(page.getByRole('link', { name: 'Download as CSV' }));
  const filed = lines.map((line) => Number(cellsOf(line)[1]));
  expect(filed).toHaveLength(watts.count);
  expect(Math.min(...filed)).toBeCloseTo(watts.low, 3);
  expect(filed.reduce((total, watt) => total + watt, 0) / filed.length).toBeCloseTo(watts.mean, 3);
  expect(Math.max(...filed)).toBeCloseTo(watts.high, 3);
  expect(provider.complaints()).toEqual([]);
});

describe('the tenant', () => testTenant(() => demo));
