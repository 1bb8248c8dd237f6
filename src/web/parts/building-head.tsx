import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import type { Building } from '../data/building.ts';
import { mayGoFirstSteps, type Me } from '../data/session.ts';
import { words } from '../words.ts';
import { Empty } from './notice.tsx';

const { dashboard: text } = words;

interface BuildingHeadProps {
  buildings: readonly Building[];
  chosen: Building;
  /** Of the page, where it is not the building's own. */
  title?: string;
  onChoose(id: number): void;
  children?: ComponentChildren;
}

/** Which building the page is about. */
export function BuildingHead({ buildings, chosen, title, onChoose, children }: BuildingHeadProps) {
  const id = useId();
  const below = title === undefined ? chosen.address : chosen.name;
  return (
    <div class="page-head">
      <div>
        <h1>{title ?? chosen.name}</h1>
        {below !== '' && <p class="quiet-text">{below}</p>}
      </div>
      {children}
      {buildings.length > 1 && (
        <div class="chooser">
          <label for={id}>{text.building}</label>
          <select id={id} value={chosen.id} onChange={(event) => onChoose(Number(event.currentTarget.value))}>
            {buildings.map((building) => (
              <option key={building.id} value={building.id}>
                {building.name}
              </option>
            ))}
          </select>
        </div>
      )}
    </div>
  );
}

/** To the guided way from an empty house to the first value. */
export function FirstStepsLink({ buildingId }: { buildingId?: number }) {
  return (
    <a class="button main" href={buildingId === undefined ? '/first-steps' : `/first-steps?building=${buildingId}`}>
      {words.firstSteps.open}
    </a>
  );
}

export function NoBuilding({ me }: { me: Me }) {
  const mayMake = me.permissions.includes('building:change') && mayGoFirstSteps(me);
  return (
    <Empty title={text.none} text={mayMake ? text.noneSteps : text.noneViewer}>
      {mayMake && <FirstStepsLink />}
    </Empty>
  );
}
