import type { BuildingBalance } from '../../../generated/api-client.ts';
import { formatEnergy, sayDecimal, sayEnergy } from '../../format.ts';
import { words } from '../../words.ts';

const { balance: text } = words;
const NAMED = 8;

interface Part {
  key: string;
  label: string;
  wh: number;
}

/** Less of it is none. */
const VISIBLE_PART = 0.0005;

function part(key: string, label: string, wh: number | null): Part[] {
  return wh === null || wh <= 0 ? [] : [{ key, label, wh }];
}

const opposite = (wh: number | null) => (wh === null ? null : -wh);

function visibleDifference({ differenceWh, usedWh }: BuildingBalance): number | null {
  return differenceWh !== null && Math.abs(differenceWh) < (usedWh ?? 0) * VISIBLE_PART ? null : differenceWh;
}

function cameIn(balance: BuildingBalance): Part[] {
  return [
    ...part('grid', text.gridImport, balance.gridImportWh),
    ...part('production', text.production, balance.productionWh),
    ...part('storage', text.storageOut, balance.storageWh),
    // On the other side, so that both are equally long.
    ...part('difference', text.excess, opposite(visibleDifference(balance))),
  ];
}

function wentTo(balance: BuildingBalance): Part[] {
  return [
    ...part('flats', text.flats, balance.flatsWh),
    ...part('common', text.common, balance.commonWh),
    ...part('cars', text.cars, balance.carsWh),
    ...part('export', text.gridExport, balance.gridExportWh),
    ...part('storage', text.storageIn, opposite(balance.storageWh)),
    ...part('difference', text.difference, visibleDifference(balance)),
  ];
}

function sayShare(wh: number, wholeWh: number): string {
  return `${sayDecimal((wh / wholeWh) * 100, 1)} %`;
}

function Side({ title, parts, longestWh }: { title: string; parts: readonly Part[]; longestWh: number }) {
  const sum = parts.reduce((total, { wh }) => total + wh, 0);
  return (
    <div class="side">
      <h3>{title}</h3>
      <div class="stack" aria-hidden="true">
        {parts.map(({ key, wh }) => (
          <span key={key} class={`block ${key}`} style={{ width: `${(wh / longestWh) * 100}%` }} />
        ))}
      </div>
      <table class="figures">
        <caption class="hidden">{title}</caption>
        <thead class="hidden">
          <tr>
            <th scope="col">{text.part}</th>
            <th scope="col">{text.energy}</th>
            <th scope="col">{text.share}</th>
          </tr>
        </thead>
        <tbody>
          {parts.map(({ key, label, wh }) => (
            <tr key={key} data-part={key}>
              <th scope="row">
                <span class={`swatch ${key}`} aria-hidden="true" />
                {label}
              </th>
              <td class="right">{sayEnergy(wh)}</td>
              <td class="right share">{sayShare(wh, sum)}</td>
            </tr>
          ))}
          <tr class="sum">
            <th scope="row">{text.sum}</th>
            <td class="right">{sayEnergy(sum)}</td>
            <td />
          </tr>
        </tbody>
      </table>
    </div>
  );
}

function Difference({ balance: { differenceWh, fedWh, verdict } }: { balance: BuildingBalance }) {
  if (differenceWh === null) return <p class="quiet-text verdict">{text.verdicts[verdict]}</p>;
  const { number, unit } = formatEnergy(Math.abs(differenceWh));
  const isFine = verdict === 'even';
  return (
    <div class={`verdict ${isFine ? 'good' : 'doubtful'}`}>
      <p class="difference">
        <span>{isFine ? text.rest : differenceWh < 0 ? text.excess : text.difference}</span>{' '}
        <strong>
          {number} {unit}
        </strong>
        {fedWh !== null && fedWh > 0 && <span class="quiet-text"> {text.differenceOf(sayShare(Math.abs(differenceWh), fedWh))}</span>}
      </p>
      <p>{text.verdicts[verdict]}</p>
    </div>
  );
}

function Missing({ balance: { missing, slots } }: { balance: BuildingBalance }) {
  if (missing.length === 0 || slots === 0) return null;
  const named = missing.toSorted((a, b) => b.slots - a.slots).slice(0, NAMED);
  return (
    <div class="missing-meters">
      <h3>{text.missing}</h3>
      <ul>
        {named.map((one) => (
          <li key={one.name}>
            <strong>{one.name}</strong>: {text.missingSlots(one.slots, slots)}
          </li>
        ))}
        {missing.length > named.length && <li>{text.moreMissing(missing.length - named.length)}</li>}
      </ul>
    </div>
  );
}

/** What came in beside where it went, and what the difference may mean. */
export function BalanceFigures({ balance }: { balance: BuildingBalance }) {
  const sides = [cameIn(balance), wentTo(balance)];
  const longestWh = Math.max(...sides.map((parts) => parts.reduce((sum, { wh }) => sum + wh, 0)));
  const isKnown = balance.verdict !== 'nothing-known' && longestWh > 0;
  return (
    <>
      {isKnown && balance.fedWh !== null && (
        <div class="sides">
          <Side title={text.cameIn} parts={sides[0]!} longestWh={longestWh} />
          <Side title={text.went} parts={sides[1]!} longestWh={longestWh} />
        </div>
      )}
      <Difference balance={balance} />
      <Missing balance={balance} />
    </>
  );
}
