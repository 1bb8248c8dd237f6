import { afterAll, beforeAll, expect, test } from 'vitest';
import { energyToSplit } from '../../src/domain/building-energy.ts';
import { splitUnrounded } from '../../src/domain/split-rule.ts';
import { importMmetering } from '../../src/use-cases/import-mmetering.ts';
import { makeSettleAll } from '../../src/use-cases/settle-all.ts';
import { loadEnergy } from '../../src/use-cases/split-building.ts';
import { importer, importFile } from '../support/import-files.ts';
import { loadModel } from '../support/meter-models.ts';
import { DUMPED_FLATS, mmeteringDump, splitByMmetering } from '../support/mmetering-dump.ts';
import { openTestDatabase } from '../support/services.ts';
import { addSmallBuilding } from '../support/small-building.ts';

const QUARTER_MS = 15 * 60_000;
const OCTOBER = { fromMs: Date.parse('2017-10-01T00:00:00+02:00'), toMs: Date.parse('2017-11-01T00:00:00+01:00') };
const clock = () => Date.UTC(2017, 10, 3);
const log = { info: () => {}, warn: () => {}, error: () => {} } as never;

let database: Awaited<ReturnType<typeof openTestDatabase>>;

beforeAll(async () => {
  database = await openTestDatabase();
  await addSmallBuilding(database, { name: 'Known', port: 1, meters: 1, model: loadModel('eastron-sdm630') });
});
afterAll(() => database.drop());

/** The quarter hours of a span as a clock on the wall shows them. */
function wallTimes({ fromMs, toMs }: typeof OCTOBER): string[] {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Berlin', dateStyle: 'short', timeStyle: 'medium' });
  const times: string[] = [];
  for (let ms = fromMs; ms <= toMs; ms += QUARTER_MS) times.push(format.format(ms).replace(' ', 'T'));
  return times;
}

test('a month of an old house, with the hour that is twice, is split as mmetering split it', async () => {
  const dump = mmeteringDump({ times: wallTimes(OCTOBER) });
  const report = await importMmetering({ database, clock }, importer, importFile(JSON.stringify(dump.objects), 'dump.json', 4_093), {
    input: { name: 'Altes Haus', zone: 'Europe/Berlin' },
    dryRun: false,
  });
  expect(report).toMatchObject({ stored: true, problemCount: 0 });
  expect(report.notes).toEqual(['left out of the dump: 1 of auth.user, 1 of mmetering.activities']);
  expect(report.made).toEqual([
    'building Altes Haus in Europe/Berlin',
    '5 flats, 2 of them producers',
    '5 meters',
    'line mmetering, without an address: nothing is read before somebody gives it one',
  ]);
  const buildingId = report.buildingId!;
  await makeSettleAll({ pool: database.pool, clock, log, waitingReadings: async () => 0 })();

  const energy = await loadEnergy(database, buildingId, OCTOBER);
  expect(energy.slots).toBe(31 * 96 + 4);
  for (const { name, quality } of [...energy.consumers, ...energy.producers])
    expect(
      quality.every((each) => each === 0),
      name,
    ).toBe(true);
  const { consumption, production } = energyToSplit(energy);
  const ours = new Map<string, number>();
  for (let slot = 0; slot < energy.slots; slot += 1) {
    const input = { consumption: consumption.map((wh) => wh[slot]!), production: production.map((wh) => wh[slot]!) };
    splitUnrounded({ kind: 'proportional' }, input).forEach((wh, cell) => {
      const key = `${energy.consumers[Math.floor(cell / production.length)]!.name} ${energy.producers[cell % production.length]!.name}`;
      ours.set(key, (ours.get(key) ?? 0) + wh / 1_000);
    });
  }
  const theirs = splitByMmetering(dump);
  expect([...ours.keys()].toSorted()).toEqual([...theirs.keys()].toSorted());
  for (const [key, kwh] of theirs) {
    expect(kwh).toBeGreaterThan(1);
    expect(Math.abs((ours.get(key) ?? 0) - kwh), key).toBeLessThan(0.000_001);
  }
});

test('counters as a meter sends them, in float32, are split alike by the rule itself', () => {
  const dump = mmeteringDump({ times: wallTimes(OCTOBER), counters: 'float32' });
  const valuesOf = (pk: number) => dump.readings.filter(({ meter }) => meter === pk + 10).map(({ value }) => value * 1_000);
  const deltas = (modus: 'IM' | 'EX') =>
    DUMPED_FLATS.filter((flat) => flat.modus === modus).map((flat) => ({ ...flat, values: valuesOf(flat.pk) }));
  const [used, made] = [deltas('IM'), deltas('EX')];
  const ours = new Map<string, number>();
  const slots = used[0]!.values.length - 1;
  for (let slot = 0; slot < slots; slot += 1) {
    const at = ({ values }: { values: number[] }) => values[slot + 1]! - values[slot]!;
    splitUnrounded({ kind: 'proportional' }, { consumption: used.map(at), production: made.map(at) }).forEach((wh, cell) => {
      const key = `${used[Math.floor(cell / made.length)]!.name} ${made[cell % made.length]!.name}`;
      ours.set(key, (ours.get(key) ?? 0) + wh / 1_000);
    });
  }
  for (const [key, kwh] of splitByMmetering(dump)) expect(Math.abs((ours.get(key) ?? 0) - kwh), key).toBeLessThan(0.000_001);
});
