import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { openBrowser, openVisitor, type Visitor } from '../support/browser.ts';
import { addLivedInBuilding, AFTERNOON_MS, SILENT_SINCE_MS, type LivedInBuilding } from '../support/lived-in-building.ts';
import { openHouse, type OpenHouse } from '../support/open-house.ts';
import { addYearOf } from '../support/year-of-readings.ts';
import { say } from './expected.ts';
import { lookAt } from './look-at.ts';
import { addResidents, logInByHand, type Residents } from './residents.ts';

let house: OpenHouse;
let browser: Browser;
let building: LivedInBuilding;
let residents: Residents;
let visitor: Visitor;

/** A year of readings and many pictures take their time on a busy machine. */
const LONG_MS = 240_000;
vi.setConfig({ testTimeout: LONG_MS });

const meterOf = (flat: string) => building.flats[flat]!.meterId;

beforeAll(async () => {
  [house, browser] = await Promise.all([openHouse({ deps: { clock: () => AFTERNOON_MS, startedMs: AFTERNOON_MS } }), openBrowser()]);
  building = await addLivedInBuilding(house.database);
  residents = await addResidents(house, building);
  const silent = { fromAt: new Date(SILENT_SINCE_MS), toAt: new Date(AFTERNOON_MS - 440_000), reason: 'no_answer' as const };
  await house.database.prisma.gap.create({ data: { meterId: meterOf('Flat 2 right'), ...silent } });
}, LONG_MS);

beforeAll(() => addYearOf(house.database, meterOf('Flat 1 left')), LONG_MS);

beforeAll(async () => {
  visitor = await openVisitor(browser, { url: house.url, nowMs: AFTERNOON_MS });
  await logInByHand(visitor, residents.viewer, '/?next=%2Fmeters');
  await visitor.page.locator('[data-meter=SDM-204] .strip').waitFor();
}, LONG_MS);

afterAll(async () => {
  await browser.close();
  await house.close();
});

const query = () => new URL(visitor.page.url()).search;

describe('the meters', () => {
  test('a silent meter says since when, why, and how much of the day was read', async () => {
    const row = visitor.page.locator('[data-meter=SDM-204]');
    const text = await row.innerText();
    expect(text).toContain('Silent since 11:15');
    expect(text).toContain('it does not answer');
    const [stored]: { count: number }[] = await house.database.pool.query(
      "SELECT COUNT(*) AS count FROM readings WHERE meter_id = ? AND at >= '2026-06-17 22:00'",
      [meterOf('Flat 2 right')],
    );
    // Of the 60 quarter hours until 15:00.
    expect(text).toContain(`${Math.round((Number(stored!.count) / 60) * 100)} % read`);
  });

  test('each quarter hour is told by the arrow keys', async () => {
    const strip = visitor.page.locator('[data-meter=SDM-204] .strip');
    expect(await strip.getAttribute('aria-valuetext')).toContain('41 quarter hours read');
    await strip.focus();
    await visitor.page.keyboard.press('End');
    expect(await strip.getAttribute('aria-valuetext')).toBe('23:45 to 00:00: not yet');
    await visitor.page.keyboard.press('Home');
    for (let step = 0; step < 12; step += 1) await visitor.page.keyboard.press('PageDown');
    expect(await strip.getAttribute('aria-valuetext')).toBe('12:00 to 12:15: no reading, it does not answer');
    await visitor.page.locator('[data-meter=SDM-204] .tip').waitFor();
  });

  test('filter and search are in the address and survive a reload', async () => {
    const { page } = visitor;
    await page.getByRole('button', { name: 'Silent', exact: true }).click();
    await page.getByText('1 of 8 meters').waitFor();
    await page.getByLabel('Search').fill('nobody');
    await page.getByText('No meter is like that.').waitFor();
    expect(query()).toBe('?show=silent&q=nobody');
    await page.reload();
    await page.getByText('No meter is like that.').waitFor();
  });

  test('a day before anything was installed, and the day of the switch, say so', async () => {
    const { page } = visitor;
    await page.goto('/meters?day=2024-06-01');
    await page.getByText('No meter was installed here on that day.').waitFor();
    await page.goto('/meters?day=2026-03-29');
    await page.getByText('The clocks change on this day: it has 92 quarter hours.').waitFor();
    expect(visitor.complaints()).toEqual([]);
  });

  test('who may not read a meter at once is offered no such thing; who may is told what went wrong', async () => {
    expect(await visitor.page.getByRole('button', { name: /^Read now/ }).count()).toBe(0);
    const provider = await openVisitor(browser, { url: house.url, nowMs: AFTERNOON_MS });
    await logInByHand(provider, residents.provider, '/?next=%2Fmeters');
    await provider.page.getByRole('button', { name: 'Read now: SDM-201' }).click();
    await provider.page.getByText('The process that reads this line does not answer.').waitFor();
    provider.expectComplaints(/504/);
    await lookAt(provider, 'meters-provider');
    await provider.close();
  });

  test('a server that is down is said, and a try brings it back', async () => {
    const { page } = visitor;
    await page.route('**/coverage*', (route) => route.abort());
    await page.goto('/meters');
    await page.getByText('The server cannot be reached. Check your connection, then try again.').waitFor();
    await page.unroute('**/coverage*');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.locator('[data-meter=SDM-201] .strip').waitFor();
    visitor.expectComplaints(/ERR_FAILED/);
  });
});

test('the balance shows the figures of the tables and names the meters that are missing', async () => {
  const { page } = visitor;
  await page.goto('/meters/balance');
  const kwh = async (kind: string, flow: string) => {
    const [row]: { wh: string }[] = await house.database.pool.query(
      `SELECT SUM(i.wh) AS wh FROM intervals i JOIN points p ON p.id = i.point_id JOIN flats f ON f.id = p.flat_id
       WHERE f.kind = ? AND i.flow = ? AND i.slot >= '2026-06-17 22:00'`,
      [kind, flow],
    );
    return say(row!.wh, 'Wh');
  };
  const part = (name: string) => page.locator(`[data-part=${name}]`).innerText();
  await page.locator('[data-part=flats]').waitFor();
  expect(await part('grid')).toContain(await kwh('grid', 'import'));
  expect(await part('export')).toContain(await kwh('grid', 'export'));
  expect(await part('production')).toContain(await kwh('producer', 'export'));
  expect(await part('flats')).toContain(await kwh('consumer', 'import'));
  expect(await part('common')).toContain(await kwh('common', 'import'));
  const missing = await page.locator('.missing-meters').innerText();
  expect(missing).toMatch(/Flat 3 right: all of it.*Flat 2 right: 16 of 60 quarter hours/s);
  await page.getByRole('button', { name: 'Month' }).click();
  await page.waitForURL('**/meters/balance?period=month');
  await page.locator('[data-part=flats]').waitFor();
  await page.goto('/meters/balance?day=2024-06-01');
  await page.getByText('Nothing is known of this time yet.').waitFor();
});

describe('the history', () => {
  const series = (...quantities: string[]) => quantities.map((name) => `${meterOf('Flat 1 left')}:${name}`).join();
  const chart = () => visitor.page.locator('.history-chart canvas').first();

  test('lowest, mean and highest are those of the tables, with their times', async () => {
    const { page } = visitor;
    await page.goto(`/history?series=${series('activePowerTotal')}`);
    await chart().waitFor();
    const where = `meter_id = ${meterOf('Flat 1 left')} AND at >= '2026-06-17 22:00'`;
    const [figures] = await house.database.pool.query(
      `SELECT MIN(active_power_total + 0e0) AS low, AVG(active_power_total + 0e0) AS mean, MAX(active_power_total + 0e0) AS high FROM readings WHERE ${where}`,
    );
    const [highest] = await house.database.pool.query(
      `SELECT DATE_FORMAT(at + INTERVAL 2 HOUR, '%H:%i') AS time FROM readings WHERE ${where} ORDER BY active_power_total DESC LIMIT 1`,
    );
    const row = await page.locator('[data-series]').innerText();
    for (const value of [figures.low, figures.mean, figures.high]) expect(row).toContain(say(value as number, 'W'));
    expect(row).toContain(highest.time as string);
    expect(await page.getByRole('link', { name: 'Download as CSV' }).count()).toBe(0);
  });

  test('a quantity is added by hand, a part is looked at closely by dragging, and the address holds both', async () => {
    const { page } = visitor;
    await page.goto('/history');
    await page.getByRole('heading', { name: 'Nothing chosen yet' }).waitFor();
    await lookAt(visitor, 'history-none');
    await page.getByLabel('Meter', { exact: true }).selectOption({ label: 'Flat 1 right · SDM-202' });
    await page.getByLabel('Quantity').selectOption({ label: 'Active power' });
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await chart().waitFor();
    expect(query()).toBe(`?series=${meterOf('Flat 1 right')}:activePowerTotal`);
    const box = await page.locator('.history-chart .u-over').boundingBox();
    if (!box) throw new Error('the chart has no place');
    await page.mouse.move(box.x + box.width * 0.25, box.y + 100);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.5, box.y + 110, { steps: 4 });
    await page.mouse.up();
    await page.getByRole('button', { name: 'Show the whole time' }).waitFor();
    expect(query()).toMatch(/&zoom=\d{10}-\d{10}$/);
    await page.reload();
    await chart().waitFor();
    await page.getByRole('button', { name: 'Show the whole time' }).click();
    expect(query()).toBe(`?series=${meterOf('Flat 1 right')}:activePowerTotal`);
  });

  test('a year of quarter hours is drawn whole', async () => {
    // With a clock that runs.
    const person = await openVisitor(browser, { url: house.url });
    await person.context.addCookies(await visitor.context.cookies());
    const { page } = person;
    await page.goto(`/history?series=${series('voltageL1')}&from=2025-01-02&to=2026-01-01`);
    await page.getByText('35,040 readings. Every reading is drawn.').waitFor();
    await page.waitForFunction("performance.getEntriesByName('history drawn').length > 0");
    const [drawMs, answerMs] = (await page.evaluate(`[
        performance.getEntriesByName('history drawn')[0].startTime - performance.getEntriesByName('history begun')[0].startTime,
        performance.getEntriesByType('resource').find(({ name }) => name.includes('/history?')).duration,
      ]`)) as [number, number];
    console.log(`a year of 35,040 readings: ${Math.round(drawMs)} ms to draw, ${Math.round(answerMs)} ms for the answer`);
    await page.getByText('Show as a table').click();
    await page.getByText('Rows 1 to 100 of 35,040').waitFor();
    await lookAt(person, 'history-year');
    await person.close();
  });

  test('a time that nobody read says so', async () => {
    const { page } = visitor;
    await page.goto(`/history?series=${series('voltageL1')}&from=2024-01-01&to=2024-01-02`);
    await page.getByText('Nothing was read in this time.').waitFor();
    expect(visitor.complaints()).toEqual([]);
  });
});

test('the page of a meter tells the quality of its power; one that is not there says so', async () => {
  const { page } = visitor;
  await page.goto(`/meters/${meterOf('Flat 1 left')}?from=2025-06-01&to=2025-06-07`);
  await page.getByText('All voltages of this time lie within 230 V ± 10 %.').waitFor();
  await page.getByText('Imbalance of the voltages').waitFor();
  await lookAt(visitor, 'meter-quality');
  const [read] = await house.database.pool.query(
    'SELECT active_power_total + 0e0 AS w, import_active_energy_total + 0e0 AS wh FROM readings WHERE meter_id = ? ORDER BY at DESC LIMIT 1',
    [meterOf('Flat 1 left')],
  );
  const now = page.getByRole('region', { name: 'Values now' });
  const value = (name: string) => now.getByRole('row', { name: new RegExp(`^${name}`) }).innerText();
  expect(await value('Active power')).toContain(say(read.w as number, 'W'));
  expect(await value('Counter import')).toContain(say(read.wh as number, 'Wh'));
  await page.goto('/meters/999999');
  await page.getByRole('heading', { name: 'This meter does not exist' }).waitFor();
  visitor.expectComplaints(/404/);
});
