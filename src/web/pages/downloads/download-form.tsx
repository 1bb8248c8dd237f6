import { useState } from 'preact/hooks';
import { localDay } from '../../../domain/time-bucket.ts';
import { api } from '../../data/api.ts';
import { askedFor, lastMonth, type Bucket, type DownloadBuilding, type Format, type Kind, type Wish } from './downloads.ts';
import { useSending } from '../../data/use-sending.ts';
import { words } from '../../words.ts';
import { Choice } from '../../parts/choice.tsx';
import { DayField } from './day-field.tsx';
import { Refused } from '../../parts/refused.tsx';

const { downloads: text } = words;
const KINDS = Object.entries(text.kinds) as [Kind, string][];
const BUCKETS = Object.entries(text.buckets) as [Bucket, string][];
const FORMATS = Object.entries(text.formats) as [Format, string][];

interface Props {
  buildings: readonly [DownloadBuilding, ...DownloadBuilding[]];
  onAsked(): void;
}

/** Building, what, when and how: the rest is the API's own choice. */
export function DownloadForm({ buildings, onAsked }: Props) {
  const [buildingId, setBuildingId] = useState(buildings[0].id);
  const { zone } = buildings.find(({ id }) => id === buildingId) ?? buildings[0];
  const [wish, setWish] = useState<Wish>({ what: 'energy', ...lastMonth(localDay(Date.now(), zone)), bucket: 'day', format: 'xlsx' });
  const [problem, setProblem] = useState<string | null>(null);
  const { busy, trouble, send } = useSending();
  const isSheet = wish.what === 'settlement';
  const change = (more: Partial<Wish>) => setWish((before) => ({ ...before, ...more }));
  const pickKind = (what: Kind) => change({ what, ...(what === 'settlement' && wish.format.includes('json') ? { format: 'xlsx' } : {}) });

  const submit = async () => {
    const asked = askedFor(wish);
    setProblem(asked ? null : isSheet ? text.monthProblem : text.daysProblem);
    if (asked && (await send(async () => void (await api.requestReport({ buildingId }, asked))))) onAsked();
  };

  return (
    <section class="card form-card">
      <h2>{text.make}</h2>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <Refused trouble={trouble} />
        {buildings.length > 1 && (
          <Choice
            label={text.building}
            value={String(buildingId)}
            of={buildings.map(({ id, name }) => [String(id), name])}
            onPick={(id) => setBuildingId(Number(id))}
          />
        )}
        <Choice label={text.what} value={wish.what} of={KINDS} hint={text.about[wish.what]} onPick={pickKind} />
        <div class="days">
          {isSheet ? (
            <DayField type="month" label={text.month} value={wish.month} onPick={(month) => change({ month })} />
          ) : (
            <>
              <DayField type="date" label={text.firstDay} value={wish.firstDay} onPick={(firstDay) => change({ firstDay })} />
              <DayField type="date" label={text.lastDay} value={wish.lastDay} onPick={(lastDay) => change({ lastDay })} />
            </>
          )}
        </div>
        {problem !== null && (
          <p class="notice bad" role="alert">
            {problem}
          </p>
        )}
        {(wish.what === 'energy' || wish.what === 'split') && (
          <Choice label={text.bucket} value={wish.bucket} of={BUCKETS} onPick={(bucket) => change({ bucket })} />
        )}
        <Choice
          label={text.format}
          value={wish.format}
          of={isSheet ? FORMATS.filter(([format]) => !format.includes('json')) : FORMATS}
          onPick={(format) => change({ format })}
        />
        <p class="row">
          <button type="submit" class="main" aria-disabled={busy}>
            {busy ? text.busy : text.submit}
          </button>
        </p>
      </form>
    </section>
  );
}
