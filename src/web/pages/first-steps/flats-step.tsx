import { useId, useState } from 'preact/hooks';
import { readFlatList } from '../../../domain/flat-list.ts';
import { api } from '../../data/api.ts';
import type { Me } from '../../data/session.ts';
import { useSending } from '../../data/use-sending.ts';
import { sayDecimal, sayNumber } from '../../format.ts';
import { Refused } from '../../parts/refused.tsx';
import { TextArea } from '../../parts/text-area.tsx';
import { words } from '../../words.ts';
import { FlatPreview } from './flat-preview.tsx';
import { goToStep } from './first-steps-view.ts';
import type { Flat, StepProps } from './house.ts';
import { StepCard } from './step-card.tsx';
import { textOfFile } from './text-of-file.ts';

const {
  firstSteps: { flats: text, ...shared },
} = words;
const MOST_FLATS = 500;

function StoredFlats({ flats }: { flats: readonly Flat[] }) {
  return (
    <details class="stored">
      <summary>{text.there(flats.length)}</summary>
      <ul>
        {flats.map(({ id, name, kind, areaM2 }) => (
          <li key={id}>
            {[name, ...(kind === 'consumer' ? [] : [text.kinds[kind]]), ...(areaM2 === null ? [] : [`${sayDecimal(areaM2, 1)} m²`])].join(
              ' · ',
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}

function FileChooser({ onText }: { onText(text: string): void }) {
  const id = useId();
  const [problem, setProblem] = useState<string | null>(null);
  const take = async (file: File | undefined) => {
    if (!file) return;
    const read = await textOfFile(file);
    setProblem(read.ok ? null : read.reason === 'too-large' ? text.fileTooLarge : text.fileUnread);
    if (read.ok) onText(read.text);
  };
  return (
    <div class="field">
      <label for={id} class="button small file-button">
        {text.file}
        <input
          id={id}
          class="hidden"
          type="file"
          accept=".csv,.txt,.tsv,text/csv,text/plain"
          onChange={(event) => {
            const input = event.currentTarget;
            void take(input.files?.[0]).finally(() => (input.value = ''));
          }}
        />
      </label>
      {problem && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}

export function FlatsStep({ me, house, onStored }: StepProps & { me: Me }) {
  const { building, flats } = house;
  const [list, setList] = useState('');
  const [isTried, setTried] = useState(false);
  const { busy, trouble, send } = useSending();
  const rows = readFlatList(
    list,
    flats.map(({ name }) => name),
  );
  const bad = rows.filter(({ problems }) => problems.length > 0).length;
  const next = () => goToStep({ step: 'line', buildingId: building.id });
  const refusal =
    rows.length === 0 ? text.empty : bad > 0 ? text.bad(bad) : rows.length > MOST_FLATS ? text.tooMany(sayNumber(MOST_FLATS)) : null;
  const submit = async () => {
    setTried(true);
    if (refusal !== null) return;
    const wanted = rows.map(({ name, kind, areaM2 }) => ({ name, kind, areaM2 }));
    const stored = await send(async () => void (await api.createFlats({ buildingId: building.id }, { flats: wanted })));
    // Also after a refusal: somebody else may have stored some of them meanwhile.
    onStored();
    if (stored) next();
  };
  if (!me.permissions.includes('flat:change')) {
    return (
      <StepCard title={text.title} lead={text.lead}>
        {flats.length > 0 && <StoredFlats flats={flats} />}
        <p class="notice">{shared.notYours}</p>
      </StepCard>
    );
  }
  return (
    <StepCard title={text.title} lead={text.lead}>
      {flats.length > 0 && (
        <div class="stored-row">
          <StoredFlats flats={flats} />
          <button type="button" class={list.trim() === '' ? 'main' : ''} onClick={next}>
            {shared.next}
          </button>
        </div>
      )}
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <TextArea
          name="flats"
          label={text.list}
          value={list}
          problem={isTried && refusal !== null ? refusal : undefined}
          hint={text.listHint}
          placeholder={text.example}
          onInput={setList}
        />
        <FileChooser onText={setList} />
        {rows.length > 0 && <FlatPreview rows={rows} />}
        <Refused trouble={bad > 0 ? null : trouble} />
        <p class="row">
          <button type="submit" class={flats.length > 0 && list.trim() === '' ? '' : 'main'} aria-disabled={busy}>
            {text.submit(rows.length)}
          </button>
          {flats.length === 0 && list.trim() === '' && (
            <button type="button" class="quiet" onClick={next}>
              {shared.skip}
            </button>
          )}
        </p>
      </form>
    </StepCard>
  );
}
