import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser, openVisitor, type Visitor } from '../support/browser.ts';
import { addEarlierDays } from '../support/earlier-days.ts';
import { addLivedInBuilding, AFTERNOON_MS } from '../support/lived-in-building.ts';
import { openHouse, type OpenHouse } from '../support/open-house.ts';
import { IS_MADE, quarters, say, sayPerArea } from './expected.ts';
import { chartOf } from './look-at.ts';
import { addResidents, logInByHand } from './residents.ts';
import { cellsOf, savedBy } from './shown.ts';

const AREA_M2 = 62.5;
const IN_JUNE = quarters('2026-05-31 22:00', '2026-06-18 13:00');

let house: OpenHouse;
let browser: Browser;
let visitor: Visitor;

beforeAll(async () => {
  [house, browser] = await Promise.all([openHouse({ deps: { clock: () => AFTERNOON_MS, startedMs: AFTERNOON_MS } }), openBrowser()]);
  const residents = await addResidents(house, await addLivedInBuilding(house.database));
  await addEarlierDays(house.database, 20);
  await house.database.prisma.flat.updateMany({ where: { name: 'Flat 1 left' }, data: { areaM2: AREA_M2 } });
  visitor = await openVisitor(browser, { url: house.url, nowMs: AFTERNOON_MS });
  await logInByHand(visitor, residents.provider);
});

afterAll(async () => {
  await browser.close();
  await house.close();
});

const ask = <Row>(sql: string): Promise<Row[]> => house.database.pool.query(sql);

test('the analysis shows the figures of the tables; its large library comes only there', async () => {
  const { page } = visitor;
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await chartOf(visitor, 'Load profile today').waitFor();
  expect(asked.filter((path) => /echarts|analysis-page/.test(path))).toEqual([]);
  await page.getByRole('link', { name: 'Analysis' }).click();
  await page.locator('.drawing canvas').nth(1).waitFor();
  expect(asked.some((path) => path.includes('echarts'))).toBe(true);

  const [flat] = await ask<{ wh: string }>(`SELECT SUM(i.wh) AS wh ${IN_JUNE} AND f.name = 'Flat 1 left' AND i.flow = 'import'`);
  const ranked = page.locator('.ranking li', { hasText: 'Flat 1 left' }).locator('strong');
  expect(await ranked.innerText()).toBe(sayPerArea(Number(flat?.wh) / AREA_M2));
  await page.getByRole('button', { name: 'Energy', exact: true }).click();
  expect(new URL(page.url()).search).toBe('?rank=energy');
  expect(await ranked.innerText()).toBe(say(flat?.wh, 'Wh'));

  const [june] = await ask<{ wh: string }>(
    `SELECT SUM(m.wh) AS wh FROM energy_months m JOIN points p ON p.id = m.point_id JOIN flats f ON f.id = p.flat_id
     WHERE f.kind IN ('consumer', 'common', 'ev') AND m.flow = 'import' AND m.month = '2026-06-01'`,
  );
  const months = page.getByRole('region', { name: 'Consumption by the month' });
  await months.getByText('Show as a table').click();
  expect(await months.getByRole('row', { name: /^June/ }).locator('td').first().innerText()).toBe(say(june?.wh, 'Wh'));

  // Where it came from adds up to what was made and what was used, to the watt-hour.
  const sources = page.getByRole('region', { name: 'Where the energy came from' });
  await sources.getByText('Show as a table').click();
  const { lines } = await savedBy(sources.getByRole('button', { name: 'Download as CSV' }));
  const links = lines.map(cellsOf).map(([from, to, wh]) => ({ from, to, wh: Number(wh) }));
  const sum = (which: (link: (typeof links)[number]) => boolean) => links.filter(which).reduce((total, { wh }) => total + wh, 0);
  const [made] = await ask<{ wh: string }>(`SELECT SUM(i.wh) AS wh ${IN_JUNE} AND ${IS_MADE}`);
  expect(sum(({ from }) => from === 'Photovoltaics')).toBe(Number(made?.wh));
  expect(sum(({ to }) => to === 'Flat 1 left')).toBe(Number(flat?.wh));

  expect(visitor.complaints()).toEqual([]);
});

test('an earlier month without readings says so', async () => {
  const { page } = visitor;
  await page.goto('/analysis?month=2026-01');
  await page.getByText('Of no flat a consumption is known in this month.').waitFor();
  await page.getByText('Nothing is known of this month.').waitFor();
  expect(visitor.complaints()).toEqual([]);
});
