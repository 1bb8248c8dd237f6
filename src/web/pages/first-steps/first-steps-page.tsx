import '../../styles/first-steps.css';
import { readBuildings, type Building } from '../../data/building.ts';
import type { Me } from '../../data/session.ts';
import { useLoad } from '../../data/use-load.ts';
import { Loading, TroubleNotice } from '../../parts/notice.tsx';
import { words } from '../../words.ts';
import { BuildingStep } from './building-step.tsx';
import { NEW_BUILDING, stepOf, useFirstStepsView, type FirstStepsView, type Step } from './first-steps-view.ts';
import { FlatsStep } from './flats-step.tsx';
import { readHouse, type House } from './house.ts';
import { LineStep } from './line-step.tsx';
import { MetersStep } from './meters-step.tsx';
import { ScanStep } from './scan-step.tsx';
import { StepsNav } from './steps-nav.tsx';
import { ValuesStep } from './values-step.tsx';

const { firstSteps: text } = words;

interface ShownStepProps {
  me: Me;
  step: Exclude<Step, 'building'>;
  house: House;
  lineId: number | null;
  onStored(): void;
}

function ShownStep({ me, step, house, lineId, onStored }: ShownStepProps) {
  switch (step) {
    case 'flats':
      return <FlatsStep me={me} house={house} onStored={onStored} />;
    case 'line':
      return <LineStep me={me} house={house} onStored={onStored} />;
    case 'scan':
      return <ScanStep house={house} lineId={lineId} onStored={onStored} />;
    case 'meters':
      return <MetersStep me={me} house={house} lineId={lineId} onStored={onStored} />;
    case 'values':
      return <ValuesStep me={me} house={house} />;
  }
}

interface StepsProps {
  me: Me;
  view: FirstStepsView;
  buildings: readonly Building[];
  chosen: Building | undefined;
  onBuilding(): void;
}

function Steps({ me, view, buildings, chosen, onBuilding }: StepsProps) {
  const { data, trouble, reload } = useLoad(chosen?.id ?? null, async () => (chosen ? readHouse(chosen) : null));
  if (trouble && !data) return <TroubleNotice trouble={trouble} onAgain={reload} />;
  if (chosen && !data) return <Loading rows={6} />;
  const house = data && chosen ? { ...data, building: chosen } : null;
  const step = stepOf(view, house);
  return (
    <div class="first-steps">
      <StepsNav step={step} house={house} />
      <div class="step-body">
        {step === 'building' || house === null ? (
          <BuildingStep me={me} buildings={buildings} building={chosen} onStored={onBuilding} />
        ) : (
          <ShownStep key={house.building.id} me={me} step={step} house={house} lineId={view.lineId} onStored={reload} />
        )}
      </div>
    </div>
  );
}

/** The way from an empty house to the first value, for whoever may go it. */
export function FirstStepsPage({ me }: { me: Me }) {
  const view = useFirstStepsView();
  const { data: buildings, trouble, reload } = useLoad(`buildings ${view.buildingId}`, readBuildings);
  if (trouble && !buildings) return <TroubleNotice trouble={trouble} onAgain={reload} />;
  if (!buildings) return <Loading rows={6} />;
  const chosen = view.buildingId === NEW_BUILDING ? undefined : (buildings.find(({ id }) => id === view.buildingId) ?? buildings[0]);
  return (
    <>
      <div class="page-head">
        <div>
          <h1>{text.title}</h1>
          <p class="quiet-text">{text.lead}</p>
        </div>
      </div>
      <Steps me={me} view={view} buildings={buildings} chosen={chosen} onBuilding={reload} />
    </>
  );
}
