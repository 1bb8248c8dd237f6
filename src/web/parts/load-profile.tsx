import { useEffect, useRef } from 'preact/hooks';
import { energyWh, isUnknown, peakOf, type Profile } from '../data/profile.ts';
import type { Loaded } from '../data/use-load.ts';
import { sayDate, sayEnergy, sayPower, sayTime } from '../format.ts';
import { words } from '../words.ts';
import { drawLoadChart } from './load-chart.ts';
import { Loading, TroubleNotice } from './notice.tsx';

const { profile: text } = words;

function Chart({ profile, showProduction }: { profile: Profile; showProduction: boolean }) {
  const host = useRef<HTMLDivElement>(null);
  useEffect(
    () => (host.current === null ? undefined : drawLoadChart(host.current, profile, { showProduction })),
    [profile, showProduction],
  );
  const peak = peakOf(profile.slots);
  const summary = peak ? text.summary(sayPower(peak.powerW), sayTime(peak.atMs, profile.zone)) : '';
  return <div class="chart" ref={host} role="img" aria-label={`${text.title}. ${text.unit}. ${summary}`} />;
}

function Values({ profile, showProduction }: { profile: Profile; showProduction: boolean }) {
  const known = profile.slots.filter(({ atMs }) => atMs + 15 * 60_000 <= Date.now());
  const cell = (powerW: number | null, estimated: boolean) => {
    if (powerW === null) return text.gap;
    return estimated ? text.about(sayPower(powerW)) : sayPower(powerW);
  };
  return (
    <details class="values">
      <summary>{text.table}</summary>
      <div class="scroll" tabIndex={0} role="group" aria-label={text.title}>
        <table>
          <thead>
            <tr>
              <th scope="col">{text.time}</th>
              <th scope="col" class="right">
                {text.consumption}
              </th>
              {showProduction && (
                <th scope="col" class="right">
                  {text.production}
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {known.map((slot) => (
              <tr key={slot.atMs}>
                <th scope="row">{sayTime(slot.atMs, profile.zone)}</th>
                <td class="right">{cell(slot.consumptionW, slot.estimated)}</td>
                {showProduction && <td class="right">{cell(slot.productionW, slot.estimated)}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {known.some(({ estimated }) => estimated) && <p class="quiet-text">{text.estimated}</p>}
    </details>
  );
}

function Totals({ profile, showProduction }: { profile: Profile; showProduction: boolean }) {
  const used = energyWh(profile.slots, 'consumptionW');
  const made = showProduction ? energyWh(profile.slots, 'productionW') : null;
  return (
    <p class="totals">
      {used !== null && (
        <span class="consumption">
          {text.today} <strong>{sayEnergy(used)}</strong>
        </span>
      )}
      {made !== null && (
        <span class="production">
          {text.made} <strong>{sayEnergy(made)}</strong>
        </span>
      )}
    </p>
  );
}

/** Today's load by the quarter hour: a gap stays a gap. */
export function LoadProfileCard({ loaded, showProduction }: { loaded: Loaded<Profile>; showProduction: boolean }) {
  const { data: profile, trouble, reload } = loaded;
  const isEmpty = profile !== null && isUnknown(profile);
  return (
    <section class="card" aria-labelledby="profile-title">
      <div class="card-head">
        <h2 id="profile-title">{text.title}</h2>
        {profile?.slots[0] && (
          <p class="quiet-text">
            {sayDate(profile.slots[0].atMs, profile.zone)} · {text.zone(profile.zone)}
          </p>
        )}
      </div>
      {trouble && <TroubleNotice trouble={trouble} onAgain={reload} />}
      {!profile && !trouble && <Loading rows={5} />}
      {profile && isEmpty && <p class="quiet-text">{text.empty}</p>}
      {profile && !isEmpty && (
        <>
          <Totals profile={profile} showProduction={showProduction} />
          <Chart profile={profile} showProduction={showProduction} />
          <Values profile={profile} showProduction={showProduction} />
        </>
      )}
    </section>
  );
}
