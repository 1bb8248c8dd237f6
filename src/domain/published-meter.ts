import { camelName } from './quantity.ts';

/** A meter that is told to the world by MQTT. */
export interface PublishedMeter {
  meterId: number;
  serial: string;
  buildingId: number;
  buildingName: string;
  /** Where it measures, such as `Flat 3, main`. */
  place: string;
  vendor: string;
  model: string;
  state: string;
  /** Those of its model that are published. */
  quantities: readonly string[];
}

/** Whether we are there at all: `online` or `offline`. */
export function statusTopic(base: string): string {
  return `${base}/status`;
}

type Placed = Pick<PublishedMeter, 'buildingId' | 'meterId'>;

export function valueTopic(base: string, { buildingId, meterId }: Placed): string {
  return `${base}/${buildingId}/${meterId}`;
}

export function stateTopic(base: string, meter: Placed): string {
  return `${valueTopic(base, meter)}/state`;
}

export interface PublishedValues {
  atMs: number;
  takenAtMs: number;
  values: Readonly<Record<string, number>>;
}

/** In the shapes of REST. */
export function valuePayload({ serial, place }: PublishedMeter, { atMs, takenAtMs, values }: PublishedValues): string {
  return JSON.stringify({
    ...{ serial, place, at: new Date(atMs).toISOString(), takenAt: new Date(takenAtMs).toISOString() },
    values: Object.fromEntries(Object.entries(values).map(([name, value]) => [camelName(name), value])),
  });
}
