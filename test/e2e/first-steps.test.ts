import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startPoller } from '../../src/bin/poller.ts';
import type { ProcessContext } from '../../src/bin/process.ts';
import { startScheduler } from '../../src/bin/scheduler.ts';
import { openAdHoc, type AdHoc } from '../../src/queue/ad-hoc.ts';
import { openQueues, type Queues } from '../../src/queue/queues.ts';
import { household } from '../../src/simulator/household.ts';
import { startVirtualMeters, type VirtualMeters } from '../../src/simulator/virtual-meters.ts';
import { offerFirstAdministrator } from '../../src/use-cases/create-first-administrator.ts';
import { importShippedModels } from '../../src/use-cases/import-shipped-models.ts';
import { openBrowser, openVisitor, type Visitor } from '../support/browser.ts';
import { UNUSED_PORT } from '../support/dead-gateway.ts';
import { loadModel } from '../support/meter-models.ts';
import { openHouse, type OpenHouse } from '../support/open-house.ts';
import { processContext } from '../support/running.ts';
import { redisUrl } from '../support/services.ts';
import { lookAtBoth } from './look-at.ts';

/** One way, from an empty house to the first value: each test goes on where the one before ended. */
const LONG_MS = 240_000;
vi.setConfig({ testTimeout: LONG_MS });

let house: OpenHouse;
let browser: Browser;
let visitor: Visitor;
let virtual: VirtualMeters;
let queues: Queues;
let adHoc: AdHoc;
const roles: ProcessContext[] = [];

async function startRole(start: (context: ProcessContext) => Promise<void>): Promise<void> {
  const context = processContext({ DATABASE_URL: house.database.url, REDIS_URL: redisUrl(), READ_CRON: '1s' });
  roles.push(context);
  await start(context);
}

beforeAll(async () => {
  const profile = household({ kind: 'household', seed: 7, temperament: 'family', areaM2: 80 }, 'Europe/Berlin');
  const meter = (serial: string, unitId: number, key: string) => ({ serial, port: 0, unitId, model: loadModel(key), profile });
  virtual = await startVirtualMeters([meter('flat', 1, 'eastron-sdm630'), meter('house', 3, 'eastron-sdm120')], { clock: Date.now });
  queues = openQueues(redisUrl(), () => {});
  adHoc = openAdHoc(queues, redisUrl(), Date.now, () => {});
  [house, browser] = await Promise.all([openHouse({ env: { WATTBOOK_DEMO: '0' }, deps: { adHoc, clock: Date.now } }), openBrowser()]);
  await importShippedModels({ database: house.database }, { folder: 'meters' });
  await startRole(startPoller);
  visitor = await openVisitor(browser, { url: house.url });
}, LONG_MS);

afterAll(async () => {
  await browser.close();
  for (const role of roles.toReversed()) await role.shutdown.run();
  await adHoc.close();
  await queues.close();
  await house.close();
  await virtual.close();
});

const step = () => new URL(visitor.page.url()).searchParams.get('step');
const press = (name: string, within: Pick<Locator, 'getByRole'> = visitor.page) =>
  within.getByRole('button', { name, exact: true }).click();
const fill = (label: string, value: string, within: Pick<Locator, 'getByLabel'> = visitor.page) =>
  within.getByLabel(label, { exact: true }).fill(value);
const reads = (text: string | RegExp, within: Pick<Locator, 'getByText'> = visitor.page) => within.getByText(text).first().waitFor();

const lookBoth = (name: string) => lookAtBoth(visitor, `first-steps-${name}`);

test('the first visitor becomes the administrator with the code of the console, and is led to the first steps', async () => {
  const code = await offerFirstAdministrator(house.deps);
  const { page } = visitor;
  await page.goto('/');
  await page.getByRole('heading', { name: 'Create the administrator' }).waitFor();
  await lookBoth('administrator');
  await fill('One-time code', 'wrong');
  await fill('Your name', 'Ada');
  await fill('E-mail', 'ada@example.org');
  await fill('Password', 'four words in a row');
  await press('Create and log in');
  await reads('is not the code that the console of the server shows.');
  visitor.expectComplaints(/400/);
  await fill('One-time code', code ?? '');
  await press('Create and log in');
  await page.getByRole('heading', { name: 'Which building?' }).waitFor();
  expect(new URL(page.url()).pathname).toBe('/first-steps');
  await page.goto('/dashboard');
  await page.getByRole('heading', { name: 'No building yet' }).waitFor();
  await lookBoth('no-building');
  await page.getByRole('link', { name: 'Go through the first steps' }).click();
  await page.getByRole('heading', { name: 'Which building?' }).waitFor();
});

test('a building takes the time zone of the browser, and its name is asked for', async () => {
  const { page } = visitor;
  await press('Store the building');
  await reads('Fill in this field.');
  expect(await page.getByLabel('Time zone').inputValue()).toBe('America/New_York');
  await lookBoth('building');
  await page.getByLabel('Time zone').selectOption('Europe/Rome');
  await fill('Name', 'Linden Court');
  await press('Store the building');
  await page.getByRole('heading', { name: 'Which flats are in it?' }).waitFor();
  expect(step()).toBe('flats');
  expect(await house.database.prisma.building.findFirst()).toMatchObject({ name: 'Linden Court', zone: 'Europe/Rome', language: 'en' });
});

test('a list of flats with bad lines says so line by line, and stores nothing before it is right', async () => {
  const { page } = visitor;
  const { prisma } = house.database;
  const bad = 'Wohnung;Fläche;Art\r\n1. OG links;62,5;\r\n1. OG rechts;groß;\r\n1. og links;40;Wohnung\r\n';
  await page.locator('input[type=file]').setInputFiles({ name: 'flats.csv', mimeType: 'text/csv', buffer: Buffer.from(bad, 'latin1') });
  await reads('“groß” is no area in m², such as 62.5: correct it, or leave it empty.', page.locator('[data-line="3"]'));
  await reads('Line 2 has the same name: rename one of them.', page.locator('[data-line="4"]'));
  await press('Store 3 flats');
  await reads('2 lines are not right yet. Nothing is stored before all are: correct them above.');
  await lookBoth('flats');
  expect(await prisma.flat.count()).toBe(0);
  await fill('New flats', '1. OG links\t62,5\n1. OG rechts\t71');
  await press('Store 2 flats');
  await page.getByRole('heading', { name: 'How are the meters reached?' }).waitFor();
  expect((await prisma.flat.findMany({ orderBy: { id: 'asc' } })).map(({ name, areaM2 }) => [name, areaM2])).toEqual([
    ['1. OG links', 62.5],
    ['1. OG rechts', 71],
  ]);
});

test('a line to nowhere says what to check; changed, it answers', async () => {
  const { page } = visitor;
  await fill('Host', '127.0.0.1:502');
  await press('Store and test');
  await reads('This is no host. Take a name or an IP address such as 192.168.1.20, without spaces and without a port.');
  await fill('Host', '127.0.0.1');
  await fill('Port', String(UNUSED_PORT));
  await press('Store and test');
  await reads(`127.0.0.1:${UNUSED_PORT} cannot be reached. Check host and port`);
  await lookBoth('line');
  await press('Change');
  await fill('Port', String(virtual.ports[0]));
  await press('Store and test');
  await reads(/A meter answers under unit id 1, in \d+ ms\./);
  await press('Another line');
  await fill('Host', '127.0.0.1');
  await fill('Port', String(virtual.ports[0]));
  await press('Store and test');
  await reads('Another line leads to this address already.');
  visitor.expectComplaints(/409/);
  await page.getByText('Serial port (RS-485)').click();
  await page.getByLabel('Baud rate').waitFor();
  await lookBoth('serial-line');
  await press('Cancel');
  expect(await house.database.prisma.line.count()).toBe(1);
});

test('a scan is cancelled, goes on elsewhere, and says whom it takes a unit for, and why', async () => {
  const { page } = visitor;
  virtual.setBehaviour('flat', { kind: 'latency', ms: 700 });
  await press('Go on');
  await press('Scan');
  await press('Cancel the scan');
  await reads('You cancelled it. What was found stays.');
  virtual.setBehaviour('flat', { kind: 'normal' });
  await fill('From unit id', '9');
  await fill('To unit id', '4');
  await press('Scan again');
  await reads('Two whole numbers from 1 to 247, the smaller one first.');
  await fill('From unit id', '1');
  await press('Scan again');
  await reads('Every unit id of the range was asked. 4 of 4 asked, 2 found.');
  await reads('Looks like Eastron SDM630', page.locator('[data-unit="1"]'));
  await reads('the voltage is one of a grid', page.locator('[data-unit="1"]'));
  await lookBoth('scan');
});

test('who leaves and comes again finds what is stored, and what was found', async () => {
  const { page } = visitor;
  await page.goto('/');
  await page.getByRole('link', { name: 'Go through the first steps' }).click();
  await page.getByRole('heading', { name: 'Who is there?' }).waitFor();
  await reads('Looks like Eastron SDM120 or', page.locator('[data-unit="3"]'));
  await page.getByRole('link', { name: 'Flats' }).click();
  await reads('2 flats are stored');
  await page.goBack();
  await press('Go on with the meters');
  await page.getByRole('heading', { name: 'Which meter is where?' }).waitFor();
  expect(step()).toBe('meters');
});

test('a meter is read for a test, then stored; one of the same serial number is refused with a sentence', async () => {
  const { page } = visitor;
  const flat = page.locator('[data-unit="1"]');
  await press('Read it for a test', flat);
  await reads('The values fit together as physics wants it.', flat);
  expect(await flat.locator('[data-quantity=voltageL1]').innerText()).toMatch(/2\d\d\.\d V/);
  await press('Store this meter', flat);
  await reads('Choose what it measures.', flat);
  await lookBoth('meters');
  await fill('Serial number', 'SDM-1', flat);
  await flat.getByLabel('What it measures').selectOption({ label: '1. OG links' });
  await press('Store this meter', flat);
  await reads('1 meter is stored');

  await press('Enter a meter by hand');
  const byHand = page.locator('[data-unit="by-hand"]');
  await fill('Unit id', '2', byHand);
  await byHand.getByLabel('Model').selectOption({ label: 'Eastron SDM120' });
  await press('Read it for a test', byHand);
  await reads(/No answer after \d+ ms: .*Check the unit id at the meter/, byHand);
  await fill('Unit id', '3', byHand);
  await press('Read it for a test', byHand);
  await reads('The values fit together', byHand);
  await fill('Serial number', 'SDM-1', byHand);
  await byHand.getByLabel('What it measures').selectOption({ label: 'Main meter: what comes from the grid' });
  await press('Store this meter', byHand);
  await reads('A meter of this serial number is stored already. Check the number on the meter.', byHand);
  visitor.expectComplaints(/409/);
  await fill('Serial number', 'SDM-3', byHand);
  await press('Store this meter', byHand);
  await reads('2 meters are stored');
  const meters = await house.database.prisma.meter.findMany({
    orderBy: { id: 'asc' },
    include: { model: true, installations: { include: { point: { include: { flat: true } } } } },
  });
  expect(
    meters.map(({ serial, model, installations }) => [serial, model.key, installations[0]?.unitId, installations[0]?.point.flat.kind]),
  ).toEqual([
    ['SDM-1', 'eastron-sdm630', 1, 'consumer'],
    ['SDM-3', 'eastron-sdm120', 3, 'grid'],
  ]);
});

test('who does not want to wait reads a meter now; the first reading comes in by itself and leads to the dashboard', async () => {
  const { page } = visitor;
  await press('Go on to the first values');
  await reads(/The next reading is at|The reading of .* is on its way/);
  await page.getByRole('button', { name: /^Read now/ }).click();
  await reads(/It answered in \d+ ms\./);
  await lookBoth('waiting');
  await page.goto('/dashboard');
  await page.getByRole('link', { name: 'See when it is' }).click();
  await reads(/The next reading is at|The reading of .* is on its way/);
  await startRole(startScheduler);
  await reads('The first values are here');
  await reads(/ W$/, page.locator('[data-meter=SDM-1] .power-cell'));
  await reads('The first quarter hour appears once two readings enclose it');
  await lookBoth('first-values');
  await page.getByRole('link', { name: 'Open the dashboard' }).click();
  await page.getByRole('heading', { name: 'Power now' }).waitFor();
  expect(new URL(page.url()).pathname).toBe('/dashboard');
  expect(visitor.complaints()).toEqual([]);
});
