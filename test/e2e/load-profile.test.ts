import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser, openVisitor, type Visitor } from '../support/browser.ts';
import { addEarlierDays } from '../support/earlier-days.ts';
import { addLivedInBuilding, AFTERNOON_MS } from '../support/lived-in-building.ts';
import { openHouse, type OpenHouse } from '../support/open-house.ts';
import { chartOf, dashboardIsWhole, lookAt } from './look-at.ts';
import { IS_MADE, IS_USED, quarters, say, sayShare, selfSufficiency, TODAY, USED } from './expected.ts';
import { addResidents, logInByHand, type Residents } from './residents.ts';
import { savedBy } from './shown.ts';

let house: OpenHouse;
let browser: Browser;
let visitor: Visitor;
let residents: Residents;

beforeAll(async () => {
  [house, browser] = await Promise.all([openHouse({ deps: { clock: () => AFTERNOON_MS, startedMs: AFTERNOON_MS } }), openBrowser()]);
  residents = await addResidents(house, await addLivedInBuilding(house.database));
  await addEarlierDays(house.database, 20);
  visitor = await openVisitor(browser, { url: house.url, nowMs: AFTERNOON_MS });
  await logInByHand(visitor, residents.viewer);
  await dashboardIsWhole(visitor, 'Load profile today');
});

afterAll(async () => {
  await browser.close();
  await house.close();
});

const query = () => new URL(visitor.page.url()).search;
const choose = async (button: string, title: string) => {
  await visitor.page.getByRole('button', { name: button, exact: true }).click();
  await dashboardIsWhole(visitor, title);
};
const rowsOf = async () => {
  const { page } = visitor;
  if ((await page.locator('details.values[open]').count()) === 0) await page.getByText('Show as a table').click();
  return page.locator('details.values tbody tr').count();
};

const text = (selector: string) => visitor.page.locator(selector).innerText();
const ask = <Row>(sql: string): Promise<Row[]> => house.database.pool.query(sql);

test('power now is that of the newest readings, in the tiles and in the flow', async () => {
  const sums = await ask<{ kind: string; w: string }>(
    `SELECT f.kind, SUM(r.active_power_total) AS w FROM readings r JOIN installations x ON x.meter_id = r.meter_id
     JOIN points p ON p.id = x.point_id JOIN flats f ON f.id = p.flat_id WHERE r.at = '2026-06-18 13:00' GROUP BY f.kind`,
  );
  const power = Object.fromEntries(sums.map(({ kind, w }) => [kind, Number(w)])) as Record<string, number>;
  const tile = (tone: string) => text(`[aria-labelledby=power-title] .tile.${tone} dd`);
  expect(await tile('consumption')).toContain(say(power['consumer']! + power['common']!, 'W'));
  expect(await tile('production')).toContain(say(-power['producer']!, 'W'));
  expect(await tile('grid')).toContain(say(-power['grid']!, 'W'));
  for (const kind of ['consumer', 'common', 'producer', 'grid'])
    expect(await text(`.flow .ends .${kind}`)).toContain(say(Math.abs(power[kind]!), 'W'));
});

test('the figures of the day, its high and low, the five flats and the load profile are those of the tables', async () => {
  const [whole] = await ask<{ wh: string }>(`SELECT SUM(i.wh) AS wh ${USED}`);
  const [made] = await ask<{ wh: string }>(`SELECT SUM(i.wh) AS wh ${TODAY} AND ${IS_MADE}`);
  const slots = await ask<{ at: string; wh: string; missing: string }>(
    `SELECT DATE_FORMAT(i.slot + INTERVAL 2 HOUR, '%H:%i') AS at, SUM(i.wh) AS wh, SUM(i.wh IS NULL) AS missing ${USED}
     GROUP BY i.slot ORDER BY wh`,
  );
  const day = await text('[aria-labelledby=day-title]');
  const high = slots.at(-1)!;
  const low = slots.find(({ missing }) => Number(missing) === 0)!;
  expect(day).toContain(`Used\n${say(whole?.wh, 'Wh')}`);
  expect(day).toContain(`Made\n${say(made?.wh, 'Wh')}`);
  const [own] = await ask<{ share: string }>(selfSufficiency(TODAY));
  expect(day).toContain(`Self-sufficiency\n${sayShare(own?.share)}`);
  expect(day).toContain(`Highest\n${say(Number(high.wh) * 4, 'W')}\n${high.at} to`);
  expect(day).toContain(`Lowest\n${say(Number(low.wh) * 4, 'W')}\n${low.at} to`);

  const flats = await ask<{ name: string; wh: string }>(
    `SELECT f.name, SUM(i.wh) AS wh ${USED} AND f.kind = 'consumer' GROUP BY f.name ORDER BY wh DESC LIMIT 5`,
  );
  const shown = await visitor.page.locator('.top-flats li').allInnerTexts();
  for (const [i, { name, wh }] of flats.entries()) expect(shown[i]).toMatch(new RegExp(`^${name}\\s+${say(wh, 'Wh')}`));

  expect(await text('.profile .totals-row')).toContain(`Used so far ${say(whole?.wh, 'Wh')}`);
  expect(await rowsOf()).toBe(slots.length);
  const rows = visitor.page.locator('details.values tbody tr');
  for (const { at, wh } of slots.filter(({ at: time }) => time.endsWith(':45')))
    expect(
      await rows
        .filter({ hasText: new RegExp(`^${at}`) })
        .locator('td')
        .first()
        .innerText(),
    ).toContain(say(Number(wh) * 4, 'W'));
});

test.each([
  ['Yesterday', 'Load profile yesterday', '?range=yesterday', 96],
  ['7 days', 'Load profile of 7 days', '?range=week', 6 * 24 + 15],
  ['This month', 'Load profile of this month', '?range=month', 17 * 24 + 15],
  ['Today', 'Load profile today', '', 60],
])('%s is in the address, survives a reload and has its table', async (button, title, address, rows) => {
  await choose(button, title);
  expect(query()).toBe(address);
  expect(await rowsOf()).toBe(rows);
  await visitor.page.reload();
  await dashboardIsWhole(visitor, title);
  expect(await visitor.page.getByRole('button', { name: button, exact: true }).getAttribute('aria-pressed')).toBe('true');
});

test('an own time goes by its two days, and by the day when it is long', async () => {
  const { page } = visitor;
  await page.getByRole('button', { name: 'Own range' }).click();
  await page.getByLabel('From').fill('2026-04-01');
  await page.getByLabel('To and with').fill('2026-06-17');
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  await dashboardIsWhole(visitor, 'Load profile');
  expect(query()).toBe('?range=own&from=2026-04-01&to=2026-06-17');
  expect(await rowsOf()).toBe(30 + 31 + 17);
  await page.goBack();
  await dashboardIsWhole(visitor, 'Load profile today');
});

test('a time nobody read says why and what next', async () => {
  const { page } = visitor;
  await page.goto('/dashboard?range=own&from=2025-01-01&to=2025-01-02');
  await page.getByText('Nothing is known of this time: no meter was read then. Choose a later or longer time.').waitFor();
  await lookAt(visitor, 'profile-empty');
});

test('gaps and estimates are told apart, and the table says the same', async () => {
  const { page } = visitor;
  await page.goto('/dashboard?range=own&from=2026-06-16&to=2026-06-16&ghost=1');
  await dashboardIsWhole(visitor, 'Load profile');
  expect(await page.locator('.marks').innerText()).toContain('no reading');
  await page.locator('.marks .ghost').waitFor();
  expect(await rowsOf()).toBe(96);
  expect(await page.getByRole('row', { name: /^06:00/ }).innerText()).toMatch(/–\s+–\s+1.69 kW\s+no reading/);
  await lookAt(visitor, 'profile-gap');
});

test('who may download saves exactly what is seen of the load and the power; a viewer is offered no file', async () => {
  expect(await visitor.page.getByRole('button', { name: 'Download as CSV' }).count()).toBe(0);
  const provider = await openVisitor(browser, { url: house.url, nowMs: AFTERNOON_MS });
  await logInByHand(provider, residents.provider, '/dashboard?range=yesterday&ghost=1');
  await dashboardIsWhole(provider, 'Load profile yesterday');
  await provider.page.locator('.marks .ghost').waitFor();
  const save = (region: string) =>
    savedBy(provider.page.getByRole('region', { name: region }).getByRole('button', { name: 'Download as CSV' }));
  const { name, heading, lines } = await save('Load profile yesterday');
  expect(name).toBe('Linden Court Load profile yesterday 2026-06-17.csv');
  expect(heading).toBe('from,consumption_w,production_w,before_w,state');
  expect(lines[0]).toMatch(/^2026-06-17T00:00:00\+02:00,\d+,\d*,\d+,measured$/);
  expect(lines).toHaveLength(96);
  const [used] = await ask<{ wh: string }>(`SELECT SUM(i.wh) AS wh ${quarters('2026-06-16 22:00', '2026-06-17 22:00')} AND ${IS_USED}`);
  const sumW = lines.reduce((sum, line) => sum + Number(line.split(',')[1]), 0);
  expect(sumW / 4).toBe(Number(used?.wh));
  expect((await save('How the power flows')).heading).toBe('end,kind,power_w');
  expect((await save('Top five flats of today')).lines).toHaveLength(await provider.page.locator('.top-flats li').count());
  await lookAt(provider, 'dashboard-files');
  expect(provider.complaints()).toEqual([]);
  await provider.close();
});

test('a part is looked at closely by dragging, survives a reload, and a button leads back', async () => {
  const { page } = visitor;
  await page.goto('/dashboard');
  await dashboardIsWhole(visitor, 'Load profile today');
  await page.locator('.chart').scrollIntoViewIfNeeded();
  const box = await page.locator('.chart .u-over').boundingBox();
  if (!box) throw new Error('the chart has no place');
  await page.mouse.move(box.x + box.width * 0.255, box.y + 100);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.485, box.y + 110, { steps: 4 });
  await page.mouse.up();
  await page.getByRole('button', { name: 'Show the whole time' }).waitFor();
  const from = Date.UTC(2026, 5, 18, 4) / 1_000;
  expect(query()).toBe(`?zoom=${from}-${from + 5.75 * 3_600}`);
  await page.reload();
  await dashboardIsWhole(visitor, 'Load profile today');
  await lookAt(visitor, 'profile-zoom');
  await page.getByRole('button', { name: 'Show the whole time' }).click();
  expect(query()).toBe('');
  expect(visitor.complaints()).toEqual([]);
});

test('the first load of the dashboard is small', async () => {
  const first = await openVisitor(browser, { url: house.url, nowMs: AFTERNOON_MS });
  await first.context.addCookies(await visitor.context.cookies());
  const sizes: Promise<{ responseBodySize: number }>[] = [];
  first.page.on('requestfinished', (request) => sizes.push(request.sizes()));
  await first.page.goto('/dashboard');
  await chartOf(first, 'Load profile today').waitFor();
  const bytes = (await Promise.all(sizes)).reduce((sum, { responseBodySize }) => sum + responseBodySize, 0);
  console.log(`first load of the dashboard: ${Math.round(bytes / 1_000)} kB as sent`);
  expect(bytes).toBeGreaterThan(20_000);
  expect(bytes).toBeLessThan(300_000);
  await first.close();
});
