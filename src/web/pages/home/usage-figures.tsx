import type { Costs, Usage } from './usage.ts';
import { formatChange, formatEnergy, formatShare, sayDay, sayEnergy, sayMoney, sayTime } from '../../format.ts';
import { words } from '../../words.ts';
import { Tile } from '../../parts/tile.tsx';
import { sayAgainst } from './usage-words.ts';

const { usage: text } = words;

function isLacking({ items }: Usage): boolean {
  return items.some(({ unknownSlots }) => unknownSlots > 0);
}

function Change({ usage }: { usage: Usage }) {
  const { change, view, zone } = usage;
  const against = sayAgainst(usage);
  if (change === null) return <Tile tone="grid" label={text.change} amount={null} note={text.noChange(against)} />;
  const isRunning = usage.items.some(({ state }) => state === 'running' || state === 'ahead');
  const untilMs = Date.parse(change.until);
  const until = view === 'day' ? sayTime(untilMs, zone) : sayDay(untilMs - 1, zone);
  const before = sayEnergy(change.beforeWh);
  return (
    <Tile
      tone="grid"
      label={text.change}
      amount={change.beforeWh === 0 ? null : formatChange(change.wh, change.beforeWh)}
      note={isRunning ? text.until(before, against, until) : text.whole(before, against)}
    />
  );
}

function OwnShare({ costs }: { costs: Costs }) {
  const { gridWh, ownWh, isWhole } = costs;
  const used = gridWh === null || ownWh === null ? 0 : gridWh + ownWh;
  const note = !isWhole ? text.reckoning : ownWh === null ? text.unknown : text.ownNote(sayEnergy(ownWh));
  return <Tile tone="production" label={text.own} amount={isWhole && used > 0 ? formatShare((ownWh ?? 0) / used) : null} note={note} />;
}

function Cost({ costs }: { costs: Costs }) {
  const { cost, currency, gridWh, isWhole } = costs;
  if (isWhole && cost !== null && currency !== null)
    return <Tile tone="grid" label={text.cost} amount={{ number: sayMoney(cost, currency), unit: '' }} note={text.costNote} />;
  const note = !isWhole ? text.reckoning : gridWh === null ? text.unknown : text.noTariff;
  return <Tile tone="grid" label={text.cost} amount={null} note={note} />;
}

/** The sums of what is shown. */
export function UsageFigures({ usage, costs }: { usage: Usage; costs: Costs }) {
  const isRunning = usage.items.some(({ state }) => state === 'running');
  const isMade = usage.kind === 'producer';
  const label = isMade ? (isRunning ? text.madeSoFar : text.made) : isRunning ? text.usedSoFar : text.used;
  return (
    <dl class="tiles day">
      <Tile
        tone={isMade ? 'production' : 'consumption'}
        label={label}
        amount={usage.wh === null ? null : formatEnergy(usage.wh)}
        note={usage.wh === null ? text.unknown : isLacking(usage) ? text.atLeast : ''}
      />
      <Change usage={usage} />
      {!isMade && <OwnShare costs={costs} />}
      {!isMade && <Cost costs={costs} />}
    </dl>
  );
}
