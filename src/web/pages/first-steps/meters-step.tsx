import { useState } from 'preact/hooks';
import { all, api } from '../../data/api.ts';
import type { Me } from '../../data/session.ts';
import { useLoad } from '../../data/use-load.ts';
import { sayNumber } from '../../format.ts';
import { Choice } from '../../parts/choice.tsx';
import { Loading, TroubleNotice } from '../../parts/notice.tsx';
import { words } from '../../words.ts';
import { Guess } from './found-unit.tsx';
import { goToStep } from './first-steps-view.ts';
import { chosenLine, sayPlace, type House, type Line, type StepProps } from './house.ts';
import { MeterForm } from './meter-form.tsx';
import { StepCard } from './step-card.tsx';
import { useScan } from './use-scan.ts';

const {
  firstMeters: { meters: text, scan: scanText },
  firstSteps: shared,
} = words;

function StoredMeters({ house: { meters } }: { house: House }) {
  return (
    <details class="stored">
      <summary>{text.stored(meters.length)}</summary>
      <ul>
        {meters.map(({ id, flat, serial, model }) => (
          <li key={id}>
            {flat} · {serial} · {model}
          </li>
        ))}
      </ul>
    </details>
  );
}

function LineMeters({ house, line, onStored }: StepProps & { line: Line }) {
  const { scan, trouble } = useScan(line.id);
  const models = useLoad('models', () => all((cursor) => api.listModels({ limit: 500, ...cursor })));
  const [isByHand, setByHand] = useState(false);
  if (models.trouble) return <TroubleNotice trouble={models.trouble} onAgain={models.reload} />;
  if (!models.data || (scan === undefined && !trouble)) return <Loading rows={4} />;
  const taken = new Set(house.installations.filter(({ lineId }) => lineId === line.id).map(({ unitId }) => unitId));
  const units = scan?.found.filter(({ unitId }) => !taken.has(unitId)) ?? [];
  const form = { house, lineId: line.id, models: models.data, onStored };
  return (
    <>
      {trouble && <p class="notice bad">{trouble.message}</p>}
      {units.length > 0 ? (
        <ul class="items" aria-label={text.found}>
          {units.map((unit) => (
            <li key={unit.unitId} class="inner-card" data-unit={unit.unitId}>
              <h3>{scanText.unit(sayNumber(unit.unitId))}</h3>
              <Guess unit={unit} />
              <MeterForm unit={unit} {...form} />
            </li>
          ))}
        </ul>
      ) : (
        <p class="quiet-text">{text.noneFound}</p>
      )}
      {isByHand ? (
        <section class="inner-card" data-unit="by-hand">
          <h3>{text.byHand}</h3>
          <MeterForm unit={undefined} {...form} />
        </section>
      ) : (
        <p class="row">
          <button type="button" onClick={() => setByHand(true)}>
            {text.byHandOpen}
          </button>
          <button type="button" class="quiet" onClick={() => goToStep({ step: 'scan', buildingId: house.building.id, lineId: line.id })}>
            {text.toScan}
          </button>
        </p>
      )}
    </>
  );
}

export function MetersStep({ me, house, lineId, onStored }: StepProps & { me: Me; lineId: number | null }) {
  const { building, lines, meters } = house;
  const line = chosenLine(house, lineId);
  const mayStore = me.permissions.includes('meter:change') && me.permissions.includes('installation:change');
  return (
    <StepCard title={text.title} lead={text.lead}>
      {meters.length > 0 && (
        <div class="stored-row">
          <StoredMeters house={house} />
          <button type="button" class="main" onClick={() => goToStep({ step: 'values', buildingId: building.id })}>
            {text.toValues}
          </button>
        </div>
      )}
      {!mayStore && <p class="notice">{shared.notYours}</p>}
      {mayStore && !line && (
        <>
          <p class="notice">{scanText.noLine}</p>
          <p class="row">
            <button type="button" class="main" onClick={() => goToStep({ step: 'line', buildingId: building.id })}>
              {scanText.toLine}
            </button>
          </p>
        </>
      )}
      {mayStore && line && (
        <>
          {lines.length > 1 && (
            <Choice
              label={text.line}
              value={String(line.id)}
              of={lines.map((each) => [String(each.id), `${each.name} (${sayPlace(each)})`])}
              onPick={(id) => goToStep({ step: 'meters', buildingId: building.id, lineId: Number(id) })}
            />
          )}
          <LineMeters key={line.id} house={house} line={line} onStored={onStored} />
        </>
      )}
    </StepCard>
  );
}
