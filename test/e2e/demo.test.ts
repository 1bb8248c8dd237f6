import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TENANT_FLAT } from '../../src/simulator/demo-flats.ts';
import { openBrowser, openVisitor, type Visitor } from '../support/browser.ts';
import { DEMO_MS, loadDemo, type DemoRole } from '../support/demo-house.ts';
import { openHouse, type OpenHouse } from '../support/open-house.ts';
import { APRIL, FEBRUARY, makeAsk, MARCH, MIDNIGHT, NOW, YESTERDAY, type Demo } from './demo.ts';
import { testDashboard } from './demo-dashboard.ts';
import { testTenant } from './demo-tenant.ts';
import { IS_MADE, IS_USED, quarters, say, sayPerArea } from './expected.ts';
import { lookAt } from './look-at.ts';
import { isLoggedIn, logInByHand } from './residents.ts';
import { cellsOf, savedBy } from './shown.ts';

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
  provider = await visit('service-provider');
  demo = { house, provider, visit };
});

afterAll(async () => {
  await browser.close();
  await house.close();
});

const { ask, sum } = makeAsk(() => demo);
const region = ({ page }: Visitor, name: string) => page.getByRole('region', { name });

describe('the dashboard', () => {
  testDashboard(() => demo);
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
  await page.getByRole('button', { name: 'Energy', exact: true, pressed: true }).waitFor();
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

test('no meter and no bill of the house is the administrator’s own', async () => {
  const administrator = await demo.visit('administrator');
  for (const [address, title] of [
    ['/home', 'No flat yet'],
    ['/bills', 'No bill yet'],
  ] as const) {
    await administrator.page.goto(address);
    await administrator.page.getByRole('heading', { name: title }).waitFor();
  }
  expect(administrator.complaints()).toEqual([]);
  await administrator.close();
});

describe('the tenant', () => {
  testTenant(() => demo);
});
