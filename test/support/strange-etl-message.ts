import { BODY_BYTES, KINDS_OF_ANY_SIZE, writeEtlMessage } from './etl-frames.ts';

const KINDS = [...Object.keys(BODY_BYTES).map(Number), ...KINDS_OF_ANY_SIZE];
const FIRST_MS = Date.UTC(2000, 0, 1);
const SPAN_MS = Date.UTC(2100, 0, 1) - FIRST_MS;

/** Numbers from one seed: bytes that fast-check draws one by one would take minutes. */
function makeDraw(seed: number): (below: number) => number {
  let state = seed | 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return Math.floor(((state >>> 0) / 0x1_0000_0000) * below);
  };
}

/** A message that is right, or was cut, lengthened or had bytes replaced, or is nothing but noise. */
export function strangeEtlMessage(seed: number): Buffer {
  const draw = makeDraw(seed);
  const noise = (length: number) => Buffer.from(Array.from({ length }, () => draw(256)));
  const seconds = () => (FIRST_MS + draw(SPAN_MS)) / 1000;
  if (draw(10) === 0) return noise(draw(300));
  const kind = draw(20) === 0 ? draw(256) : (KINDS[draw(KINDS.length)] ?? 0);
  const length = kind === 30 && draw(2) === 0 ? 19 : (BODY_BYTES[kind] ?? draw(40));
  const header = { apiVersion: draw(256), kind, measuredSeconds: seconds(), sentSeconds: seconds(), crc: draw(256) - 128 };
  const payload = writeEtlMessage(header, noise(length));
  switch (draw(5)) {
    case 0:
      return payload.subarray(0, draw(payload.length + 1));
    case 1:
      return Buffer.concat([payload, noise(1 + draw(4))]);
    case 2:
      for (let replaced = 1 + draw(8); replaced > 0; replaced -= 1) payload[draw(payload.length)] = draw(256);
      return payload;
    default:
      return payload;
  }
}
