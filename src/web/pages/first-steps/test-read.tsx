import type { TestRead } from '../../../generated/api-client.ts';
import { unitOfQuantity } from '../../data/quantities.ts';
import { sayCount } from '../../format.ts';
import { ValuesTable } from '../../parts/read-now.tsx';
import { words } from '../../words.ts';

const {
  firstMeters: { meters: text, scan },
} = words;

function Verdict({ checks }: Pick<TestRead, 'checks'>) {
  if (checks.length === 0) return <p>{text.nothingChecked}</p>;
  const broken = [...new Set(checks.filter(({ holds }) => !holds).map(({ law }) => scan.but(scan.laws[law])))];
  if (broken.length > 0) return <p class="bad-text">{text.implausible(broken.join('; '))}</p>;
  return (
    <p class="good-text">
      {text.plausible} {text.nothingChecked}
    </p>
  );
}

/** What a meter says before it is stored, and whether that can be. */
export function TestReadAnswer({ reading, checks }: TestRead) {
  const ms = sayCount(Math.round(reading.latencyMs));
  if (!reading.ok) {
    const reason = words.meters.reasons[reading.reason] ?? (reading.detail === '' ? reading.reason : reading.detail);
    return (
      <p class="bad-text">
        {words.readNow.failed(reason, ms)} {text.notRead}
      </p>
    );
  }
  const values = Object.fromEntries(Object.entries(reading.values).filter(([quantity]) => unitOfQuantity(quantity) !== null));
  return (
    <>
      <Verdict checks={checks} />
      <div class="scroll" tabIndex={0} role="group" aria-label={text.values}>
        <ValuesTable values={values} caption={text.values} />
      </div>
    </>
  );
}
