import type { MeterModel } from '../domain/meter-model.ts';
import type { Quantity } from '../domain/quantity.ts';
import { QUARTER_MS } from './calendar.ts';
import type { DemoMeter, DemoPlan } from './demo-plan.ts';
import { MeterPhysics, type CounterBase } from './physics.ts';
import { makeProfile, type Site } from './profile.ts';
import { wireValue } from './wire-value.ts';

/** What one meter would have answered at one quarter hour of the past. */
export interface PastReading {
  atMs: number;
  takenAtMs: number;
  latencyMs: number;
  values: Partial<Record<Quantity, number>>;
}

export interface PastMeter {
  /** How many readings it has in the span of the plan. */
  count: number;
  readings(): Generator<PastReading>;
  /** What its display says, in whole Wh. */
  shown(ms: number): { importWh: number; exportWh: number };
  /** The live meter counts on from here. */
  base(ms: number): CounterBase;
}

/** The past of a meter, by the same physics that answers for it now: the two join without a step. */
export function pastOf(meter: DemoMeter, model: MeterModel, site: Site, history: DemoPlan['history']): PastMeter {
  const phases = model.registers.some((spec) => spec.quantity === 'voltage_l2') ? 3 : 1;
  const start: CounterBase = {
    atMs: meter.fromMs,
    importWh: meter.firstImportWh,
    exportWh: meter.firstExportWh,
    importVarh: Math.round((meter.firstImportWh + meter.firstExportWh) / 5),
    peakW: 0,
  };
  const physics = new MeterPhysics(makeProfile(meter.profile, site), start, { phases, seed: meter.serial });
  const counter = wireValue(model.registers.find((spec) => spec.quantity === 'import_active_energy_total')!);
  const wholeWh = (wh: number) => Math.round(counter.shown(wh));
  const firstMs = Math.floor(Math.max(meter.fromMs, history.fromMs) / QUARTER_MS) * QUARTER_MS + QUARTER_MS;
  const lastMs = Math.floor(Math.min(meter.toMs ?? Infinity, history.toMs) / QUARTER_MS) * QUARTER_MS;
  // One after the other on its line.
  const takenAfterMs = 40 + meter.unitId * 35;
  return {
    count: Math.max(0, (lastMs - firstMs) / QUARTER_MS + 1),
    *readings() {
      for (let atMs = firstMs; atMs <= lastMs; atMs += QUARTER_MS) {
        const takenAtMs = atMs + takenAfterMs;
        const powerW = physics.powerW(takenAtMs);
        const [l1, l2, l3] = physics.voltages(takenAtMs, powerW);
        const { importWh, exportWh } = physics.countedAt(takenAtMs);
        const values: PastReading['values'] = { active_power_total: tenths(powerW), voltage_l1: tenths(l1!) };
        if (phases === 3) Object.assign(values, { voltage_l2: tenths(l2!), voltage_l3: tenths(l3!) });
        values.import_active_energy_total = wholeWh(importWh);
        values.export_active_energy_total = wholeWh(exportWh);
        yield { atMs, takenAtMs, latencyMs: 18 + ((atMs / QUARTER_MS + meter.unitId) % 9), values };
      }
    },
    shown(ms) {
      const { importWh, exportWh } = physics.countedAt(ms);
      return { importWh: wholeWh(importWh), exportWh: wholeWh(exportWh) };
    },
    base: (ms) => physics.baseAt(ms),
  };
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}
