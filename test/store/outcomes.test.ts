import { afterAll, beforeAll, expect, test } from 'vitest';
import type { GapReason } from '../../src/domain/gap.ts';
import type { Outcome } from '../../src/domain/outcome.ts';
import { recordOutcomes } from '../../src/store/outcomes.ts';
import { openTestDatabase } from '../support/services.ts';
import { addSmallBuilding, type SmallBuilding } from '../support/small-building.ts';

const MINUTE = 60_000;
const START = Date.parse('2026-03-01T10:00:00Z');
const slot = (n: number) => START + n * MINUTE;

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let serial = 0;

beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.drop());

async function building(options: { recipients?: string; fromAt?: Date | null } = {}): Promise<SmallBuilding & { meterId: number }> {
  serial += 1;
  const made = await addSmallBuilding(database, { name: `House ${serial}`, port: 502 + serial, meters: 1, ...options });
  return { ...made, meterId: made.meters[0]?.meterId ?? 0 };
}

const record = (outcomes: Outcome[]) => recordOutcomes(database.pool, outcomes, slot(1_000));

function reading(meterId: number, n: number, importWh = 1_000 + n): Outcome {
  return {
    kind: 'reading',
    nextSlotMs: slot(n + 1),
    startsInstallation: true,
    row: {
      meterId,
      atMs: slot(n),
      takenAtMs: slot(n) + 40,
      latencyMs: 12,
      values: { import_active_energy_total: importWh, active_power_total: 230.5 },
      extra: null,
      refused: null,
    },
  };
}

function gap(meterId: number, from: number, to: number, reason: GapReason): Outcome {
  const slots = Array.from({ length: to - from }, (_, i) => slot(from + i));
  return { kind: 'gap', gap: { meterId, fromMs: slot(from), toMs: slot(to), slots, reason, detail: 'as tested' } };
}

async function gapsOf(meterId: number): Promise<string[]> {
  const rows = await database.prisma.gap.findMany({ where: { meterId }, orderBy: { fromAt: 'asc' } });
  return rows.map((row) => `${(row.fromAt.getTime() - START) / MINUTE}-${(row.toAt.getTime() - START) / MINUTE} ${row.reason}`);
}

test('a slot that has its reading gets no gap, and one that is read after all loses it', async () => {
  const { meterId } = await building();
  await record([reading(meterId, 0)]);
  await record([gap(meterId, 0, 1, 'late'), gap(meterId, 1, 2, 'late')]);
  expect(await gapsOf(meterId)).toEqual(['1-2 late']);
  await record([reading(meterId, 1)]);
  expect(await gapsOf(meterId)).toEqual([]);
});

test('a reading in the middle of a long gap divides it', async () => {
  const { meterId } = await building();
  await record([gap(meterId, 0, 5, 'no-tick')]);
  await record([reading(meterId, 2)]);
  expect(await gapsOf(meterId)).toEqual(['0-2 no_tick', '3-5 no_tick']);
});

test('a long gap is recorded around the slots that were read', async () => {
  const { meterId } = await building();
  await record([reading(meterId, 1), reading(meterId, 3)]);
  await record([gap(meterId, 0, 6, 'not-read')]);
  expect(await gapsOf(meterId)).toEqual(['0-1 not_read', '2-3 not_read', '4-6 not_read']);
});

test('a gap that goes on grows; another reason is another gap; the first reason stands', async () => {
  const { meterId } = await building();
  for (const n of [0, 1, 2]) await record([gap(meterId, n, n + 1, 'no-answer')]);
  await record([gap(meterId, 3, 4, 'late')]);
  await record([gap(meterId, 0, 4, 'not-read')]);
  expect(await gapsOf(meterId)).toEqual(['0-3 no_answer', '3-4 late']);
});

test('the same batch twice changes nothing', async () => {
  const { meterId } = await building({ recipients: 'owner@example.org' });
  const batch = [reading(meterId, 0), gap(meterId, 1, 2, 'no-answer'), reading(meterId, 2)];
  await record(batch);
  const before = [
    await gapsOf(meterId),
    await database.prisma.reading.findMany({ where: { meterId } }),
    await database.prisma.mailOutbox.count(),
  ];
  await record(batch);
  const after = [
    await gapsOf(meterId),
    await database.prisma.reading.findMany({ where: { meterId } }),
    await database.prisma.mailOutbox.count(),
  ];
  expect(after).toEqual(before);
});

test('two writers at once leave each slot with one gap', async () => {
  const { meterId } = await building();
  await Promise.all(Array.from({ length: 8 }, (_, i) => record([gap(meterId, 0, 1 + (i % 3), 'not-read')])));
  const rows = await database.prisma.gap.findMany({ where: { meterId }, orderBy: { fromAt: 'asc' } });
  const covered = rows.reduce((sum, row) => sum + row.toAt.getTime() - row.fromAt.getTime(), 0);
  expect(covered).toBe(3 * MINUTE);
});

test('one mail when a meter falls silent, one when it answers again, none per poll', async () => {
  const { meterId, buildingId } = await building({ recipients: 'owner@example.org' });
  await record([reading(meterId, 0)]);
  for (const n of [1, 2, 3]) await record([gap(meterId, n, n + 1, 'no-answer')]);
  const meter = await database.prisma.meter.findUniqueOrThrow({ where: { id: meterId } });
  expect(meter).toMatchObject({ state: 'silent', stateReason: 'no-answer', stateSince: new Date(slot(1)) });
  for (const n of [4, 5]) await record([reading(meterId, n)]);
  const incidents = await database.prisma.incident.findMany({ where: { buildingId }, include: { mails: true } });
  expect(incidents).toHaveLength(1);
  expect(incidents[0]).toMatchObject({ openedAt: new Date(slot(1)), closedAt: new Date(slot(4)) });
  expect(incidents[0]?.mails.map((mail) => mail.template)).toEqual(['meter-silent', 'meter-answers']);
});

test('what is drained late does not turn back the state of a meter', async () => {
  const { meterId } = await building();
  await record([reading(meterId, 0), gap(meterId, 5, 6, 'no-answer')]);
  await record([reading(meterId, 3)]);
  expect(await database.prisma.meter.findUniqueOrThrow({ where: { id: meterId } })).toMatchObject({ state: 'silent' });
});

test('a failure drained late, of a meter that answered since, makes no alarm', async () => {
  const { meterId, buildingId } = await building({ recipients: 'owner@example.org' });
  await record([reading(meterId, 0), reading(meterId, 5)]);
  await record([gap(meterId, 3, 4, 'no-answer')]);
  expect(await database.prisma.meter.findUniqueOrThrow({ where: { id: meterId } })).toMatchObject({ state: 'ok' });
  expect(await database.prisma.incident.count({ where: { buildingId } })).toBe(0);
  expect(await gapsOf(meterId)).toEqual(['3-4 no_answer']);
});

test('a slot given up because nobody asked says nothing about the meter', async () => {
  const { meterId } = await building();
  await record([reading(meterId, 0), gap(meterId, 1, 2, 'late'), gap(meterId, 2, 3, 'no-tick')]);
  expect(await database.prisma.meter.findUniqueOrThrow({ where: { id: meterId } })).toMatchObject({ state: 'ok' });
});

test('an empty start is filled by the first value, and only once', async () => {
  const { meterId, meters } = await building();
  await record([reading(meterId, 0, 5_000)]);
  await record([reading(meterId, 1, 6_000)]);
  const installation = await database.prisma.installation.findUniqueOrThrow({ where: { id: meters[0]?.installationId ?? 0 } });
  expect(installation).toMatchObject({ fromAt: new Date(slot(0)), firstImportWh: 5_000n });
});
