import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseSamples } from '../../src/use-cases/generate-samples.ts';
import { importShippedModels } from '../../src/use-cases/import-shipped-models.ts';
import { addSmallBuilding } from '../support/small-building.ts';
import { openTestDatabase } from '../support/services.ts';
import { launch } from './launcher.ts';

const HOUR_MS = 3_600_000;
const START_MS = Date.UTC(2026, 10, 1);

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let folder: string;

beforeAll(async () => {
  database = await openTestDatabase();
  await importShippedModels({ database }, { folder: 'meters' });
  folder = mkdtempSync(join(tmpdir(), 'wattbook-samples-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await database.drop();
});

async function gendata(options: string) {
  const launched = launch(`gendata ${options}`, { DATABASE_URL: database.url });
  return { code: await launched.exitCode, output: launched.output() };
}

function fileOf(entries: readonly object[], comment = ''): string {
  const path = join(folder, 'samples.json');
  writeFileSync(path, `${comment}${JSON.stringify(entries, null, 1)}`);
  return path;
}

const readingsOf = (serial: string) =>
  database.prisma.$queryRaw<{ at: Date; watts: number | null; volts: number | null; extra: string | null }[]>`
    SELECT r.at, r.active_power_total AS watts, r.voltage_l1 AS volts, CAST(r.extra AS CHAR) AS extra
    FROM readings r JOIN meters m ON m.id = r.meter_id WHERE m.serial = ${serial} ORDER BY r.at`;
const day = { start: '2026-11-01T00:00:00Z', end: '2026-11-02T00:00:00Z', topic_id: 7, topic_name: 'uw//hall/W', spread: 0 };

test('the square wave of the samples is the sum of its entries, the same for the same seed, and is settled anew', async () => {
  const dry = await gendata('samples/square.json --dry-run');
  expect(dry).toEqual({ code: 0, output: expect.stringContaining('sample/square: 24192 values') });
  expect(await database.prisma.meter.count()).toBe(0);

  expect((await gendata('samples/square.json')).output).toContain('a new sample meter in Sample data');
  const first = await readingsOf('sample/square');
  expect(first).toHaveLength(6_048);
  const ideal = (hours: number) =>
    1_500 + [1, 3, 5, 7].reduce((sum, n) => sum + (1_273.24 / n) * Math.sin((2 * Math.PI * n * hours) / 24), 0);
  for (const { at, watts } of first.filter((_, index) => index % 100 === 0)) {
    expect(Math.abs(Number(watts) - ideal((at.getTime() - START_MS) / HOUR_MS))).toBeLessThan(20.1);
  }
  const dirty = await database.prisma.dirtyWindow.findMany();
  expect(Math.min(...dirty.map(({ fromAt }) => fromAt.getTime()))).toBe(START_MS);

  expect((await gendata('samples/square.json')).output).toContain('in place of what it had');
  expect(await readingsOf('sample/square')).toEqual(first);
  await gendata('samples/square.json --seed 2');
  expect(await readingsOf('sample/square')).not.toEqual(first);
  await gendata('samples/square.json --spread 0');
  const exact = await readingsOf('sample/square');
  expect(Number(exact[1]?.watts)).toBeCloseTo(ideal(100 / 3_600), 1);
});

test('entries of one topic add up, those of another never do; only the topic of the file is written over, and what has no more is gone', async () => {
  const volts = { ...day, topic_id: 8, topic_name: 'uw//hall/Voltage_AN', amplitude_offset: 230 };
  const strange = { ...day, topic_id: 9, topic_name: 'uw//hall/THD_A', amplitude_offset: 4 };
  const watts = { ...day, amplitude_offset: 100 };
  await gendata(
    `${fileOf([watts, { ...watts, amplitude_offset: 20 }, volts, strange], '// three topics\n')} --sample-rate 0.001 --building Hall`,
  );
  const both = await readingsOf('uw//hall');
  expect(both).toHaveLength(86);
  expect(both.map((row) => [row.watts, row.volts, JSON.parse(row.extra ?? '')])).toEqual(both.map(() => [120, 230, { thd_a: 4 }]));
  expect(await database.prisma.building.count({ where: { name: 'Hall' } })).toBe(1);

  await gendata(`${fileOf([{ ...watts, amplitude_offset: 5 }])} --sample-rate 0.0005`);
  const after = await readingsOf('uw//hall');
  expect(after.map((row) => row.watts)).toEqual(both.map((_, index) => (index % 2 === 0 ? 5 : null)));
  expect(after.every((row) => row.volts === 230)).toBe(true);
  await gendata(`${fileOf([{ ...volts, start: day.end, end: '2026-11-02T01:00:00Z' }])} --sample-rate 0.001`);
  expect((await readingsOf('uw//hall')).filter(({ at }) => at.getTime() >= START_MS + 24 * HOUR_MS)).toHaveLength(3);
});

test('a real meter is refused, and so is what is no wave; nothing is stored', async () => {
  const { meters } = await addSmallBuilding(database, { name: 'Real', port: 502, meters: 1 });
  const [meter] = meters;
  await database.prisma.meterAlias.create({ data: { meterId: meter!.meterId, kind: 'topic', value: 'uw/real' } });
  const before = await database.prisma.meter.count();
  const real = await gendata(
    fileOf([
      { ...day, topic_name: 'uw/other/W' },
      { ...day, topic_id: 8, topic_name: 'uw/real/W' },
    ]),
  );
  expect(real).toEqual({ code: 1, output: expect.stringContaining('which measures: sample data goes to sample meters only') });
  expect(await database.prisma.meter.count()).toBe(before);
  const wrong = {
    'entry 1, end: must come after start': [{ ...day, end: day.start }],
    'entry 1, period: must be above 0': [{ ...day, period: 0 }],
    'entry 1: Unrecognized key: "amplitud"': [{ ...day, amplitud: 1 }],
    'are two topics, but have one number or one quantity': [day, { ...day, topic_name: 'uw/roof/W' }],
    '"power" has no prefix that could be a meter': [{ ...day, topic_name: 'power' }],
  };
  for (const [sentence, entries] of Object.entries(wrong)) {
    expect(() => parseSamples(entries, {}), sentence).toThrow(sentence);
  }
});
