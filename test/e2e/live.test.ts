import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { publishLive } from '../../src/queue/live.ts';
import { openBrowser, openVisitor, type Visitor } from '../support/browser.ts';
import { addLivedInBuilding, AFTERNOON_MS, type LivedInBuilding } from '../support/lived-in-building.ts';
import { openHouse, type OpenHouse } from '../support/open-house.ts';
import { OWN_HOST } from '../support/own-host.ts';
import { addResidents, logInByHand, type Residents } from './residents.ts';

let house: OpenHouse;
let browser: Browser;
let building: LivedInBuilding;
let residents: Residents;
let visitor: Visitor;

/** The server has sent the newest values over the socket. */
function welcome({ page }: Visitor): Promise<void> {
  return new Promise((resolve) => {
    page.on('websocket', (socket) => {
      socket.on('framereceived', ({ payload }) => payload.toString().includes('"state"') && resolve());
    });
  });
}

beforeAll(async () => {
  [house, browser] = await Promise.all([openHouse({ deps: { clock: () => AFTERNOON_MS, startedMs: AFTERNOON_MS } }), openBrowser()]);
  building = await addLivedInBuilding(house.database);
  residents = await addResidents(house, building);
  visitor = await openVisitor(browser, { url: house.url, nowMs: AFTERNOON_MS });
  const welcomed = welcome(visitor);
  await logInByHand(visitor, residents.viewer);
  await visitor.page.locator('[data-meter=SDM-201]').waitFor();
  await welcomed;
});

afterAll(async () => {
  await browser.close();
  await house.close();
});

function reading(flat: string, powerW: number, atMs = AFTERNOON_MS) {
  return {
    meterId: building.flats[flat]?.meterId ?? 0,
    atMs,
    takenAtMs: atMs + 100,
    latencyMs: 20,
    values: { active_power_total: powerW, import_active_energy_total: 9_876_540, export_active_energy_total: 0 },
  };
}

const cell = (serial: string) => visitor.page.locator(`[data-meter=${serial}] .power-cell`);
const says = (serial: string, text: string) => cell(serial).filter({ hasText: text }).waitFor();

test('a value moves without loading the page again, and the sum with it', async () => {
  const before = await visitor.page.locator('[aria-labelledby=power-title] .consumption .number').innerText();
  await publishLive(house.redis, { readings: [reading('Flat 1 left', 7_654)], states: [] });
  await says('SDM-201', '7.65 kW');
  await expect.poll(() => visitor.page.locator('[aria-labelledby=power-title] .consumption .number').innerText()).not.toBe(before);
  await expect.poll(() => visitor.page.locator('[data-meter=SDM-201]').innerText()).toContain('9,876.5 kWh used');
});

test('a late value never replaces a newer one', async () => {
  await publishLive(house.redis, {
    readings: [reading('Flat 1 left', 11, AFTERNOON_MS - 60_000), reading('Flat 1 right', 4_321)],
    states: [],
  });
  await says('SDM-202', '4.32 kW');
  expect(await cell('SDM-201').innerText()).toBe('7.65 kW');
});

test('a meter that falls silent says so at once', async () => {
  const { meterId = 0 } = building.flats['Flat 1 right'] ?? {};
  await publishLive(house.redis, { readings: [], states: [{ meterId, state: 'silent', reason: 'line-down', sinceMs: AFTERNOON_MS }] });
  await visitor.page.locator('[data-meter=SDM-202]', { hasText: 'Silent since 15:07' }).waitFor();
  expect(await visitor.page.locator('[data-meter=SDM-202]').innerText()).toContain('its line cannot be reached');
  expect(await cell('SDM-202').innerText()).toBe('–');
});

test('a lost connection is said plainly, and what was missed is there after it', async () => {
  await house.closeDoors();
  const notice = visitor.page.getByText('Connection lost: the values below stand still.');
  await notice.waitFor();
  await visitor.photograph('connection-lost');
  await publishLive(house.redis, { readings: [reading('Flat 2 left', 5_432)], states: [] });
  await house.openDoors();
  await notice.waitFor({ state: 'hidden' });
  await says('SDM-203', '5.43 kW');
  expect(visitor.complaints().filter((complaint) => !/WebSocket|ERR_CONNECTION_REFUSED/.test(complaint))).toEqual([]);
});

/** A way to the house that carries everything at once, but the live connection only once it is let through. */
async function openSlowWay() {
  let letThrough = (): void => {};
  const mayPass = new Promise<void>((resolve) => (letThrough = resolve));
  const way = createServer((client) => {
    client.once('data', (first: Buffer) => {
      client.pause();
      const isLive = /^upgrade: websocket/im.test(first.toString('latin1'));
      void (isLive ? mayPass : Promise.resolve()).then(() => {
        const onward = connect(Number(new URL(house.url).port), OWN_HOST);
        onward.write(first);
        for (const end of [client, onward]) end.on('error', () => [client, onward].forEach((socket) => socket.destroy()));
        client.pipe(onward).pipe(client);
      });
    });
  }).listen(0, '127.0.0.1');
  await once(way, 'listening');
  return { url: `http://127.0.0.1:${(way.address() as AddressInfo).port}`, letThrough, close: () => way.close() };
}

test('who goes to another page while the first still connects has one connection, and no error', async () => {
  const way = await openSlowWay();
  const tenant = await openVisitor(browser, { url: way.url, nowMs: AFTERNOON_MS });
  let connections = 0;
  tenant.page.on('websocket', () => void (connections += 1));
  const connecting = tenant.page.waitForEvent('websocket');
  await logInByHand(tenant, residents.tenant);
  const socket = await connecting;
  await tenant.page.getByRole('link', { name: 'My bills' }).click();
  await tenant.page.getByRole('heading', { name: 'No bill yet' }).waitFor();
  const spoken = socket.waitForEvent('framereceived');
  way.letThrough();
  await spoken;
  await tenant.page.getByRole('link', { name: 'My flat' }).click();
  await tenant.page.locator('[data-meter=SDM-201]').waitFor();
  expect(connections).toBe(1);
  expect(tenant.complaints()).toEqual([]);
  await tenant.close();
  way.close();
});
