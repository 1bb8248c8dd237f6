import type { ModelGuess } from '../../../generated/api-client.ts';
import { sayNumber } from '../../format.ts';
import { words } from '../../words.ts';
import type { Scan } from './use-scan.ts';

const {
  firstMeters: { scan: text },
} = words;

export type FoundUnit = Scan['found'][number];

function sayEvidence({ kind, law, number }: ModelGuess['evidence'][number]): string[] {
  switch (kind) {
    case 'law':
      return law === null ? [] : [text.laws[law]];
    case 'broken':
      return law === null ? [] : [text.but(text.laws[law])];
    case 'sunspec':
    case 'unit-id':
    case 'refuses':
      return [text.why[kind](sayNumber(number ?? 0))];
  }
}

function certaintyOf({ models, certainty }: ModelGuess): keyof typeof text.certainty {
  return models.length > 1 ? 'alike' : certainty;
}

/** What a unit is taken for. */
export function Guess({ unit: { guesses }, withWhy = false }: { unit: FoundUnit; withWhy?: boolean }) {
  const [best] = guesses;
  if (!best) return <p class="quiet-text">{text.unknown}</p>;
  return (
    <>
      <p>
        {text.looksLike(best.models.map(({ name }) => name).join(text.or))}{' '}
        <span class={`certainty ${best.certainty}`}>{text.certainty[certaintyOf(best)]}</span>
      </p>
      {withWhy && <p class="quiet-text">{text.because([...new Set(best.evidence.flatMap(sayEvidence))].join('; '))}</p>}
    </>
  );
}

export function FoundUnits({ units }: { units: readonly FoundUnit[] }) {
  return (
    <ul class="items" aria-label={text.found(units.length)}>
      {units.map((unit) => (
        <li key={unit.unitId} class="inner-card" data-unit={unit.unitId}>
          <h3>
            {text.unit(sayNumber(unit.unitId))}{' '}
            <span class="quiet-text">
              {unit.meter ? text.installed(unit.meter.serial) : text.answersIn(sayNumber(Math.round(unit.latencyMs)))}
            </span>
          </h3>
          <Guess unit={unit} withWhy />
        </li>
      ))}
    </ul>
  );
}
