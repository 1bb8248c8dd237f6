import { groupRegisters, layoutsOf, relaid, type Layout, type RawRead, type RegisterGroup } from './decoding-groups.ts';
import { Trials, type Assignment, type Trial } from './decoding-trial.ts';
import type { MeterModel, Order, RegisterSpec } from './meter-model.ts';
import { judgeDecodings, listed, soundness, type Certainty } from './decoding-verdict.ts';
import type { PhysicsCheck, Shown } from './physics.ts';
import { isQuantity, unitOf, type Quantity, type Unit } from './quantity.ts';

/** What is different from the map, for registers that the map lays out alike. */
export interface LayoutChange {
  quantities: string[];
  from: Layout;
  to: Layout;
}

export interface Decoding {
  /** Such as `words swapped`. */
  label: string;
  changes: LayoutChange[];
  /** Units whose values are multiplied by a power of ten besides. */
  scales: { unit: Unit; factor: number }[];
  /** Of the last read. */
  values: Shown;
  checks: PhysicsCheck[];
  score: number;
  /** The map as it would be. */
  registers: RegisterSpec[];
}

export interface Verdict {
  certainty: Certainty;
  reason: string;
  /** Best first; the map as it is among them. */
  ranked: Decoding[];
}

const MOST_RANKED = 6;
const ROUNDS = 3;
/** Below it so much is broken that types and scales are questioned, too. */
const WHOLE_EVIDENCE = 0.8;

/** In which order, type and scale the raw words of a meter make sense, and how sure that is. */
export function findByteOrder({
  model,
  reads,
  ratios,
}: {
  model: MeterModel;
  reads: readonly RawRead[];
  ratios: { ct: number; pt: number };
}): Verdict {
  const groups = groupRegisters(model);
  const trials = new Trials(groups, reads, ratios);
  const blind = groups.map((_, index) => trials.isBlind(index));
  const found = new Map<string, Trial>();
  const asTheMapSays = keep(found, trials.try(groups, { fit: false }));
  for (const start of starts(groups)) climb(trials, found, start, { withTypes: false, fit: false, blind });
  const best = ranked(found)[0] as Trial;
  if (soundness(best) < WHOLE_EVIDENCE) {
    for (const { assignment } of ranked(found).slice(0, 3)) climb(trials, found, assignment, { withTypes: true, fit: true, blind });
  }
  const order = ranked(found);
  return {
    ...judgeDecodings(order, groups, blind),
    ranked: [...new Set([...order.slice(0, MOST_RANKED), asTheMapSays])].map((trial) => toDecoding(model, { groups, blind }, trial)),
  };
}

/** All moved alike, or all of one order: what a person or a meter does. */
function starts(groups: readonly RegisterGroup[]): Assignment[] {
  const other = (order: Order): Order => (order === 'big' ? 'little' : 'big');
  const choices = [false, true].flatMap((words) => [false, true].map((bytes) => ({ words, bytes })));
  return choices.flatMap(({ words, bytes }) => [
    groups.map((group) => ({
      ...layoutOf(group),
      wordOrder: words ? other(group.wordOrder) : group.wordOrder,
      byteOrder: bytes ? other(group.byteOrder) : group.byteOrder,
    })),
    groups.map((group) => ({ ...layoutOf(group), wordOrder: words ? 'little' : 'big', byteOrder: bytes ? 'little' : 'big' }) as Layout),
    // Bytes of single registers are hardly ever swapped, whatever happens to the longer ones.
    groups.map(
      (group) =>
        ({
          ...layoutOf(group),
          wordOrder: words ? 'little' : 'big',
          byteOrder: bytes && group.words > 1 ? 'little' : group.words > 1 ? 'big' : group.byteOrder,
        }) as Layout,
    ),
  ]);
}

function layoutOf({ wordOrder, byteOrder, type }: Layout): Layout {
  return { wordOrder, byteOrder, type };
}

/** One group after the other to its best layout, until nothing gets better. */
function climb(
  trials: Trials,
  found: Map<string, Trial>,
  start: Assignment,
  { withTypes, fit, blind }: { withTypes: boolean; fit: boolean; blind: readonly boolean[] },
): void {
  let best = keep(found, trials.try(start, { fit }));
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = best;
    trials.groups.forEach((group, index) => {
      if (blind[index] && !withTypes) return;
      for (const layout of layoutsOf(group, { withTypes })) {
        const trial = keep(
          found,
          trials.try(
            best.assignment.map((own, at) => (at === index ? layout : own)),
            { fit },
          ),
        );
        if (trial.score > best.score) best = trial;
      }
    });
    if (best === before) return;
  }
}

/** Of all that show the same values only the simplest is kept. */
function keep(found: Map<string, Trial>, trial: Trial): Trial {
  const key = JSON.stringify(trial.reads.map(({ values }) => values));
  const known = found.get(key);
  if (known !== undefined && known.score >= trial.score) return known;
  found.set(key, trial);
  return trial;
}

function ranked(found: ReadonlyMap<string, Trial>): Trial[] {
  return [...found.values()].toSorted((a, b) => b.score - a.score);
}

function toDecoding(
  model: MeterModel,
  { groups, blind }: { groups: readonly RegisterGroup[]; blind: readonly boolean[] },
  trial: Trial,
): Decoding {
  const changes = groups.flatMap((group, index) => {
    const to = layoutOf(trial.assignment[index] as Layout);
    const from = layoutOf(group);
    const isSame = to.type === from.type && to.byteOrder === from.byteOrder && (group.words === 1 || to.wordOrder === from.wordOrder);
    return isSame ? [] : [{ quantities: group.specs.map(({ quantity }) => quantity), from, to }];
  });
  const scales = [...trial.shifts].filter(([, power]) => power !== 0).map(([unit, power]) => ({ unit, factor: 10 ** power }));
  return {
    label: labelOf(
      changes,
      scales,
      groups.filter((_, index) => !blind[index]),
    ),
    changes,
    scales,
    values: trial.reads.at(-1)?.values ?? {},
    checks: trial.checks,
    score: trial.score,
    registers: withDecoding(model.registers, { changes, scales }),
  };
}

/** The map as a decoding would have it. */
export function withDecoding(
  registers: readonly RegisterSpec[],
  { changes, scales }: { changes: readonly { quantities: readonly string[]; to: Layout }[]; scales: Decoding['scales'] },
): RegisterSpec[] {
  return registers.map((spec) => {
    const change = changes.find(({ quantities }) => quantities.includes(spec.quantity));
    const changed = change === undefined ? spec : relaid(spec, change.to);
    const factor = isQuantity(spec.quantity) ? (scales.find(({ unit }) => unit === unitOf(spec.quantity as Quantity))?.factor ?? 1) : 1;
    return factor === 1 ? changed : { ...changed, scale: tidy(changed.scale * factor), offset: tidy(changed.offset * factor) };
  });
}

/** 0.01 and not 0.010000000000000002. */
function tidy(value: number): number {
  return Number(value.toPrecision(12));
}

function labelOf(changes: readonly LayoutChange[], scales: Decoding['scales'], groups: readonly RegisterGroup[]): string {
  if (changes.length === 0 && scales.length === 0) return 'as the map says';
  const parts = changes.map(({ from, to }) => {
    const swapped = [...(from.wordOrder === to.wordOrder ? [] : ['words']), ...(from.byteOrder === to.byteOrder ? [] : ['bytes'])];
    return listed([
      ...(swapped.length > 0 ? [`${swapped.join(' and ')} swapped`] : []),
      ...(from.type === to.type ? [] : [`${to.type} instead of ${from.type}`]),
    ]);
  });
  const concerned = groups.filter(
    ({ words }) => words > 1 || changes.some(({ from, to }) => from.byteOrder !== to.byteOrder || from.type !== to.type),
  );
  const layout =
    new Set(parts).size === 1 && changes.length === concerned.length
      ? parts
      : changes.map(({ from }, index) => `${from.type}: ${parts[index]}`);
  return [...new Set([...layout, ...scales.map(({ unit, factor }) => `${unit || 'power factors'} x ${factor}`)])].join('; ');
}
