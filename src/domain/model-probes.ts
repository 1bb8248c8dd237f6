import type { MeterModel, RegisterSpec } from './meter-model.ts';

/** A read that is asked to learn what is there. */
export interface Probe {
  function: number;
  address: number;
  count: number;
}

export type ProbeAnswer = Probe &
  ({ kind: 'words'; words: readonly number[] } | { kind: 'refused'; exception: number } | { kind: 'silence' });

/** By these a meter is known: physics can judge them, or only its family has them. */
const TELLING = new Set([
  'voltage_l1',
  'voltage_l2',
  'voltage_l3',
  'voltage_l1_l2',
  'frequency',
  'current_l1',
  'current_l2',
  'current_l3',
  'active_power_l1',
  'active_power_total',
  'power_factor_l1',
  'power_factor_total',
  'serial_number',
]);

const isTelling = (spec: RegisterSpec) => spec.function >= 3 && (TELLING.has(spec.quantity) || spec.writable !== '');
const known = new WeakMap<MeterModel, Probe[]>();

/** What to ask a meter to learn whether it is of this model. No request crosses words that the map does not describe: many meters refuse that. */
export function probesOf(model: MeterModel): Probe[] {
  let probes = known.get(model);
  if (probes === undefined) {
    probes = model.sunspec === null ? runsOf(model.registers.filter(isTelling), model.maxRegisters) : [];
    known.set(model, probes);
  }
  return probes;
}

/** One probe per unbroken run of addresses. */
export function runsOf(specs: readonly RegisterSpec[], most: number): Probe[] {
  const runs: Probe[] = [];
  for (const { function: fn, address, words } of specs.toSorted((a, b) => a.function - b.function || a.address - b.address)) {
    const last = runs.at(-1);
    const end = last === undefined ? 0 : last.address + last.count;
    if (last !== undefined && last.function === fn && address <= end && address + words - last.address <= most) {
      last.count = Math.max(last.count, address + words - last.address);
    } else {
      runs.push({ function: fn, address, count: words });
    }
  }
  return runs;
}

export function probeKey({ function: fn, address, count }: Probe): string {
  return `${fn}-${address}-${count}`;
}

/**
 * Would a meter of the model answer, as far as its map tells? `partly`: some of the words are none of the map's, or the
 * probe begins or ends within a value, which many meters refuse.
 */
export function mapCovers(model: MeterModel, probe: Probe): 'wholly' | 'partly' | 'not' {
  if (model.sunspec !== null) return 'not';
  const end = probe.address + probe.count;
  const described = new Set<number>();
  let begins = false;
  let ends = false;
  for (const spec of model.registers) {
    const after = spec.address + spec.words;
    if (spec.function !== probe.function || spec.address >= end || after <= probe.address) continue;
    begins ||= spec.address === probe.address;
    ends ||= after === end;
    for (let word = Math.max(spec.address, probe.address); word < Math.min(after, end); word += 1) described.add(word);
  }
  if (described.size === 0) return 'not';
  return begins && ends && described.size === probe.count ? 'wholly' : 'partly';
}
