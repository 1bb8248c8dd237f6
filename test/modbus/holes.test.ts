import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RegisterSpec } from '../../src/domain/meter-model.ts';
import { isWrite, type ModbusRequest } from '../../src/domain/modbus-frame.ts';
import { planReads } from '../../src/domain/read-plan.ts';
import { crosses, type RegisterHole } from '../../src/domain/register-hole.ts';
import { readMeter, type ReadResult } from '../../src/modbus/read-meter.ts';
import type { BlockReply } from '../../src/modbus/modbus-client.ts';
import { wordOf, wordsOf } from '../support/modbus-peer.ts';
import { makeModel, makeRegister } from '../support/registers.ts';

const UNIT = 7;
const word = (address: number) => makeRegister({ quantity: `at_${address}`, unit: '', address });
const refusal: BlockReply = { ok: false, reason: 'refused', exception: 2, detail: 'illegal data address' };

interface Told {
  result: ReadResult;
  asked: string[];
  holes: RegisterHole[];
}

/** A meter that refuses whatever touches these; `answer` may decide otherwise about the nth request. */
async function readAround(
  registers: RegisterSpec[],
  refuses: readonly RegisterHole[],
  options: {
    known?: readonly RegisterHole[];
    maxRegisters?: number;
    evenOnly?: boolean;
    answer?(nth: number): BlockReply | null;
    deadlineMs?: number;
  } = {},
): Promise<Told> {
  const { known = [], answer, deadlineMs = Number.MAX_SAFE_INTEGER, ...limits } = options;
  const asked: string[] = [];
  const plan = planReads(
    makeModel(registers, limits),
    registers.map((spec) => spec.quantity),
    known,
  );
  const ask = (request: ModbusRequest): Promise<BlockReply> => {
    if (isWrite(request)) throw new Error('reading writes nothing');
    const { function: modbusFunction, address, count } = request;
    asked.push(`${address}+${count}`);
    const block = { function: modbusFunction as 3, address, count };
    const refused = refuses.some((hole) => crosses(block, hole));
    return Promise.resolve(answer?.(asked.length) ?? (refused ? refusal : { ok: true, words: wordsOf(UNIT, address, count) }));
  };
  const request = { unitId: UNIT, plan, ratios: { ct: 1, pt: 1 }, deadlineMs, priority: 'due' as const };
  const { result } = await readMeter(ask, request, () => asked.length);
  return { result, asked, holes: result.holes ?? [] };
}

const values = (...addresses: number[]) => Object.fromEntries(addresses.map((address) => [`at_${address}`, wordOf(UNIT, address)]));
const notThere = { reason: 'not-there', words: [] };

describe('a meter that refuses some registers', () => {
  test('is read around the one that is not there, in the same turn', async () => {
    const { result, asked, holes } = await readAround([0, 1, 2, 3].map(word), [{ function: 3, address: 2, count: 1 }]);
    expect(result).toMatchObject({ ok: true, decoded: { extra: values(0, 1, 3), refused: { at_2: notThere } } });
    expect(asked).toEqual(['0+4', '0+2', '2+2', '2+1', '3+1']);
    expect(holes).toEqual([{ function: 3, address: 2, count: 1 }]);
  });

  test('is not asked for it again once the hole is known, and the reading says so', async () => {
    const hole = { function: 3, address: 2, count: 1 };
    const { result, asked, holes } = await readAround([0, 1, 2, 3].map(word), [hole], { known: [hole] });
    expect(result).toMatchObject({ ok: true, decoded: { extra: values(0, 1, 3), refused: { at_2: notThere } } });
    expect([asked, holes]).toEqual([['0+2', '3+1'], []]);
  });

  test('loses no value to a hole between them', async () => {
    const { result, holes } = await readAround([word(0), word(9)], [{ function: 3, address: 4, count: 2 }]);
    expect(result).toMatchObject({ ok: true, decoded: { extra: values(0, 9), refused: {} } });
    expect(holes).toEqual([{ function: 3, address: 1, count: 8 }]);
  });

  test('loses none to a border that no request may cross', async () => {
    const { result, holes } = await readAround([0, 1, 2, 3].map(word), [{ function: 3, address: 2, count: 0 }]);
    expect(result).toMatchObject({ ok: true, decoded: { extra: values(0, 1, 2, 3), refused: {} } });
    expect(holes).toEqual([{ function: 3, address: 2, count: 0 }]);
  });

  test('that stumbled once has no hole', async () => {
    const once = await readAround([0, 1].map(word), [], { answer: (nth) => (nth === 1 ? refusal : null) });
    expect([once.result.ok, once.asked, once.holes]).toEqual([true, ['0+2', '0+1', '1+1', '0+2'], []]);
    const single = await readAround([word(0), word(300)], [], { answer: (nth) => (nth === 2 ? refusal : null) });
    expect([single.result.ok, single.asked, single.holes]).toEqual([true, ['0+1', '300+1', '300+1'], []]);
  });

  test('tells no value whose power of ten it refuses, neither now nor once that is known', async () => {
    const registers = [{ ...word(0), scaleBy: 'at_9' }, word(1), { ...word(9), type: 'int16' as const }];
    const hole = { function: 3, address: 9, count: 1 };
    const refused = { at_0: notThere, at_9: notThere };
    const first = await readAround(registers, [hole]);
    expect([first.result, first.holes]).toMatchObject([{ ok: true, decoded: { extra: values(1), refused } }, [hole]]);
    const second = await readAround(registers, [hole], { known: first.holes });
    expect([second.result, second.asked]).toMatchObject([{ ok: true, decoded: { extra: values(1), refused } }, ['1+1']]);
  });

  test('that refuses everything has said nothing about single registers', async () => {
    const { result, holes } = await readAround([0, 1].map(word), [{ function: 3, address: 0, count: 9 }]);
    expect(result).toMatchObject({ ok: false, reason: 'refused', detail: 'illegal data address' });
    expect(holes).toEqual([]);
  });

  test('that is busy, or falls silent in between, is not halved', async () => {
    const busy: BlockReply = { ok: false, reason: 'refused', exception: 6, detail: 'busy' };
    expect((await readAround([0, 1].map(word), [], { answer: () => busy })).asked).toEqual(['0+2']);
    const silent: BlockReply = { ok: false, reason: 'no-answer', detail: 'no answer' };
    const cut = await readAround([0, 1, 2, 3].map(word), [{ function: 3, address: 0, count: 1 }], {
      answer: (nth) => (nth === 5 ? silent : null),
    });
    expect(cut.result).toMatchObject({ ok: false, reason: 'no-answer' });
    expect([cut.asked.at(-1), cut.holes]).toEqual(['2+2', [{ function: 3, address: 0, count: 1 }]]);
  });

  test('is late where the halving takes too long, and what it learned is kept', async () => {
    const registers = [word(0), word(300), word(301)];
    const { result, asked, holes } = await readAround(registers, [{ function: 3, address: 300, count: 1 }], { deadlineMs: 3 });
    expect(result).toMatchObject({ ok: false, reason: 'late' });
    expect([asked, holes]).toEqual([['0+1', '300+2', '300+1'], [{ function: 3, address: 300, count: 1 }]]);
  });
});

test('whatever the map and the holes: each value is its own or refused, and in a few rounds nothing is refused that is there', async () => {
  const registers = fc.uniqueArray(fc.nat(120), { minLength: 1, maxLength: 25 }).map((addresses) => addresses.map(word));
  const holes = fc.array(fc.record({ function: fc.constant(3), address: fc.nat(120), count: fc.nat(5) }), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(registers, holes, fc.boolean(), fc.integer({ min: 4, max: 125 }), async (specs, refuses, evenOnly, maxRegisters) => {
      let known: RegisterHole[] = [];
      for (let round = 0; round <= specs.length; round += 1) {
        const { result, holes: learned, asked } = await readAround(specs, refuses, { known, evenOnly, maxRegisters });
        if (!result.ok) return;
        expect(Object.keys(result.decoded.extra).length + Object.keys(result.decoded.refused).length).toBe(specs.length);
        for (const [quantity, value] of Object.entries(result.decoded.extra)) {
          expect(value).toBe(wordOf(UNIT, Number(quantity.slice(3))));
        }
        if (learned.length === 0) {
          expect(asked).toHaveLength(result.blocks.length);
          for (const quantity of Object.keys(result.decoded.refused)) {
            const address = Number(quantity.slice(3));
            const alone = { function: 3, address: evenOnly ? address - (address % 2) : address, count: evenOnly ? 2 : 1 } as const;
            expect(refuses.some((hole) => crosses(alone, hole))).toBe(true);
          }
          return;
        }
        known = [...known, ...learned];
      }
      throw new Error('it never stopped learning');
    }),
    { numRuns: 500 },
  );
});
