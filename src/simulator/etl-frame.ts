import type { Moment } from './physics.ts';
import { quantities } from './quantities.ts';

export const ETL_SENT_KINDS = [18, 21, 30] as const;
export type EtlSentKind = (typeof ETL_SENT_KINDS)[number];

const HEADER_BYTES = 21;
const API_VERSION = 1;
const ALARM_BYTES = 21;
/** The wire has kW and kWh. */
const PER_KILO = 1_000;

const PHASES = ['l1', 'l2', 'l3', 'total'];
const perPhase = (quantity: string) => PHASES.map((phase) => `${quantity}_${phase}`);

interface Body {
  floats: readonly string[];
  doubles: readonly string[];
}

// In the order of the wire.
const BODIES: Record<18 | 21, Body> = {
  18: {
    floats: [
      ...['active_power', 'reactive_power', 'apparent_power', 'power_factor'].flatMap(perPhase),
      ...['voltage_l1', 'voltage_l2', 'voltage_l3', 'voltage_l1_l2', 'voltage_l2_l3', 'voltage_l3_l1'],
      ...['current_l1', 'current_l2', 'current_l3', 'frequency'],
    ],
    doubles: ['import_active_energy', 'export_active_energy', 'import_reactive_energy', 'export_reactive_energy'].flatMap(perPhase),
  },
  21: {
    floats: [
      'active_power_total',
      'reactive_power_total',
      'apparent_power_total',
      'power_factor_total',
      'voltage_l1',
      'current_l1',
      'frequency',
    ],
    doubles: ['import_active_energy_total', 'export_active_energy_total', 'import_reactive_energy_total', 'export_reactive_energy_total'],
  },
};

function shown(quantity: string, moment: Moment): number {
  const value = quantities.get(quantity)!(moment);
  return /_(power|energy)_/.test(quantity) ? value / PER_KILO : value;
}

function measuredBody({ floats, doubles }: Body, moment: Moment): Buffer {
  const body = Buffer.alloc(4 * floats.length + 8 * doubles.length);
  let at = 0;
  for (const quantity of floats) at = body.writeFloatBE(shown(quantity, moment), at);
  for (const quantity of doubles) at = body.writeDoubleBE(shown(quantity, moment), at);
  return body;
}

/** A message of a meter, as its tables of the wire say. */
export interface EtlTold {
  kind: EtlSentKind;
  measuredMs: number;
  sentMs: number;
  moment: Moment;
  /** Places of the alarms that are on. */
  alarms: readonly number[];
}

export function etlFrame({ kind, measuredMs, sentMs, moment, alarms }: EtlTold): Buffer {
  const body = kind === 30 ? Buffer.alloc(ALARM_BYTES) : measuredBody(BODIES[kind], moment);
  if (kind === 30) for (const place of alarms) body[place] = 1;
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt8(API_VERSION, 0);
  header.writeDoubleBE(measuredMs / 1_000, 1);
  header.writeDoubleBE(sentMs / 1_000, 9);
  header.writeUInt8(kind, 17);
  header.writeUInt16BE(body.length, 18);
  return Buffer.concat([header, body]);
}
