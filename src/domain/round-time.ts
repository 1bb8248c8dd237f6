import type { Language } from './language.ts';
import { bytesMs, frameGapMs, quietMs, USUAL_BUS, type LinePlace } from './line-place.ts';
import type { ReadBlock } from './register-hole.ts';
import { deadlineOf, type Cadence } from './slot.ts';

export interface RoundLine {
  place: LinePlace;
  timeoutMs: number;
  pauseMs: number;
}

export interface RoundMeter {
  /** Its requests, as they are planned. */
  blocks: readonly ReadBlock[];
  /** From the first request to the last reply, where that was measured. */
  latencyMs: number | null;
  cadence: Cadence;
}

/** A round of all meters of one cadence, all of them well. */
export interface Round {
  pattern: string;
  meters: number;
  requests: number;
  ms: number;
  /** From slot to slot, and the part of it in which a reading counts. */
  periodMs: number;
  deadlineMs: number;
}

// Address, function, first register, count, checksum.
const REQUEST_BYTES = 8;
// Address, function, number of bytes, checksum.
const REPLY_BYTES = 5;
// What a meter takes until it begins to answer: 10 to 50 ms by the manuals.
const METER_MS = 20;
// Over Modbus TCP nobody tells how fast the bus behind is. A meter with a network port answers in about that time.
const NETWORK_MS = 15;
// Asking cron is slow.
const SLOTS_LOOKED_AT = 10;

function dataBytes({ function: modbusFunction, count }: ReadBlock): number {
  return modbusFunction < 3 ? Math.ceil(count / 8) : count * 2;
}

/** One request and its answer, with the silence that each frame ends with. */
export function requestMs(place: LinePlace, block: ReadBlock): number {
  if (place.transport === 'tcp') return NETWORK_MS;
  const bus = place.transport === 'rtu' ? place : USUAL_BUS;
  return bytesMs(bus, REQUEST_BYTES + REPLY_BYTES + dataBytes(block)) + 2 * frameGapMs(bus) + METER_MS;
}

function meterMs({ place, pauseMs }: RoundLine, { blocks, latencyMs }: RoundMeter): number {
  // The silence that ends a frame is part of a request already.
  const between = Math.max(0, pauseMs - (place.transport === 'rtu' ? frameGapMs(place) : 0));
  if (latencyMs !== null) return latencyMs + pauseMs;
  return blocks.reduce((sum, block) => sum + requestMs(place, block) + between, 0);
}

/** The shortest time from a slot to the next one, among those that come. */
function shortestPeriod(cadence: Cadence, nowMs: number): { periodMs: number; deadlineMs: number } {
  let slotMs = cadence.after(nowMs);
  let shortest = { periodMs: Infinity, deadlineMs: Infinity };
  for (let looked = 0; looked < SLOTS_LOOKED_AT; looked += 1) {
    const nextMs = cadence.after(slotMs);
    if (nextMs - slotMs < shortest.periodMs) shortest = { periodMs: nextMs - slotMs, deadlineMs: deadlineOf(slotMs, nextMs) - slotMs };
    slotMs = nextMs;
  }
  return shortest;
}

/** A round per cadence of these meters, the shortest period first. */
export function roundsOf(line: RoundLine, meters: readonly RoundMeter[], nowMs: number): Round[] {
  const cadences = new Map(meters.map(({ cadence }) => [cadence.pattern, cadence]));
  // On RTU a round ends when the line was quiet.
  const heardMs = line.place.transport === 'tcp' ? 0 : quietMs(line.place, line.timeoutMs);
  const rounds = [...cadences.values()].map((cadence): Round => {
    const own = meters.filter((meter) => meter.cadence.pattern === cadence.pattern);
    return {
      pattern: cadence.pattern,
      meters: own.length,
      requests: own.reduce((sum, { blocks }) => sum + blocks.length, 0),
      ms: heardMs + own.reduce((sum, meter) => sum + meterMs(line, meter), 0),
      ...shortestPeriod(cadence, nowMs),
    };
  });
  return rounds.toSorted((a, b) => a.periodMs - b.periodMs);
}

/** The share of the time in which the line is busy. */
export function occupancyOf(rounds: readonly Round[]): number {
  return rounds.reduce((sum, { ms, periodMs }) => sum + ms / periodMs, 0);
}

/** How far it is from what it can do; above 1 it cannot. */
export function strainOf(rounds: readonly Round[]): number {
  return Math.max(0, occupancyOf(rounds), ...rounds.map(({ ms, deadlineMs }) => ms / deadlineMs));
}

export function seconds(ms: number, language: Language = 'en'): string {
  const places = ms < 10_000 ? 1 : 0;
  return `${(ms / 1_000).toLocaleString(language, { minimumFractionDigits: places, maximumFractionDigits: places })} s`;
}

export interface RoundWords {
  language: Language;
  meter: readonly [one: string, many: string];
  request: readonly [one: string, many: string];
}

const ENGLISH: RoundWords = { language: 'en', meter: ['meter', 'meters'], request: ['request', 'requests'] };

/** `30 meters x 3 requests x 78 ms = 7.0 s` */
export function arithmetic({ meters, requests, ms }: Pick<Round, 'meters' | 'requests' | 'ms'>, words = ENGLISH): string {
  const { language } = words;
  const noun = (count: number, [one, many]: RoundWords['meter']) =>
    `${count.toLocaleString(language, { maximumFractionDigits: 1 })} ${count === 1 ? one : many}`;
  const request = `${noun(requests / Math.max(1, meters), words.request)} x ${Math.round(ms / Math.max(1, requests))} ms`;
  return `${noun(meters, words.meter)} x ${request} = ${seconds(ms, language)}`;
}
