import { QUARTER_HOUR_MS } from '../../../domain/time-bucket.ts';
import type { BuildingDay } from '../../../generated/api-client.ts';
import type { Loaded } from '../../data/use-load.ts';
import { formatChange, formatEnergy, formatPower, formatShare, sayEnergy, sayTime, type Amount } from '../../format.ts';
import { words } from '../../words.ts';
import { Loading, TroubleNotice } from '../../parts/notice.tsx';
import { Tile } from '../../parts/tile.tsx';

const { day: text } = words;
const QUARTERS_PER_HOUR = 4;

function energy(wh: number | null): Amount | null {
  return wh === null ? null : formatEnergy(wh);
}

function againstNote({ yesterday, zone, pointsToSettle }: BuildingDay): string {
  if (pointsToSettle > 0) return text.notSettled;
  if (yesterday.consumptionWh === null) return text.noBefore;
  return text.before(sayEnergy(yesterday.consumptionWh), sayTime(Date.parse(yesterday.until), zone));
}

/** A sum that is not whole yet is compared with nothing. */
function Against({ day }: { day: BuildingDay }) {
  const { consumptionWh: today, pointsToSettle } = day;
  const before = day.yesterday.consumptionWh;
  const isKnown = today !== null && before !== null && before > 0 && pointsToSettle === 0;
  return <Tile tone="consumption" label={text.against} amount={isKnown ? formatChange(today, before) : null} note={againstNote(day)} />;
}

function Extreme({ label, found, zone }: { label: string; found: BuildingDay['high']; zone: string }) {
  const fromMs = found === null ? 0 : Date.parse(found.slot);
  return (
    <Tile
      tone="consumption"
      label={label}
      amount={found && formatPower(found.consumptionWh * QUARTERS_PER_HOUR)}
      note={found === null ? '' : text.slot(sayTime(fromMs, zone), sayTime(fromMs + QUARTER_HOUR_MS, zone))}
    />
  );
}

interface StandingProps {
  tone: 'consumption' | 'production';
  label: string;
  standing: BuildingDay['consumers'];
}

function Standing({ tone, label, standing: { count, running, silent } }: StandingProps) {
  const amount = { number: String(count), unit: '' };
  return <Tile tone={tone} label={label} amount={amount} note={text.standing(running, silent, count - running - silent)} />;
}

function Tiles({ day }: { day: BuildingDay }) {
  const { consumptionWh, productionWh, selfSufficiency, zone } = day;
  const makes = day.producers.count > 0;
  return (
    <dl class="tiles day">
      <Tile tone="consumption" label={text.used} amount={energy(consumptionWh)} note="" />
      <Against day={day} />
      <Extreme label={text.high} found={day.high} zone={zone} />
      <Extreme label={text.low} found={day.low} zone={zone} />
      {makes && <Tile tone="production" label={text.made} amount={energy(productionWh)} note="" />}
      {makes && (
        <Tile
          tone="production"
          label={text.own}
          amount={selfSufficiency === null ? null : formatShare(selfSufficiency)}
          note={selfSufficiency === null ? '' : text.ownNote}
        />
      )}
      {makes && <Standing tone="production" label={text.producers} standing={day.producers} />}
      <Standing tone="consumption" label={text.consumers} standing={day.consumers} />
    </dl>
  );
}

/** The day so far in figures. */
export function DayCard({ loaded }: { loaded: Loaded<BuildingDay> }) {
  const { data: day, trouble, reload } = loaded;
  const lacking = day && { today: day.incompleteSlots, before: day.yesterday.incompleteSlots };
  return (
    <section class="card" aria-labelledby="day-title">
      <div class="card-head">
        <h2 id="day-title">{text.title}</h2>
        {day?.until && <p class="quiet-text">{text.until(sayTime(Date.parse(day.until), day.zone))}</p>}
      </div>
      {trouble && <TroubleNotice trouble={trouble} onAgain={reload} />}
      {!day && !trouble && <Loading rows={4} />}
      {day && <Tiles day={day} />}
      {day?.until === null && <p class="quiet-text missing">{text.waiting}</p>}
      {day?.until && lacking && lacking.today + lacking.before > 0 && (
        <p class="quiet-text missing">{text.incomplete(lacking.today, lacking.before)}</p>
      )}
      {day && day.pointsToSettle > 0 && <p class="quiet-text missing">{text.toSettle(day.pointsToSettle)}</p>}
    </section>
  );
}
