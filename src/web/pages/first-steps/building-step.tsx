import { useState } from 'preact/hooks';
import { api, type Trouble } from '../../data/api.ts';
import type { Building } from '../../data/building.ts';
import type { Me } from '../../data/session.ts';
import { useSending } from '../../data/use-sending.ts';
import { ownZone } from '../../format.ts';
import { Choice } from '../../parts/choice.tsx';
import { Field } from '../../parts/field.tsx';
import { Refused } from '../../parts/refused.tsx';
import { language, words } from '../../words.ts';
import { goToStep, NEW_BUILDING } from './first-steps-view.ts';
import { StepCard } from './step-card.tsx';

const {
  firstSteps: { building: text, ...shared },
} = words;
const FIELDS = ['name', 'recipients'] as const;

/** Those of the browser, and whichever is taken already: not every browser lists UTC. */
function zonesWith(zone: string): string[] {
  const zones = Intl.supportedValuesOf('timeZone');
  return zones.includes(zone) ? zones : [zone, ...zones];
}

function problemIn({ status, fields }: Trouble, name: (typeof FIELDS)[number]): string | undefined {
  if (fields[name] === undefined) return undefined;
  if (name === 'recipients') return text.recipientsWrong;
  return status === 409 ? text.taken : fields[name];
}

interface FormProps {
  me: Me;
  building: Building | undefined;
  onStored(): void;
}

function BuildingForm({ me, building, onStored }: FormProps) {
  const [wish, setWish] = useState({
    name: building?.name ?? '',
    zone: building?.zone ?? ownZone(),
    recipients: building ? (building.recipients ?? '') : me.email,
  });
  const [isMissing, setMissing] = useState(false);
  const { busy, trouble, send } = useSending();
  const submit = async () => {
    setMissing(wish.name.trim() === '');
    if (wish.name.trim() === '') return;
    await send(async () => {
      const stored = building
        ? await api.changeBuilding({ buildingId: building.id }, wish)
        : await api.createBuilding({ ...wish, language });
      onStored();
      goToStep({ step: 'flats', buildingId: stored.id });
    });
  };
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <Refused trouble={trouble} known={FIELDS} />
      <Field
        name="name"
        label={text.name}
        type="text"
        autoComplete="off"
        value={wish.name}
        problem={isMissing ? shared.missing : trouble ? problemIn(trouble, 'name') : undefined}
        hint={text.nameHint}
        onInput={(name) => setWish({ ...wish, name })}
      />
      <Choice
        label={text.zone}
        value={wish.zone}
        of={zonesWith(wish.zone).map((zone) => [zone, zone.replaceAll('_', ' ')])}
        hint={text.zoneHint}
        onPick={(zone) => setWish({ ...wish, zone })}
      />
      <Field
        name="recipients"
        label={text.recipients}
        type="text"
        autoComplete="off"
        value={wish.recipients}
        problem={trouble ? problemIn(trouble, 'recipients') : undefined}
        hint={text.recipientsHint}
        onInput={(recipients) => setWish({ ...wish, recipients })}
      />
      <p class="row">
        <button type="submit" class="main" aria-disabled={busy}>
          {building ? text.change : text.submit}
        </button>
      </p>
    </form>
  );
}

interface Props {
  me: Me;
  buildings: readonly Building[];
  /** Undefined: a new one. */
  building: Building | undefined;
  onStored(): void;
}

export function BuildingStep({ me, buildings, building, onStored }: Props) {
  const mayChange = me.permissions.includes('building:change');
  const choices: [string, string][] = [
    ...buildings.map(({ id, name }): [string, string] => [String(id), name]),
    ...(mayChange ? [[String(NEW_BUILDING), text.another] as [string, string]] : []),
  ];
  return (
    <StepCard title={text.title} lead={text.lead}>
      {buildings.length > 0 && (
        <Choice
          label={text.which}
          value={String(building?.id ?? NEW_BUILDING)}
          of={choices}
          onPick={(id) => goToStep({ step: 'building', buildingId: Number(id) })}
        />
      )}
      {mayChange && <BuildingForm key={building?.id ?? NEW_BUILDING} me={me} building={building} onStored={onStored} />}
      {!mayChange && building && (
        <p class="row">
          <button type="button" class="main" onClick={() => goToStep({ step: 'flats', buildingId: building.id })}>
            {shared.next}
          </button>
        </p>
      )}
      {!mayChange && !building && <p class="notice">{shared.notYours}</p>}
    </StepCard>
  );
}
