import { useState } from 'preact/hooks';
import { api } from '../../data/api.ts';
import type { Me } from '../../data/session.ts';
import { words } from '../../words.ts';
import { goToStep } from './first-steps-view.ts';
import type { Line, StepProps } from './house.ts';
import { LineForm } from './line-form.tsx';
import { isFailed, LineItem, testLine, type LineTest } from './line-item.tsx';
import { StepCard } from './step-card.tsx';

const {
  firstSteps: { line: text, ...shared },
} = words;
const FIRST_UNIT = 1;

/** Nobody has found anything wrong with it. */
function isReady(test: LineTest | undefined): boolean {
  return test === undefined || !isFailed(test);
}

export function LineStep({ me, house, onStored }: StepProps & { me: Me }) {
  const { building, lines } = house;
  const mayChange = me.permissions.includes('line:change');
  /** The line whose form is open; null for a new one. */
  const [open, setOpen] = useState<number | null | undefined>(lines.length === 0 ? null : undefined);
  const [tests, setTests] = useState<ReadonlyMap<number, LineTest>>(new Map());
  const changed = lines.find(({ id }) => id === open);
  const tell = (lineId: number, test: LineTest) => setTests((before) => new Map(before).set(lineId, test));

  const test = async (lineId: number, unitId: number) => {
    tell(lineId, { unitId, answer: null });
    tell(lineId, await testLine(unitId, () => api.testConnection({ lineId }, { unitId })));
  };
  const stored = (line: Line, unitId: number) => {
    setOpen(undefined);
    onStored();
    void test(line.id, unitId);
  };
  const scan = (lineId?: number) => goToStep({ step: 'scan', buildingId: building.id, ...(lineId !== undefined && { lineId }) });
  const isNew = open === null && mayChange;

  return (
    <StepCard title={text.title} lead={text.lead}>
      {lines.length > 0 && (
        <ul class="items" aria-label={text.there}>
          {lines.map((line) =>
            line.id === open ? null : (
              <LineItem
                key={line.id}
                line={line}
                test={tests.get(line.id)}
                mayChange={mayChange}
                onTest={() => void test(line.id, tests.get(line.id)?.unitId ?? FIRST_UNIT)}
                onChange={() => setOpen(line.id)}
                onScan={() => scan(line.id)}
              />
            ),
          )}
        </ul>
      )}
      {(isNew || changed) && (
        <LineForm
          key={changed?.id ?? 'new'}
          buildingId={building.id}
          line={changed}
          defaultName={text.defaultName(lines.length + 1)}
          onCancel={lines.length === 0 ? undefined : () => setOpen(undefined)}
          onStored={stored}
        />
      )}
      {lines.length === 0 && !mayChange && <p class="notice">{shared.notYours}</p>}
      {open === undefined && (
        <p class="row">
          {lines.length > 0 && (
            <button type="button" class={lines.some(({ id }) => isReady(tests.get(id))) ? 'main' : ''} onClick={() => scan()}>
              {shared.next}
            </button>
          )}
          {mayChange && (
            <button type="button" onClick={() => setOpen(null)}>
              {text.add}
            </button>
          )}
        </p>
      )}
    </StepCard>
  );
}
