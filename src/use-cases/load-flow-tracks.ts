import type { Connection } from 'mariadb';
import type { EnergyQuantity, Quantity } from '../domain/quantity.ts';
import { exactCounters, withoutExcluded } from '../domain/correction.ts';
import type { CounterSample } from '../domain/counter-track.ts';
import { counterOf, MAIN_FLOWS, type Flow, type MainFlow } from '../domain/energy-flow.ts';
import { flowSources, type FlowSource } from '../domain/flow-source.ts';
import { flowTrack, lacking, type FlowTrack } from '../domain/flow-track.ts';
import type { Span } from '../domain/gap.ts';
import { readingsBeside, readingsOf, type CounterReading } from '../store/counter-readings.ts';
import type { SettlingMeter, SettlingPoint } from '../store/settling-points.ts';

export interface LoadedFlow {
  flow: Flow;
  track: FlowTrack;
}

const MARGIN_MS = 2 * 3_600_000;
const FIRST_EXTENSION = 32;

interface Held {
  readings: CounterReading[];
  fromMs: number;
  toMs: number;
  startReached: boolean;
  endReached: boolean;
}

function directionOf(quantity: EnergyQuantity): MainFlow | null {
  return MAIN_FLOWS.find((direction) => quantity === counterOf(direction, false)) ?? null;
}

/** No further than readings were loaded: beyond, there may be others between. */
function exactSamples(meter: SettlingMeter, quantity: EnergyQuantity, held: Held): CounterSample[] {
  const first = meter.first[quantity];
  const last = meter.last[quantity];
  const noted: CounterSample[] = [];
  if (first !== undefined && held.startReached) noted.push({ atMs: meter.fromMs, takenMs: meter.fromMs, wh: first, exact: true });
  if (last !== undefined && meter.endMs !== null && held.endReached) {
    noted.push({ atMs: meter.endMs, takenMs: meter.endMs, wh: last, exact: true });
  }
  const direction = directionOf(quantity);
  if (direction === null) return noted;
  const span = {
    fromMs: held.startReached ? meter.fromMs : Math.max(meter.fromMs, held.fromMs),
    toMs: held.endReached ? meter.toMs : Math.min(meter.toMs, held.toMs - 1),
  };
  return exactCounters(noted, meter.corrections.counters, { direction, span });
}

/**
 * The readings of some points' meters, as many as tell a window of them: those of the window and two hours beside it in
 * one query, and more of a meter where these do not lead to sound samples.
 */
export async function loadFlowTracks(
  connection: Connection,
  points: readonly SettlingPoint[],
  { window, nowMs, isEnough = lacking }: { window: Span; nowMs: number; isEnough?: typeof lacking },
): Promise<Map<number, LoadedFlow[]>> {
  const hung = points.map((point) => ({
    point,
    meters: point.meters.filter(({ fromMs, toMs }) => fromMs < window.toMs && toMs > window.fromMs && fromMs < nowMs),
  }));
  const sources = (point: SettlingPoint, meter: SettlingMeter) => flowSources(meter.counters, point.inverted);
  const columns: Quantity[] = [
    ...new Set(hung.flatMap(({ point, meters }) => meters.flatMap((meter) => sources(point, meter).map(({ quantity }) => quantity)))),
  ];
  const meterIds = [...new Set(hung.flatMap(({ meters }) => meters.map(({ meterId }) => meterId)))];
  const first = { fromMs: window.fromMs - MARGIN_MS, toMs: window.toMs + MARGIN_MS };
  const loaded = await readingsOf(connection, meterIds, columns, first);
  const found = new Map<number, LoadedFlow[]>();
  for (const { point, meters } of hung) {
    const flows: LoadedFlow[] = [];
    for (const meter of meters) {
      for (const source of sources(point, meter)) {
        const held: Held = {
          readings: loaded.get(meter.meterId) ?? [],
          ...first,
          startReached: first.fromMs <= meter.fromMs,
          endReached: first.toMs > Math.min(nowMs, meter.toMs),
        };
        flows.push({ flow: source.flow, track: await enough(source, point, meter, held) });
      }
    }
    found.set(point.pointId, flows);
  }
  return found;

  async function enough(source: FlowSource, point: SettlingPoint, meter: SettlingMeter, held: Held): Promise<FlowTrack> {
    const isMain = (MAIN_FLOWS as readonly Flow[]).includes(source.flow);
    const index = columns.indexOf(source.quantity);
    for (let count = FIRST_EXTENSION; ; count *= 4) {
      const track = trackOf(source, point, meter, held, index);
      const lacks = isEnough(track, window);
      const before = lacks.before && !held.startReached;
      const after = lacks.after && !held.endReached;
      // What a phase did before is not worth a search through years that may have nothing of it.
      if (!isMain || (!before && !after)) return track;
      if (before) await extendBefore(meter, held, source.quantity, count);
      if (after) await extendAfter(meter, held, source.quantity, count);
    }
  }

  function trackOf(source: FlowSource, point: SettlingPoint, meter: SettlingMeter, held: Held, index: number): FlowTrack {
    const ended = meter.endMs !== null && meter.endMs <= nowMs && held.endReached;
    const hanging = {
      fromMs: meter.fromMs,
      toMs: meter.toMs,
      knownMs: held.startReached && meter === point.meters[0] ? meter.knownMs : null,
      ended,
      inverted: point.inverted,
      connection: { ct: meter.ct, pt: meter.pt, maxPowerW: point.maxPowerW, zone: point.zone },
    };
    const shown = withoutExcluded(held.readings, meter.corrections).flatMap(({ atMs, takenMs, values }) => {
      const value = values[index];
      return value === null || value === undefined ? [] : [{ atMs, takenMs, value }];
    });
    return flowTrack(source, hanging, shown, source.kind === 'counter' ? exactSamples(meter, source.quantity, held) : []);
  }

  async function extendBefore(meter: SettlingMeter, held: Held, quantity: Quantity, count: number): Promise<void> {
    const more = await readingsBeside(connection, meter.meterId, columns, { beforeMs: held.fromMs, count, known: quantity });
    held.readings = [...more, ...held.readings];
    held.fromMs = more[0]?.atMs ?? held.fromMs;
    held.startReached = more.length < count || held.fromMs <= meter.fromMs;
  }

  async function extendAfter(meter: SettlingMeter, held: Held, quantity: Quantity, count: number): Promise<void> {
    const fromMs = Math.max(first.toMs, (held.readings.at(-1)?.atMs ?? 0) + 1);
    const more = await readingsBeside(connection, meter.meterId, columns, { fromMs, count, known: quantity });
    held.readings = [...held.readings, ...more];
    held.endReached = more.length < count;
    held.toMs = (held.readings.at(-1)?.atMs ?? 0) + 1;
  }
}
