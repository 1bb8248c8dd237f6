function mix(hash: number): number {
  let h = Math.imul(hash ^ (hash >>> 16), 0x7feb352d);
  h = Math.imul(h ^ (h >>> 15), 0x846ca68b);
  return h ^ (h >>> 16);
}

/** A number in [0, 1) that only depends on its arguments: the simulator's only chance. */
export function chance(seed: number, a: number, b = 0): number {
  return (mix(Math.imul(mix(Math.imul(mix(seed | 0) + a, 0x9e3779b1)) + b, 0x85ebca6b)) >>> 0) / 4294967296;
}

/** A continuous curve in [0, 1) with a new random height at every whole `x`. */
export function wave(seed: number, x: number): number {
  const index = Math.floor(x);
  const fraction = x - index;
  const from = chance(seed, index);
  return from + (chance(seed, index + 1) - from) * fraction * fraction * (3 - 2 * fraction);
}

export function seedOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}
