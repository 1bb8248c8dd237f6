import { useState } from 'preact/hooks';
import { useSending } from '../../data/use-sending.ts';
import { sayNumber } from '../../format.ts';
import { Choice } from '../../parts/choice.tsx';
import { Field } from '../../parts/field.tsx';
import { Loading } from '../../parts/notice.tsx';
import { Refused } from '../../parts/refused.tsx';
import { words } from '../../words.ts';
import { FoundUnits } from './found-unit.tsx';
import { goToStep } from './first-steps-view.ts';
import { chosenLine, sayPlace, type Line, type StepProps } from './house.ts';
import { unitIn } from './line-wish.ts';
import { StepCard } from './step-card.tsx';
import { isOver, useScan, type Scan } from './use-scan.ts';

const {
  firstMeters: { scan: text },
} = words;
const USUAL_RANGE = { from: '1', to: '32' };

function saySoFar({ state, ended, unitId }: Scan): string {
  if (state === 'waiting') return text.waiting;
  if (state === 'running') return text.asking(sayNumber(unitId));
  return text.ends[ended ?? 'lost'];
}

function Progress({ scan, onCancel }: { scan: Scan; onCancel(): void }) {
  const bad = isOver(scan) && scan.ended !== 'finished' && scan.ended !== 'cancelled';
  return (
    <div class="scan-progress">
      <progress max={scan.of} value={scan.done} aria-label={text.progress} />
      <p role="status" class={bad ? 'bad-text' : ''}>
        {saySoFar(scan)} {text.counts(sayNumber(scan.done), sayNumber(scan.of), sayNumber(scan.found.length))}
      </p>
      {!isOver(scan) && (
        <button type="button" onClick={onCancel}>
          {text.cancel}
        </button>
      )}
    </div>
  );
}

function LineScan({ line, onMeters }: { line: Line; onMeters(): void }) {
  const { scan, trouble, start, cancel } = useScan(line.id);
  const [range, setRange] = useState(USUAL_RANGE);
  const [problem, setProblem] = useState<string | undefined>();
  const { busy, send } = useSending();
  const runs = !!scan && !isOver(scan);
  const submit = async () => {
    const [from, to] = [unitIn(range.from), unitIn(range.to)];
    const fits = from !== null && to !== null && from <= to;
    setProblem(fits ? undefined : text.wrong);
    if (fits && !runs) await send(() => start({ from, to }));
  };
  const field = (name: 'from' | 'to') => (
    <Field
      name={name}
      label={text[name]}
      type="text"
      autoComplete="off"
      inputMode="numeric"
      value={range[name]}
      problem={name === 'from' ? problem : undefined}
      hint={name === 'from' ? text.hint : undefined}
      onInput={(value) => setRange({ ...range, [name]: value })}
    />
  );
  return (
    <>
      {!runs && (
        <form
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            void submit();
          }}
        >
          <div class="pair">
            {field('from')}
            {field('to')}
          </div>
          <p class="row">
            <button type="submit" class={scan?.found.length ? '' : 'main'} aria-disabled={busy}>
              {scan ? text.again : text.start}
            </button>
          </p>
        </form>
      )}
      <Refused trouble={trouble} />
      {scan === undefined && !trouble && <Loading rows={2} />}
      {scan && <Progress scan={scan} onCancel={() => void cancel()} />}
      {scan && scan.found.length === 0 && scan.ended === 'finished' && <p class="notice bad">{text.nobody}</p>}
      {scan && scan.found.length > 0 && <FoundUnits units={scan.found} />}
      <p class="row">
        <button type="button" class={scan?.found.length && !runs ? 'main' : 'quiet'} onClick={onMeters}>
          {scan?.found.length ? text.toMeters : text.byHand}
        </button>
      </p>
    </>
  );
}

export function ScanStep({ house, lineId }: StepProps & { lineId: number | null }) {
  const buildingId = house.building.id;
  const line = chosenLine(house, lineId);
  return (
    <StepCard title={text.title} lead={text.lead}>
      {line ? (
        <>
          <Choice
            label={text.line}
            value={String(line.id)}
            of={house.lines.map((each) => [String(each.id), `${each.name} (${sayPlace(each)})`])}
            onPick={(id) => goToStep({ step: 'scan', buildingId, lineId: Number(id) })}
          />
          <LineScan key={line.id} line={line} onMeters={() => goToStep({ step: 'meters', buildingId, lineId: line.id })} />
        </>
      ) : (
        <>
          <p class="notice">{text.noLine}</p>
          <p class="row">
            <button type="button" class="main" onClick={() => goToStep({ step: 'line', buildingId })}>
              {text.toLine}
            </button>
          </p>
        </>
      )}
    </StepCard>
  );
}
