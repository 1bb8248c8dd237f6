import { groupRegisters, holds, type RawRead } from './decoding-groups.ts';
import { Trials } from './decoding-trial.ts';
import type { MeterModel, RegisterSpec } from './meter-model.ts';
import { mapCovers, type ProbeAnswer } from './model-probes.ts';
import type { Law, PhysicsCheck, Shown } from './physics.ts';
import { makeRawReader } from './raw-value.ts';
import { isWritableValue } from './writable.ts';

const REFUSED_OWN = 6;
const SILENT_OWN = 4;
/** A refusal of what the map does not have is expected, an answer is not; maps are seldom whole. */
const OUTSIDE = 0.3;
/** However often it refuses that: it speaks for a model only a little. */
const MOST_OUTSIDE = 1;
const SETTING_FITS = 1.5;
const SETTING_FAILS = 3;
const OWN_ADDRESS = 4;
const MARKER = 20;
const ILLEGAL_VALUE = 3;

type Block = RawRead['blocks'][number];

/** Why a unit is taken for a model: what holds, and what does not. */
export interface Evidence {
  kind: 'sunspec' | 'unit-id' | 'law' | 'refuses' | 'broken';
  law: Law | null;
  /** The SunSpec model, the unit id, or how many addresses were refused. */
  number: number | null;
  sentence: string;
}

/** How much a unit is like a model, by what it answered so far. */
export class ModelLikeness {
  readonly model: MeterModel;
  checks: PhysicsCheck[] = [];
  values: Shown = {};
  readonly #unitId: number;
  readonly #blocks: Block[] = [];
  #physics = 0;
  #settings: { score: number; evidence: Evidence[] } = { score: 0, evidence: [] };
  #forPlaces = 0;
  #againstPlaces = 0;
  #refusals = 0;
  #marker = 0;

  constructor(model: MeterModel, unitId: number, sunspec: readonly number[] | null) {
    this.model = model;
    this.#unitId = unitId;
    if (model.sunspec !== null) this.#marker = sunspec?.includes(model.sunspec) ? MARKER : -MARKER;
  }

  get score(): number {
    return this.#marker + this.#physics + this.#settings.score + Math.min(MOST_OUTSIDE, this.#forPlaces) - this.#againstPlaces;
  }

  add(answer: ProbeAnswer): void {
    if (this.model.sunspec !== null) return;
    const place = judgePlace(this.model, answer);
    if (place > 0) this.#forPlaces += place;
    else this.#againstPlaces -= place;
    if (place > 0) this.#refusals += 1;
    if (answer.kind !== 'words' || !this.model.registers.some((spec) => holds(answer, spec))) return;
    this.#blocks.push(answer);
    const answered = groupRegisters({ registers: this.model.registers.filter((spec) => this.#blocks.some((block) => holds(block, spec))) });
    const trial = new Trials(answered, [{ atMs: 0, blocks: this.#blocks }], { ct: 1, pt: 1 }).try(answered, { fit: false });
    this.#physics = trial.score;
    this.checks = trial.checks;
    this.values = trial.reads[0]?.values ?? {};
    this.#settings = judgeSettings(this.model, this.#blocks, this.#unitId);
  }

  evidence(): Evidence[] {
    const { sunspec } = this.model;
    const refusals = this.#refusals;
    const holding = new Set(this.checks.filter((check) => check.holds).map(({ law }) => law));
    return [
      ...(this.#marker > 0
        ? [{ kind: 'sunspec' as const, law: null, number: sunspec, sentence: `it says that it is SunSpec model ${sunspec}` }]
        : []),
      ...this.#settings.evidence,
      ...[...holding].flatMap((law): Evidence[] => {
        const sentence = LAW_REASONS[law];
        return sentence === null ? [] : [{ kind: 'law', law, number: null, sentence }];
      }),
      ...(refusals > 0
        ? [
            {
              kind: 'refuses' as const,
              law: null,
              number: refusals,
              sentence: `it refuses addresses that this model does not have (${refusals})`,
            },
          ]
        : []),
      ...this.checks
        .filter((check) => !check.holds)
        .map(({ law, sentence }): Evidence => ({ kind: 'broken', law, number: null, sentence: `but ${sentence}` })),
    ];
  }
}

/** Does a meter of the model answer, and refuse, at that place? */
function judgePlace(model: MeterModel, answer: ProbeAnswer): number {
  const covers = mapCovers(model, answer);
  switch (answer.kind) {
    case 'words':
      return covers === 'not' ? -OUTSIDE : 0;
    case 'refused':
      if (answer.exception === ILLEGAL_VALUE) return 0;
      return covers === 'wholly' ? -REFUSED_OWN : covers === 'not' ? OUTSIDE : 0;
    case 'silence':
      return covers === 'wholly' ? -SILENT_OWN : 0;
  }
}

/** What may be set has a known range, and the unit id is known already. */
function judgeSettings(model: MeterModel, blocks: readonly Block[], unitId: number): { score: number; evidence: Evidence[] } {
  let score = 0;
  const evidence: Evidence[] = [];
  for (const spec of model.registers) {
    if (spec.writable === '' || spec.quantity === 'password') continue;
    const value = settingOf(spec, blocks);
    if (value === null) continue;
    if (spec.quantity === 'network_node') {
      score += value === unitId ? OWN_ADDRESS : -OWN_ADDRESS;
      if (value === unitId) {
        evidence.push({ kind: 'unit-id', law: null, number: value, sentence: `its register for the unit id says ${value}` });
      }
    } else {
      score += isWritableValue(spec.writable, value) ? SETTING_FITS : -SETTING_FAILS;
    }
  }
  return { score, evidence };
}

function settingOf(spec: RegisterSpec, blocks: readonly Block[]): number | null {
  const block = blocks.find((one) => holds(one, spec));
  const raw = block === undefined ? 'not-a-number' : makeRawReader(spec)(block.words, spec.address - block.address);
  return typeof raw === 'string' ? null : raw * spec.scale + spec.offset;
}

const LAW_REASONS: Record<Law, string | null> = {
  voltage: 'the voltage is one of a grid',
  frequency: 'the frequency is one of a grid',
  'power-factor': null,
  size: null,
  power: 'P is V x I x PF',
  'apparent-power': 'P, Q and S make a triangle',
  phases: 'the phases make the total',
  counter: null,
};
