import { afterEach, expect, test } from 'vitest';
import { openFaultyHouse, type FaultyHouse, type Verdict } from '../support/house-under-fault.ts';

const METERS = 12;
let under: FaultyHouse;

afterEach(() => under.close());

function expectKept(verdict: Verdict): void {
  expect(verdict.wrong).toEqual([]);
  expect(verdict.slots).toBeGreaterThan(METERS * 10);
}

/** The share of slots that may be lost to a fault of so many slots. */
function lost(verdict: Verdict): number {
  return verdict.slots - verdict.read;
}

test('a poller killed in the middle of a slot: each slot has its one reading or its gap, none twice', async () => {
  under = await openFaultyHouse(METERS);
  await under.slots(4);
  for (let i = 0; i < 3; i += 1) {
    await under.kill('poller');
    await under.start('poller');
    // It waits for the lease of the dead one to end, and reads a few slots.
    await under.slots(11);
  }
  const verdict = await under.judge();
  expectKept(verdict);
  expect(Object.keys(verdict.gaps).every((reason) => ['late', 'not_read'].includes(reason))).toBe(true);
});

test('MariaDB killed, and away for 20 slots, and a worker killed while it stores what waited: no reading is lost', async () => {
  under = await openFaultyHouse(METERS);
  await under.slots(4);
  await under.kill('mariadb');
  await under.slots(20);
  await under.start('mariadb');
  await under.kill('worker');
  await under.start('worker');
  await under.slots(5);
  const verdict = await under.judge();
  expectKept(verdict);
  // A busy machine may miss a deadline of a second here and there; the database has no part in it.
  expect(Object.keys(verdict.gaps).filter((reason) => reason !== 'late')).toEqual([]);
  expect(lost(verdict)).toBeLessThanOrEqual(METERS * 4);
});

test('Redis killed, and away for 20 slots: nothing acknowledged is lost, and what was not asked says so', async () => {
  under = await openFaultyHouse(METERS);
  await under.slots(4);
  await under.kill('redis');
  await under.slots(20);
  await under.start('redis');
  await under.slots(5);
  const verdict = await under.judge();
  expectKept(verdict);
  expect(verdict.gaps['no_tick'] ?? 0).toBeGreaterThanOrEqual(METERS * 15);
  expect(lost(verdict)).toBeLessThanOrEqual(METERS * 32);
});
