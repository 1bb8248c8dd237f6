import { parseTopic, type EmdcTopic } from './emdc-topics.ts';
import { isEnergy, isQuantity } from './quantity.ts';

/** What one entry of a file makes: a wave of one topic. */
export interface SampleEntry {
  startMs: number;
  endMs: number;
  topicId: number;
  topicName: string;
  /** Samples per second. */
  sampleRate: number;
  periodS: number;
  amplitudeCos: number;
  amplitudeSin: number;
  amplitudeOffset: number;
  spread: number;
}

export interface Wave extends SampleEntry {
  topic: EmdcTopic;
  /** How many values it has. */
  count: number;
  /** Its place in the file. */
  place: number;
}

const LONGEST_PREFIX = 190;

/** As import emdc reads a topic; a standard quantity has its own name, too. */
export function sampleTopic(name: string): EmdcTopic | null {
  const topic = parseTopic(name, '');
  if (topic === null || topic.prefix.length > LONGEST_PREFIX) return null;
  return isQuantity(topic.metric) ? { ...topic, quantity: topic.metric, factor: 1 } : topic;
}

export function waveOf(entry: SampleEntry, topic: EmdcTopic, place: number): Wave {
  return { ...entry, topic, place, count: Math.floor(((entry.endMs - entry.startMs) / 1_000) * entry.sampleRate) };
}

/** A number from 0 to 1 that the seed and the place alone decide. */
function noise(seed: number, place: number, index: number): number {
  let hash = Math.imul(seed ^ Math.imul(place + 1, 0x9e3779b1), 0x85ebca6b) ^ Math.imul(index + 1, 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 16), 0x7feb352d);
  hash = Math.imul(hash ^ (hash >>> 15), 0x846ca68b);
  return ((hash ^ (hash >>> 16)) >>> 0) / 4_294_967_296;
}

function valueAt(wave: Wave, index: number, seed: number): number {
  const angle = (2 * Math.PI * index) / wave.sampleRate / wave.periodS;
  const chance = wave.spread * (2 * noise(seed, wave.place, index) - 1);
  return wave.amplitudeOffset + wave.amplitudeCos * Math.cos(angle) + wave.amplitudeSin * Math.sin(angle) + chance;
}

/** The values of a meter by moment and quantity, from one moment until before another one: entries of one topic add up. */
export function sampleMoments(
  waves: readonly Wave[],
  { fromMs, toMs, seed }: { fromMs: number; toMs: number; seed: number },
): Map<number, Map<string, number>> {
  const moments = new Map<number, Map<string, number>>();
  for (const wave of waves) {
    const stepMs = 1_000 / wave.sampleRate;
    const first = Math.max(0, Math.floor((fromMs - wave.startMs) / stepMs) - 1);
    for (let index = first; index < wave.count; index += 1) {
      const atMs = Math.round(wave.startMs + index * stepMs);
      if (atMs >= toMs) break;
      if (atMs < fromMs) continue;
      const values = moments.get(atMs) ?? new Map<string, number>();
      moments.set(atMs, values);
      const { quantity, factor } = wave.topic;
      values.set(quantity, (values.get(quantity) ?? 0) + valueAt(wave, index, seed) * factor);
    }
  }
  for (const values of moments.values()) {
    for (const [quantity, value] of values) if (isEnergy(quantity)) values.set(quantity, Math.max(0, Math.round(value)));
  }
  return moments;
}
