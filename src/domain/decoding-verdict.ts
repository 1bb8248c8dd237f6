import type { RegisterGroup } from './decoding-groups.ts';
import type { Trial } from './decoding-trial.ts';
import type { PhysicsCheck, Shown } from './physics.ts';

export type Certainty = 'sure' | 'likely' | 'cannot-tell';

/** So much must hold before anything is said. */
const LEAST_EVIDENCE = 4;
const SURE_MARGIN = 3;
const LIKELY_MARGIN = 0.8;

const telling = ({ law }: PhysicsCheck) => law !== 'size';
const weightOf = (checks: readonly PhysicsCheck[]) => checks.reduce((sum, { weight }) => sum + weight, 0);

/** The part of the evidence that holds. */
export function soundness({ checks }: Trial): number {
  const asked = checks.filter(telling);
  return weightOf(asked.filter(({ holds }) => holds)) / Math.max(LEAST_EVIDENCE, weightOf(asked));
}

const LAW_NAMES: Record<PhysicsCheck['law'], string> = {
  voltage: 'the voltages',
  frequency: 'the frequency',
  'power-factor': 'the power factors',
  size: 'the sizes',
  power: 'P = V x I x PF',
  'apparent-power': 'the triangle of P, Q and S',
  phases: 'the sums of the phases',
  counter: 'the counters',
};

/** How sure the best of the decodings is, and by what. */
export function judgeDecodings(
  order: readonly Trial[],
  groups: readonly RegisterGroup[],
  blind: readonly boolean[],
): { certainty: Certainty; reason: string } {
  const [best] = order as [Trial];
  const cannotTell = (reason: string) => ({ certainty: 'cannot-tell' as const, reason });
  if (groups.length === 0) return cannotTell('The map has bits and single bytes only: they have no order.');
  if (blind.every(Boolean))
    return cannotTell('Everything that was read is zero or the same in any order. Read again while something is switched on.');
  const holding = best.checks.filter((check) => telling(check) && check.holds);
  if (weightOf(holding) < LEAST_EVIDENCE) {
    return cannotTell('Too little of what was read can be checked: it takes a voltage, a frequency, or a power with its current.');
  }
  if (soundness(best) < 0.5) return cannotTell('In no order do the values make sense. It may be another model, or another address.');
  const laws = listed([...new Set(holding.map(({ law }) => LAW_NAMES[law]))]);
  const singles = groups.every(({ words }) => words === 1)
    ? ' The map has single registers only: the order of words makes no difference.'
    : '';
  const rival = order.find((trial) => evidenceOf(trial) !== evidenceOf(best));
  const margin = best.score - (rival?.score ?? 0);
  if (margin < LIKELY_MARGIN) return cannotTell(`Two decodings make sense alike: ${laws} do not tell them apart.${singles}`);
  const open = undecided(best, order);
  if (open.length > 0) {
    return {
      certainty: 'likely',
      reason: `Only so do ${laws} make sense. Nothing tells for ${listed(open)}: a second read some minutes later may.${singles}`,
    };
  }
  if (margin < SURE_MARGIN) return { certainty: 'likely', reason: `So ${laws} make sense; the next one is not much worse.${singles}` };
  return { certainty: 'sure', reason: `Only so do ${laws} make sense.${singles}` };
}

function evidenceOf({ checks }: Trial): string {
  return JSON.stringify(checks.filter(telling).map(({ law, holds, quantities }) => [law, holds, quantities]));
}

/** What is different in a decoding for which all the same speaks. */
function undecided(best: Trial, order: readonly Trial[]): string[] {
  const alike = order.filter((trial) => trial !== best && evidenceOf(trial) === evidenceOf(best) && best.score - trial.score < SURE_MARGIN);
  const names = Object.keys(best.reads.at(-1)?.values ?? {}) as (keyof Shown)[];
  const differs = (trial: Trial, name: keyof Shown) =>
    trial.reads.some(({ values }, index) => values[name] !== best.reads[index]?.values[name]);
  return names.filter((name) => alike.some((trial) => differs(trial, name)));
}

export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
