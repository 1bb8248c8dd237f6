import { useState } from 'preact/hooks';
import { api } from '../../data/api.ts';
import { useSending } from '../../data/use-sending.ts';
import { Refused } from '../../parts/refused.tsx';
import { words } from '../../words.ts';
import type { Line } from './house.ts';
import { LineTextField, SerialFields, TransportChoice } from './line-fields.tsx';
import { bodyOf, problemsIn, refusedFields, unitIn, wishOf, type LineProblems } from './line-wish.ts';

const {
  firstSteps: { line: text },
} = words;

interface Props {
  buildingId: number;
  /** Undefined: a new one. */
  line: Line | undefined;
  defaultName: string;
  /** Undefined: there is nothing to go back to. */
  onCancel: (() => void) | undefined;
  onStored(line: Line, unitId: number): void;
}

export function LineForm({ buildingId, line, defaultName, onCancel, onStored }: Props) {
  const [wish, setWish] = useState(wishOf(line, defaultName));
  const [found, setFound] = useState<LineProblems>({});
  const { busy, trouble, send } = useSending();
  const change = (part: Partial<typeof wish>) => setWish((before) => ({ ...before, ...part }));
  const refused = trouble ? refusedFields(trouble) : {};
  const problems = { ...refused, ...found };
  const submit = async () => {
    const missing = problemsIn(wish);
    setFound(missing);
    const unitId = unitIn(wish.unitId);
    if (Object.keys(missing).length > 0 || unitId === null) return;
    await send(async () => {
      const body = bodyOf(wish);
      onStored(line ? await api.changeLine({ lineId: line.id }, body) : await api.createLine({ buildingId, ...body }), unitId);
    });
  };
  return (
    <form
      class="inner-card"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <h3>{line ? text.changeTitle(line.name) : text.newTitle}</h3>
      <Refused trouble={trouble} known={Object.keys(refused)} />
      <TransportChoice wish={wish} onChange={change} />
      {wish.transport === 'rtu' ? (
        <SerialFields wish={wish} problems={problems} onChange={change} />
      ) : (
        <div class="pair wide-first">
          <LineTextField name="host" wish={wish} problems={problems} onChange={change} />
          <LineTextField name="port" wish={wish} problems={problems} onChange={change} />
        </div>
      )}
      <div class="pair">
        <LineTextField name="name" wish={wish} problems={problems} onChange={change} />
        <LineTextField name="unitId" wish={wish} problems={problems} onChange={change} />
      </div>
      <p class="row">
        <button type="submit" class="main" aria-disabled={busy}>
          {text.submit}
        </button>
        {onCancel && (
          <button type="button" class="quiet" onClick={onCancel}>
            {text.cancel}
          </button>
        )}
      </p>
    </form>
  );
}
