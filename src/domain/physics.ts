import { lawsOfMoment, type PhysicsCheck, type Shown } from './physics-laws.ts';
import { isEnergy, unitOf, type EnergyQuantity } from './quantity.ts';

export { LAWS, type Law, type PhysicsCheck, type Shown } from './physics-laws.ts';

export interface Read {
  atMs: number;
  values: Shown;
}

const HOUR_MS = 3_600_000;
// One step of a counter that shows whole kWh, and its rounding.
const COUNTER_STEP_WH = 2_000;
const LEAST_LOAD_W = 1_000;

/** Every law that can be asked of these reads of one meter, oldest first. What must hold at any time must hold in each of them. */
export function checkPhysics(reads: readonly Read[], ratios: { pt: number }): PhysicsCheck[] {
  const merged = new Map<string, PhysicsCheck>();
  for (const { values } of reads) {
    for (const check of lawsOfMoment(values, ratios.pt)) {
      const key = `${check.law} ${check.quantities.join(' ')}`;
      const known = merged.get(key);
      if (known === undefined || known.holds) merged.set(key, check);
    }
  }
  return [...merged.values(), ...counters(reads)];
}

/** Counters do not fall, and rise by about P x t. */
function* counters(reads: readonly Read[]): Generator<PhysicsCheck> {
  const first = reads[0];
  const last = reads.at(-1);
  if (first === undefined || last === undefined || last.atMs <= first.atMs) return;
  const hours = (last.atMs - first.atMs) / HOUR_MS;
  for (const [name, after] of Object.entries(last.values)) {
    const before = first.values[name as EnergyQuantity];
    if (!isEnergy(name) || before === undefined) continue;
    const rise = after - before;
    const most = 4 * hours * load([first, last]) + COUNTER_STEP_WH;
    const expected = expectedRise(name, [first, last], hours);
    const holds = rise >= 0 && rise <= most;
    // Standing still is what a garbled counter does, too.
    if (rise === 0) continue;
    const fits = expected !== null && rise > 20 && Math.abs(rise - expected) <= 0.5 * Math.max(rise, expected) + 20;
    const verb = rise < 0 ? 'fell' : 'rose';
    const sentence = `it ${verb} by ${Math.abs(Math.round(rise))} ${unitOf(name)} in ${Math.round(hours * 3_600)} s${holds ? '' : ', which no meter does'}`;
    yield { law: 'counter', holds, weight: holds ? (fits ? 3 : 1) : 3, quantities: [name], sentence };
  }
}

function load(reads: readonly Read[]): number {
  const shown = reads.flatMap(({ values }) => [
    Math.abs(values.active_power_total ?? 0),
    Math.abs(values.apparent_power_total ?? 0),
    ...(['l1', 'l2', 'l3'] as const).map((phase) => 3 * Math.abs((values[`voltage_${phase}`] ?? 0) * (values[`current_${phase}`] ?? 0))),
  ]);
  return Math.max(LEAST_LOAD_W, ...shown.filter((watts) => watts < 1e8));
}

function expectedRise(name: EnergyQuantity, reads: readonly Read[], hours: number): number | null {
  const [, direction, kind, part] = /^(import|export)_(active)_energy_(.+)$/.exec(name) ?? [];
  if (kind === undefined) return null;
  const powers = reads.map(({ values }) => values[`active_power_${part}` as 'active_power_total']);
  if (powers.some((watts) => watts === undefined)) return null;
  const mean = (powers as number[]).reduce((sum, watts) => sum + watts, 0) / powers.length;
  return Math.max(0, direction === 'import' ? mean : -mean) * hours;
}

/** The sum of what holds less the sum of what does not. */
export function weigh(checks: readonly PhysicsCheck[]): number {
  return checks.reduce((sum, { holds, weight }) => sum + (holds ? weight : -weight), 0);
}
