import type { MeterModel, RegisterSpec } from './meter-model.ts';
import { ModelLikeness, type Evidence } from './model-likeness.ts';
import { mapCovers, probeKey, probesOf, runsOf, type Probe, type ProbeAnswer } from './model-probes.ts';
import type { Shown } from './physics.ts';

export interface ModelGuess {
  /** Models that cannot be told apart by what was answered: any of them may be it. */
  models: { key: string; name: string }[];
  certainty: 'sure' | 'likely' | 'possible';
  reasons: string[];
  /** The same, for who says it in another language. */
  evidence: Omit<Evidence, 'sentence'>[];
  values: Shown;
  score: number;
}

const MOST_PROBES = 60;
const MOST_SILENCES = 5;
const MOST_GUESSES = 5;
const HOPELESS = -3;
const CONVINCING = 8;
const ALIKE = 0.5;
const NEAR = 3;

/** Which model a unit is of, found by asking it few things, each after what it answered to those before. */
export class ModelSearch {
  readonly #likenesses: ModelLikeness[];
  readonly #asked = new Set<string>();
  readonly #isSunspec: boolean;
  #silences = 0;

  /** `sunspec`: the models found behind the marker of SunSpec; null where there is no marker. */
  constructor(models: readonly MeterModel[], unit: { unitId: number; sunspec: readonly number[] | null }) {
    this.#likenesses = models.map((model) => new ModelLikeness(model, unit.unitId, unit.sunspec));
    this.#isSunspec = models.some((model) => model.sunspec !== null && unit.sunspec?.includes(model.sunspec));
  }

  get asked(): number {
    return this.#asked.size;
  }

  add(answer: ProbeAnswer): void {
    this.#asked.add(probeKey(answer));
    if (answer.kind === 'silence') this.#silences += 1;
    for (const likeness of this.#likenesses) likeness.add(answer);
  }

  /** What to ask next, or null when nothing more would help: first what most models have, then what tells the best ones apart. */
  next(): Probe | null {
    if (this.#isSunspec || this.#asked.size >= MOST_PROBES || this.#silences >= MOST_SILENCES) return null;
    const order = this.#ranked();
    const [best] = order;
    if (best === undefined) return null;
    const isConvincing = best.score >= CONVINCING && this.#open(best.model).length === 0;
    const inQuestion = order.filter(
      ({ score, model }) => score > HOPELESS && this.#open(model).length > 0 && (!isConvincing || isRelated(model, best.model)),
    );
    if (inQuestion.length > 0) return this.#mostWanted(inQuestion);
    return best.score > 0 ? this.#tellApart(order.filter(({ score }) => score > best.score - NEAR).map(({ model }) => model)) : null;
  }

  /** Who it may be, best first. Models with the same layout are one guess with several names. */
  guesses(): ModelGuess[] {
    const guesses: (ModelGuess & { best: ModelLikeness })[] = [];
    for (const one of this.#ranked()) {
      if (one.score <= 0) continue;
      const named = { key: one.model.key, name: `${one.model.vendor} ${one.model.name}` };
      const alike = guesses.find(({ best }) => Math.abs(best.score - one.score) <= ALIKE && isAlike(best, one));
      if (alike !== undefined) alike.models.push(named);
      else guesses.push({ models: [named], certainty: 'possible', ...whyOf(one), values: one.values, score: one.score, best: one });
    }
    const [first, second] = guesses;
    if (first !== undefined && first.score >= CONVINCING) {
      const margin = first.score - (second?.score ?? 0);
      first.certainty = margin >= NEAR && first.models.length === 1 ? 'sure' : margin >= 1 ? 'likely' : 'possible';
    }
    return guesses.slice(0, MOST_GUESSES).map(({ best: _, ...guess }) => guess);
  }

  #ranked(): ModelLikeness[] {
    return this.#likenesses.toSorted((a, b) => b.score - a.score);
  }

  #open(model: MeterModel): Probe[] {
    return probesOf(model).filter((probe) => !this.#asked.has(probeKey(probe)));
  }

  /** The best candidates have most of a say, and what many of them have comes first. */
  #mostWanted(candidates: readonly ModelLikeness[]): Probe | null {
    const votes = new Map<string, { probe: Probe; weight: number }>();
    const top = candidates[0]?.score ?? 0;
    for (const { model, score } of candidates) {
      for (const probe of this.#open(model)) {
        const vote = votes.get(probeKey(probe)) ?? { probe, weight: 0 };
        vote.weight += 2 ** Math.max(-20, score - top);
        votes.set(probeKey(probe), vote);
      }
    }
    return [...votes.values()].toSorted((a, b) => b.weight - a.weight)[0]?.probe ?? null;
  }

  /** A register that one of them has and another has not. */
  #tellApart(models: readonly MeterModel[]): Probe | null {
    for (const model of models) {
      for (const other of models) {
        if (model === other) continue;
        const missing = model.registers.filter((spec) => spec.function >= 3 && mapCovers(other, { ...spec, count: spec.words }) === 'not');
        const probe = runsOf(missing, model.maxRegisters).find((run) => !this.#asked.has(probeKey(run)));
        if (probe !== undefined) return probe;
      }
    }
    return null;
  }
}

function whyOf(likeness: ModelLikeness): Pick<ModelGuess, 'reasons' | 'evidence'> {
  const evidence = likeness.evidence();
  return { reasons: evidence.map(({ sentence }) => sentence), evidence: evidence.map(({ sentence: _, ...fact }) => fact) };
}

/** They have a register in common. */
function isRelated(a: MeterModel, b: MeterModel): boolean {
  const keys = new Set(b.registers.map(registerKey));
  return a.registers.some((spec) => keys.has(registerKey(spec)));
}

function registerKey({ function: fn, address, type, wordOrder, byteOrder, scale }: RegisterSpec): string {
  return [fn, address, type, wordOrder, byteOrder, scale].join(' ');
}

/** To what was answered they say the same. */
function isAlike(a: ModelLikeness, b: ModelLikeness): boolean {
  if (a.model.sunspec !== null || b.model.sunspec !== null) return a.model.sunspec === b.model.sunspec;
  const shared = Object.keys(a.values).filter((name) => name in b.values) as (keyof Shown)[];
  return shared.length > 0 && shared.every((name) => a.values[name] === b.values[name]);
}
