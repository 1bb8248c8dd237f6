import type { Ask } from './read-meter.ts';
import type { BlockReply } from './modbus-client.ts';

// SunSpec Alliance, Device Information Model Specification: where the marker may stand, in the order in which it is looked for.
const MARKER_PLACES = [40_000, 50_000, 0];
const MARKER = [0x5375, 0x6e53];
const END = 0xffff;
const LAST_ADDRESS = 0xffff;
// A device with more would take longer to walk through than anybody waits; the largest known have about thirty.
const MOST_MODELS = 100;
// The meter knows no such function, address or value: nothing is there.
const NOT_THERE = new Set([1, 2, 3]);

export type FoundBlock =
  | { ok: true; address: number }
  | { ok: false; why: 'not-here'; detail: string }
  | { ok: false; why: 'failed'; reply: BlockReply & { ok: false } }
  | { ok: false; why: 'late' };

/** Every model in the chain of a unit; null where there is no marker, or it could not be read to its end. */
export async function listSunspecModels(ask: Ask, unitId: number, isLate: () => boolean): Promise<number[] | null> {
  const seen: number[] = [];
  const found = await walkChain(ask, unitId, isLate, (id) => {
    seen.push(id);
    return false;
  });
  return found.ok || found.why === 'not-here' ? (seen.length > 0 ? seen : null) : null;
}

/** The first register, its id, of the first block of that model in the chain of a unit. */
export function findSunspecBlock(ask: Ask, unitId: number, model: number, isLate: () => boolean): Promise<FoundBlock> {
  return walkChain(ask, unitId, isLate, (id) => id === model, `no SunSpec model ${model} here`);
}

type Pair = { ok: true; words: number[] | null } | (FoundBlock & { ok: false });

/** Along the chain until a block is the one. */
async function walkChain(
  ask: Ask,
  unitId: number,
  isLate: () => boolean,
  isIt: (id: number) => boolean,
  notIt = 'not the one that is looked for',
): Promise<FoundBlock> {
  /** Two registers; null where the meter has none. */
  async function readPair(address: number): Promise<Pair> {
    if (isLate()) return { ok: false, why: 'late' };
    const reply = await ask({ unitId, function: 3, address, count: 2 });
    if (reply.ok) return reply;
    return reply.reason === 'refused' && NOT_THERE.has(reply.exception) ? { ok: true, words: null } : { ok: false, why: 'failed', reply };
  }

  /** Each step leads on by at least two registers, so that no chain is a circle. */
  async function walk(markerAt: number): Promise<FoundBlock> {
    const passed: number[] = [];
    let address = markerAt + MARKER.length;
    while (passed.length < MOST_MODELS && address < LAST_ADDRESS) {
      const pair = await readPair(address);
      if (!pair.ok) return pair;
      if (pair.words === null) break;
      const [id = END, length = 0] = pair.words;
      if (id === END) return notHere(`${notIt}, only ${passed.join(', ') || 'an end mark'}`);
      if (isIt(id)) return { ok: true, address };
      passed.push(id);
      address += 2 + length;
    }
    return notHere(`the chain of SunSpec models ${passed.join(', ')} has no end mark up to register ${address}`);
  }

  for (const place of MARKER_PLACES) {
    const pair = await readPair(place);
    if (!pair.ok) return pair;
    if (MARKER.every((word, index) => pair.words?.[index] === word)) return walk(place);
  }
  return notHere(`no SunSpec here: no "SunS" at register ${MARKER_PLACES.join(', ')}`);
}

function notHere(detail: string): FoundBlock {
  return { ok: false, why: 'not-here', detail };
}
