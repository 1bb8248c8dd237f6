import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { decodeReading } from '../../src/domain/decode.ts';
import { isEnergy } from '../../src/domain/quantity.ts';
import { planReads, type ReadPlan } from '../../src/domain/read-plan.ts';
import { crc16 } from '../../src/domain/rtu-frame.ts';
import { loadModel } from '../support/meter-models.ts';

/** Bytes that others published, and what they say that these mean. Never made from a model of ours. */
interface Golden {
  source: string;
  frames: GoldenFrame[];
}

interface GoldenFrame {
  /** Request and reply as they went over a serial line, checksum and all; or the registers from an address on. */
  asked?: string;
  rtu?: string;
  address?: number;
  words?: string;
  /** Why the function that was asked with need not be that of the map. */
  function?: string;
  values: Record<string, number>;
}

const folder = new URL('../fixtures/golden-frames/', import.meta.url);
const goldenKeys = readdirSync(folder).map((file) => file.replace(/\.json$/, ''));
const modelKeys = readdirSync(new URL('../../meters/', import.meta.url)).map((file) => file.replace(/\.csv$/, ''));

function readGolden(key: string): Golden {
  return JSON.parse(readFileSync(new URL(`${key}.json`, folder), 'utf8')) as Golden;
}

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(hex.split(/\s+/).map((digits) => Number.parseInt(digits, 16)));
}

function wordsIn(bytes: Uint8Array): number[] {
  return Array.from({ length: bytes.length / 2 }, (_, index) => bytes[index * 2]! * 256 + bytes[index * 2 + 1]!);
}

/** The registers that a frame holds, by address, and the function that was asked with, if it is known. */
function registersOf({ asked, rtu, address, words }: GoldenFrame): { words: Map<number, number>; function: number | null } {
  if (asked === undefined || rtu === undefined) {
    const values = words!.split(' ').map((digits) => Number.parseInt(digits, 16));
    return { words: new Map(values.map((word, index) => [address! + index, word])), function: null };
  }
  const request = bytesOf(asked);
  const reply = bytesOf(rtu);
  for (const frame of [request, reply]) {
    expect(frame.at(-2)! + frame.at(-1)! * 256).toBe(crc16(frame, frame.length - 2));
  }
  expect([reply[0], reply[1], reply[2]]).toEqual([request[0], request[1], request[5]! * 2]);
  const start = request[2]! * 256 + request[3]!;
  const values = wordsIn(reply.subarray(3, -2));
  return { words: new Map(values.map((word, index) => [start + index, word])), function: request[1]! };
}

function wordsFor(plan: ReadPlan, registers: ReadonlyMap<number, number>): number[][] {
  return plan.blocks.map(({ address, count }) => Array.from({ length: count }, (_, place) => registers.get(address + place) ?? 0));
}

describe('golden frames', () => {
  test.each(goldenKeys)('%s means what was published', (key) => {
    const model = loadModel(key);
    const { source, frames } = readGolden(key);
    expect(source.length).toBeGreaterThan(20);
    for (const frame of frames) {
      const quantities = Object.keys(frame.values);
      const registers = registersOf(frame);
      for (const spec of model.registers.filter((candidate) => quantities.includes(candidate.quantity))) {
        for (let word = 0; word < spec.words; word += 1) expect([...registers.words.keys()]).toContain(spec.address + word);
        if (registers.function !== null && frame.function === undefined) expect(registers.function).toBe(spec.function);
      }
      const plan = planReads(model, quantities);
      const { values, extra, refused } = decodeReading(plan, wordsFor(plan, registers.words), { ct: 1, pt: 1 });
      expect(refused).toEqual({});
      const told: Record<string, number | undefined> = { ...values, ...extra };
      for (const [quantity, value] of Object.entries(frame.values)) {
        // The published number of a float is often shorter than the float.
        expect({ quantity, told: told[quantity] }).toEqual({
          quantity,
          told: isEnergy(quantity) ? value : (expect.closeTo(value, 4) as number),
        });
      }
    }
  });

  test('a model says that it is verified exactly when there is a golden frame for it', () => {
    expect(modelKeys.filter((key) => loadModel(key).verified).toSorted()).toEqual(goldenKeys.toSorted());
  });
});
