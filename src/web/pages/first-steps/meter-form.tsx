import { useState } from 'preact/hooks';
import type { MeterModel, TestRead } from '../../../generated/api-client.ts';
import { api } from '../../data/api.ts';
import { useSending } from '../../data/use-sending.ts';
import { Choice } from '../../parts/choice.tsx';
import { Field } from '../../parts/field.tsx';
import { sayReadTrouble } from '../../parts/read-now.tsx';
import { Refused } from '../../parts/refused.tsx';
import { words } from '../../words.ts';
import type { FoundUnit } from './found-unit.tsx';
import type { StepProps } from './house.ts';
import { flatAt, problemsIn, refusedFields, storeMeter, testProblemsIn, type MeterProblems, type MeterWish } from './meter-wish.ts';
import { PlaceChoice } from './place-choice.tsx';
import { TestReadAnswer } from './test-read.tsx';

const {
  firstMeters: { meters: text },
} = words;

interface Props extends StepProps {
  lineId: number;
  models: readonly MeterModel[];
  /** Undefined: a meter that no scan found. */
  unit: FoundUnit | undefined;
}

type TextField = 'unitId' | 'serial' | 'ct' | 'pt';
const LABELS: Record<TextField, { label: string; hint: string }> = {
  unitId: { label: text.unitId, hint: text.unitHint },
  serial: { label: text.serial, hint: text.serialHint },
  ct: { label: text.ct, hint: text.ctHint },
  pt: { label: text.pt, hint: text.ptHint },
};

function modelChoices(models: readonly MeterModel[], guessed: readonly string[]): [string, string][] {
  const named = models
    .filter(({ message }) => message === null)
    .map(({ key, vendor, name }) => ({ key, name: `${vendor} ${name}` }))
    .toSorted((a, b) => a.name.localeCompare(b.name));
  const first = guessed.flatMap((key) => named.filter((model) => model.key === key));
  return [
    ['', text.chooseModel],
    ...first.map(({ key, name }): [string, string] => [key, text.guessed(name)]),
    ...named.filter(({ key }) => !guessed.includes(key)).map(({ key, name }): [string, string] => [key, name]),
  ];
}

/** Model, number and place of one meter; read for a test, then stored. */
export function MeterForm({ house, lineId, models, unit, onStored }: Props) {
  const guessed = [...new Set(unit?.guesses.flatMap((guess) => guess.models.map(({ key }) => key)) ?? [])];
  const [wish, setWish] = useState<MeterWish>({
    unitId: unit ? String(unit.unitId) : '',
    modelKey: guessed[0] ?? '',
    serial: '',
    place: '',
    ct: '1',
    pt: '1',
  });
  const [problems, setProblems] = useState<MeterProblems>({});
  const [read, setRead] = useState<TestRead | null>(null);
  const testing = useSending();
  const storing = useSending();
  const refused = storing.trouble ? refusedFields(storing.trouble) : {};

  const change = (part: Partial<MeterWish>) => {
    setWish({ ...wish, ...part });
    if (part.unitId === undefined && part.modelKey === undefined) return;
    setRead(null);
    testing.forget();
  };
  const test = async () => {
    const found = testProblemsIn(wish);
    setProblems(found);
    if (Object.keys(found).length > 0) return;
    setRead(null);
    await testing.send(async () => setRead(await api.tryModel({ lineId }, { unitId: Number(wish.unitId), modelKey: wish.modelKey })));
  };
  const store = async () => {
    const found = problemsIn(wish);
    setProblems(found);
    if (Object.keys(found).length > 0) return;
    const isStored = await storing.send(async () => {
      const flatId = await flatAt(house, wish.place);
      // Were the meter refused, the place would be there already.
      setWish({ ...wish, place: `flat:${flatId}` });
      await storeMeter(wish, { flatId, lineId });
    });
    if (isStored && !unit) {
      setWish({ ...wish, unitId: '', serial: '', place: '' });
      setRead(null);
    }
    onStored();
  };
  const field = (name: TextField) => (
    <Field
      name={name}
      {...LABELS[name]}
      type="text"
      autoComplete="off"
      inputMode={name === 'serial' ? 'text' : 'numeric'}
      value={wish[name]}
      problem={problems[name] ?? refused[name]}
      onInput={(value) => change({ [name]: value })}
    />
  );
  const isRead = read?.reading.ok === true;
  const isTold = read !== null || testing.trouble !== null;

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void (isRead ? store() : test());
      }}
    >
      <div class="pair">
        {!unit && field('unitId')}
        <Choice
          label={text.model}
          value={wish.modelKey}
          of={modelChoices(models, guessed)}
          {...(problems.modelKey && { hint: problems.modelKey })}
          onPick={(modelKey) => change({ modelKey })}
        />
        {field('serial')}
        <PlaceChoice house={house} value={wish.place} problem={problems.place} onPick={(place) => change({ place })} />
      </div>
      <details class="values">
        <summary>{text.transformers}</summary>
        <div class="pair inside">
          {field('ct')}
          {field('pt')}
        </div>
      </details>
      <div role="status" class="test-answer">
        {testing.trouble && <p class="bad-text">{sayReadTrouble(testing.trouble)}</p>}
        {read && <TestReadAnswer {...read} />}
      </div>
      <Refused trouble={storing.trouble} known={Object.keys(refused)} />
      <p class="row">
        {isRead && (
          <button type="submit" class="main" aria-disabled={storing.busy}>
            {storing.busy ? text.storing : text.store}
          </button>
        )}
        <button type="button" class={isRead ? '' : 'main'} aria-disabled={testing.busy} onClick={() => void test()}>
          {testing.busy ? text.testing : isTold ? text.testAgain : text.test}
        </button>
        {isTold && !isRead && (
          <button type="button" class="quiet" aria-disabled={storing.busy} onClick={() => void store()}>
            {text.storeAnyway}
          </button>
        )}
      </p>
    </form>
  );
}
