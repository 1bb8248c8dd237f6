import type { RegisterSpec } from './meter-model.ts';

export type RawRefusal = 'not-a-number' | 'infinite' | 'not-bcd' | 'too-many-digits';

/** Raw words to the number they are, or why they are none. `at` is the first word of the value. */
export type RawReader = (words: readonly number[], at: number) => number | RawRefusal;

const view = new DataView(new ArrayBuffer(8));
const WORD = 0x1_0000;
const DOUBLE_WORD = 0x1_0000_0000;

/** The words of a value laid out most significant byte first, whatever order the meter sends them in. */
function makeLoad({ words: count, wordOrder, byteOrder }: RegisterSpec): (words: readonly number[], at: number) => void {
  const swapped = byteOrder === 'little';
  if (count === 1) return (words, at) => view.setUint16(0, words[at] ?? 0, swapped);
  if (count === 2) {
    const [high, low] = wordOrder === 'big' ? [0, 1] : [1, 0];
    return (words, at) => {
      view.setUint16(0, words[at + high] ?? 0, swapped);
      view.setUint16(2, words[at + low] ?? 0, swapped);
    };
  }
  const order = Array.from({ length: count }, (_, place) => (wordOrder === 'big' ? place : count - 1 - place));
  return (words, at) => order.forEach((word, place) => view.setUint16(place * 2, words[at + word] ?? 0, swapped));
}

export function makeRawReader(spec: RegisterSpec): RawReader {
  const load = makeLoad(spec);
  const read = makeNumberReader(spec);
  return (words, at) => {
    load(words, at);
    return read();
  };
}

function makeNumberReader(spec: RegisterSpec): () => number | RawRefusal {
  switch (spec.type) {
    case 'bit':
      return () => view.getUint8(1) & 1;
    case 'uint8':
      return () => view.getUint8(1);
    case 'int8':
      return () => view.getInt8(1);
    case 'uint16':
      return () => view.getUint16(0);
    case 'int16':
      return () => view.getInt16(0);
    case 'uint32':
      return () => view.getUint32(0);
    case 'int32':
      return () => view.getInt32(0);
    case 'uint64':
      return () => whole(view.getUint32(0) * DOUBLE_WORD + view.getUint32(4));
    case 'int64':
      return () => whole(view.getInt32(0) * DOUBLE_WORD + view.getUint32(4));
    case 'float32':
      return () => finite(view.getFloat32(0));
    case 'float64':
      return () => finite(view.getFloat64(0));
    case 'bcd':
      return () => readBcd(spec.words * 2);
  }
}

function finite(value: number): number | RawRefusal {
  if (Number.isFinite(value)) return value;
  return Number.isNaN(value) ? 'not-a-number' : 'infinite';
}

/** Above 2^53 a number would lose digits without a sign of it. */
function whole(value: number): number | RawRefusal {
  return Number.isSafeInteger(value) ? value : 'too-many-digits';
}

function readBcd(bytes: number): number | RawRefusal {
  let value = 0;
  for (let place = 0; place < bytes; place += 1) {
    const pair = view.getUint8(place);
    const tens = pair >> 4;
    const ones = pair & 0x0f;
    if (tens > 9 || ones > 9) return 'not-bcd';
    value = value * 100 + tens * 10 + ones;
  }
  return whole(value);
}

/** True for raw words that the model says mean "no value". */
export function makeMarkerCheck(spec: RegisterSpec): ((words: readonly number[], at: number) => boolean) | null {
  if (spec.invalid === '') return null;
  const markers = spec.invalid.split('|');
  if (spec.type === 'uint8' || spec.type === 'int8') {
    const bytes = new Set(markers.map((marker) => Number.parseInt(marker, 16)));
    return (words, at) => {
      const word = words[at] ?? 0;
      return bytes.has(spec.byteOrder === 'big' ? word % 0x100 : (word % WORD) >> 8);
    };
  }
  const wordsOf = markers.map((marker) => (marker.match(/.{4}/g) ?? []).map((digits) => Number.parseInt(digits, 16)));
  return (words, at) => wordsOf.some((marker) => marker.every((word, place) => words[at + place] === word));
}
