import type { ComponentChildren } from 'preact';
import { localDay } from '../../domain/time-bucket.ts';
import { energyWh, isUnknown, type Profile } from '../data/profile.ts';
import type { Loaded } from '../data/use-load.ts';
import { sayDate, sayEnergy, sayPeriod } from '../format.ts';
import { words } from '../words.ts';
import { AttachLink } from './attach-link.tsx';
import type { ChartContent } from './load-chart.ts';
import { Loading, TroubleNotice } from './notice.tsx';
import { ProfileChart } from './profile-chart.tsx';
import { ProfileValues } from './profile-values.tsx';

const { profile: text } = words;

function Totals({ profile, showProduction }: { profile: Profile; showProduction: boolean }) {
  const used = energyWh(profile.slots, 'consumptionWh');
  const made = showProduction ? energyWh(profile.slots, 'productionWh') : null;
  const isRunning = profile.slots.at(-1)?.state === 'ahead';
  return (
    <p class="totals">
      {used !== null && (
        <span class="consumption">
          {isRunning ? text.usedSoFar : text.used} <strong>{sayEnergy(used)}</strong>
        </span>
      )}
      {made !== null && (
        <span class="production">
          {isRunning ? text.madeSoFar : text.made} <strong>{sayEnergy(made)}</strong>
        </span>
      )}
    </p>
  );
}

function sayTimeOf({ slots, zone }: Profile): string {
  const [fromMs, toMs] = [slots[0]?.atMs ?? 0, slots.at(-1)?.toMs ?? 0];
  const day = sayDate(fromMs, zone);
  return day === sayDate(toMs - 1, zone) ? day : sayPeriod(fromMs, toMs, zone);
}

/** A part that is not wholly in the range, as of a day that has passed, is none. */
function zoomWithin({ slots }: Profile, zoom: ChartContent['zoom']): ChartContent['zoom'] {
  return zoom && zoom.fromMs >= (slots[0]?.atMs ?? 0) && zoom.toMs <= (slots.at(-1)?.toMs ?? 0) ? zoom : null;
}

interface LoadProfileProps {
  loaded: Loaded<Profile>;
  showProduction: boolean;
  title?: string;
  /** Why there is nothing, and what next. */
  empty?: string;
  ghost?: ChartContent['ghost'];
  ghostName?: string | null;
  zoom?: ChartContent['zoom'];
  onZoom?(zoom: ChartContent['zoom']): void;
  /** What a message takes along of it; null for those who write none. */
  attach?: string | null;
  /** Whose load it is, for the name of a file; null for whoever may not download. */
  file?: string | null;
  /** What is chosen about it. */
  children?: ComponentChildren;
}

/** The load over a time, today unless said otherwise. */
export function LoadProfileCard({ loaded, showProduction, children, ...given }: LoadProfileProps) {
  const {
    title = text.today,
    empty = text.emptyToday,
    ghost = null,
    ghostName = null,
    attach = null,
    file = null,
    onZoom = () => {},
  } = given;
  const { data: profile, trouble, reload } = loaded;
  const isEmpty = profile !== null && isUnknown(profile);
  const zoom = profile && zoomWithin(profile, given.zoom ?? null);
  return (
    <section class="card profile" aria-labelledby="profile-title">
      <div class="card-head">
        <h2 id="profile-title">{title}</h2>
        {profile?.slots[0] && (
          <p class="quiet-text">
            {sayTimeOf(profile)} · {text.zone(profile.zone)}
          </p>
        )}
      </div>
      {children}
      {trouble && <TroubleNotice trouble={trouble} onAgain={reload} />}
      {!profile && !trouble && <Loading rows={8} />}
      {profile && isEmpty && <p class="quiet-text">{empty}</p>}
      {profile && !isEmpty && (
        <>
          <div class="totals-row">
            <Totals profile={profile} showProduction={showProduction} />
            {zoom && (
              <button type="button" class="small" onClick={() => onZoom(null)}>
                {text.whole}
              </button>
            )}
            {attach !== null && <AttachLink address={attach} />}
          </div>
          <ProfileChart {...{ profile, ghost, ghostName, showProduction, zoom, title, onZoom }} />
          <ProfileValues
            {...{ profile, ghost, ghostName, showProduction, zoom }}
            fileName={file && `${file} ${title} ${localDay(profile.slots[0]?.atMs ?? 0, profile.zone)}`}
          />
        </>
      )}
    </section>
  );
}
