import { encodeRaw } from './encode-register.ts';
import type { RegisterSpec } from './meter-model.ts';
import { EXCEPTION, type RegisterAnswer, type RegisterRequest } from './modbus-answer.ts';

/** What a register is answered with: its raw number; null where none is known. */
export type RawOf = (spec: RegisterSpec) => number | null;

/** A register without a value refuses the request that asks for it, or is answered with the marker of its map. */
export type NoValue = 'exception' | 'marker';

/**
 * Registers as they are answered. A request for what is no register, or for a part of one, is refused: whoever reads never
 * gets a word that nobody said, and never half a number.
 */
export function answerFrom(
  specs: readonly RegisterSpec[],
  { address, count }: Omit<RegisterRequest, 'unitId'>,
  rawOf: RawOf,
): RegisterAnswer {
  const words = Array.from({ length: count }, (): number | null => null);
  let lacksValue = false;
  for (const spec of specs) {
    const at = spec.address - address;
    if (at + spec.words <= 0 || at >= count) continue;
    if (at < 0 || at + spec.words > count) return { exception: EXCEPTION.illegalAddress };
    const said = saidOf(spec, rawOf(spec));
    if (said === null) lacksValue = true;
    words.splice(at, spec.words, ...(said ?? Array.from({ length: spec.words }, () => 0)));
  }
  if (words.includes(null)) return { exception: EXCEPTION.illegalAddress };
  return lacksValue ? { exception: EXCEPTION.noAnswerFromMeter } : { words: words as number[] };
}

/** A number that its type cannot hold is no value: nothing is cut off to make it fit. */
function saidOf(spec: RegisterSpec, raw: number | null): number[] | null {
  const marker = spec.invalid === '' ? null : (spec.invalid.match(/.{4}/g) ?? []).map((digits) => Number.parseInt(digits, 16));
  const words = raw === null ? null : encodeRaw(spec, raw);
  return words ?? marker;
}
