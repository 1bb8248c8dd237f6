import type { RegisterSpec } from '../domain/meter-model.ts';
import { makeRawReader } from '../domain/raw-value.ts';
import type { BlockReply } from './modbus-client.ts';
import type { Ask } from './read-meter.ts';

/** One register to be written, with the words that say its value. */
export interface RegisterWrite {
  spec: RegisterSpec;
  words: number[];
}

export interface Written {
  quantity: string;
  before: number | null;
  after: number | null;
}

/** `written`: what was done before it went wrong, too. */
export type WriteResult = { ok: true; written: Written[]; problem: null | { reason: string; detail: string } };

const ILLEGAL_FUNCTION = 1;

/**
 * Reads, writes and reads back one register after the other: a meter takes one parameter per write. The password goes
 * first; the meter forgets it after a minute or so. The caller makes a turn of it, so that nothing comes in between.
 */
export async function writeRegisters(
  ask: Ask,
  { unitId, writes, password }: { unitId: number; writes: readonly RegisterWrite[]; password: RegisterWrite | null },
): Promise<WriteResult> {
  const written: Written[] = [];
  const stop = (reason: string, detail: string): WriteResult => ({ ok: true, written, problem: { reason, detail } });
  if (password !== null) {
    const reply = await write(ask, unitId, password);
    if (!reply.ok) return stop(reply.reason, `the password was not taken: ${reply.detail}`);
  }
  for (const { spec, words } of writes) {
    const before = await readValue(ask, unitId, spec);
    const reply = await write(ask, unitId, { spec, words });
    if (!reply.ok) {
      const hint = reply.reason === 'refused' && password === null ? '; it may want a password, or a key pressed at the meter' : '';
      return stop(reply.reason, `${spec.quantity} was not written: ${reply.detail}${hint}`);
    }
    const back = await ask({ unitId, function: spec.function, address: spec.address, count: spec.words });
    written.push({ quantity: spec.quantity, before, after: valueOf(spec, back) });
    if (back.ok && back.words.some((word, place) => word !== words[place])) {
      return stop('not-kept', `${spec.quantity} was taken, and reads ${valueOf(spec, back)} afterwards`);
    }
  }
  return { ok: true, written, problem: null };
}

/** One word by function 6, as long as the meter knows it. */
async function write(ask: Ask, unitId: number, { spec, words }: RegisterWrite): Promise<BlockReply> {
  const { address } = spec;
  if (words.length > 1) return ask({ unitId, function: 16, address, words });
  const reply = await ask({ unitId, function: 6, address, words });
  return !reply.ok && reply.reason === 'refused' && reply.exception === ILLEGAL_FUNCTION
    ? ask({ unitId, function: 16, address, words })
    : reply;
}

async function readValue(ask: Ask, unitId: number, spec: RegisterSpec): Promise<number | null> {
  return valueOf(spec, await ask({ unitId, function: spec.function, address: spec.address, count: spec.words }));
}

function valueOf(spec: RegisterSpec, reply: BlockReply): number | null {
  const raw = reply.ok ? makeRawReader(spec)(reply.words, 0) : 'not-a-number';
  return typeof raw === 'string' ? null : raw * spec.scale + spec.offset;
}
