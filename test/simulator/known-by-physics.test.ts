import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findByteOrder } from '../../src/domain/byte-order-detective.ts';
import type { RawRead } from '../../src/domain/decoding-groups.ts';
import { ModelSearch } from '../../src/domain/guess-model.ts';
import type { MeterModel, Order, RegisterSpec } from '../../src/domain/meter-model.ts';
import { planReads } from '../../src/domain/read-plan.ts';
import { openVirtualUnits, type VirtualUnits } from '../support/known-unit.ts';
import { loadModel } from '../support/meter-models.ts';

const SEED = 20_261_127;
const START_MS = Date.UTC(2026, 10, 20, 18, 30);
const QUARTER_MS = 900_000;
const LONG_MS = 400_000;
const library = readdirSync(new URL('../../meters/', import.meta.url))
  .map((file) => loadModel(file.replace(/\.csv$/, '')))
  .filter((model) => model.sunspec === null);

let nowMs = START_MS;
let units: VirtualUnits;
beforeAll(async () => {
  units = await openVirtualUnits(library, () => nowMs);
});
afterAll(() => units.close());

/** Mulberry32: the same scrambles in every run. */
function makeRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const other = (order: Order): Order => (order === 'big' ? 'little' : 'big');

function scrambles(model: MeterModel, random: () => number): { how: string; map: MeterModel }[] {
  const turned = (words: () => boolean, bytes: () => boolean): MeterModel => ({
    ...model,
    registers: model.registers.map((spec) => ({
      ...spec,
      wordOrder: spec.words > 1 && words() ? other(spec.wordOrder) : spec.wordOrder,
      byteOrder: bytes() && !['uint8', 'int8', 'bit'].includes(spec.type) ? other(spec.byteOrder) : spec.byteOrder,
    })),
  });
  const always = () => true;
  const never = () => false;
  const seldom = () => random() < 0.5;
  return [
    { how: 'not at all', map: model },
    { how: 'words', map: turned(always, never) },
    { how: 'bytes', map: turned(never, always) },
    { how: 'words and bytes', map: turned(always, always) },
    { how: 'each register for itself', map: turned(seldom, seldom) },
  ];
}

async function readRaw(unitId: number, model: MeterModel): Promise<RawRead> {
  const blocks: { function: number; address: number; words: readonly number[] }[] = [];
  for (const block of planReads(model).blocks) {
    const answer = await units.ask(unitId, block);
    if (answer.kind !== 'words') throw new Error(`${model.key} refuses ${JSON.stringify(block)}`);
    blocks.push(answer);
  }
  return { atMs: nowMs, blocks };
}

function isRight(found: readonly RegisterSpec[], truth: readonly RegisterSpec[]): boolean {
  return truth.every((spec, index) => {
    const { type, byteOrder, wordOrder, scale } = found[index] as RegisterSpec;
    return type === spec.type && scale === spec.scale && byteOrder === spec.byteOrder && (spec.words === 1 || wordOrder === spec.wordOrder);
  });
}

test(
  'scrambled maps of the whole library: the detective is right in at least 95 %',
  async () => {
    const random = makeRandom(SEED);
    const wrong: string[] = [];
    const said = { sure: 0, likely: 0, 'cannot-tell': 0 };
    let cases = 0;
    let surelyWrong = 0;
    for (const [index, model] of library.entries()) {
      nowMs = START_MS;
      const reads = [await readRaw(index + 1, model)];
      nowMs += QUARTER_MS;
      reads.push(await readRaw(index + 1, model));
      for (const { how, map } of scrambles(model, random)) {
        for (const given of [reads.slice(0, 1), reads]) {
          const { certainty, ranked } = findByteOrder({ model: map, reads: given, ratios: { ct: 1, pt: 1 } });
          cases += 1;
          said[certainty] += 1;
          if (isRight(ranked[0]?.registers ?? [], model.registers)) continue;
          wrong.push(`${model.key}, ${how}, ${given.length} read(s): ${certainty}, ${ranked[0]?.label}`);
          if (certainty === 'sure') surelyWrong += 1;
        }
      }
    }
    const right = (cases - wrong.length) / cases;
    console.info(`seed ${SEED}: ${library.length} models, ${cases} cases, ${(right * 100).toFixed(1)} % right, ${JSON.stringify(said)}`);
    if (wrong.length > 0) console.info(wrong.join('\n'));
    expect(right).toBeGreaterThanOrEqual(0.95);
    expect(surelyWrong).toBe(0);
  },
  LONG_MS,
);

test(
  'the model of a unit that nobody told about is guessed first, or among those that cannot be told apart',
  async () => {
    const missed: string[] = [];
    let probes = 0;
    let alone = 0;
    for (const [index, model] of library.entries()) {
      const search = new ModelSearch(library, { unitId: index + 1, sunspec: null });
      for (let probe = search.next(); probe !== null; probe = search.next()) search.add(await units.ask(index + 1, probe));
      probes += search.asked;
      const [first] = search.guesses();
      if (first?.models.length === 1) alone += 1;
      if (!first?.models.some(({ key }) => key === model.key))
        missed.push(`${model.key}: ${first?.models.map(({ key }) => key).join(', ')}`);
    }
    const hits = library.length - missed.length;
    console.info(`${hits} of ${library.length} models first, ${alone} of them alone, ${(probes / library.length).toFixed(1)} probes each`);
    if (missed.length > 0) console.info(missed.join('\n'));
    expect(hits / library.length).toBeGreaterThanOrEqual(0.9);
  },
  LONG_MS,
);
