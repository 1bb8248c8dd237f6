import { useMemo } from 'preact/hooks';
import type { Building } from '../../data/building.ts';
import { ghostW, readBuildingProfile, type Profile } from '../../data/profile.ts';
import { datedRange, daysBefore, daysOf, ghostDays, NAMED_RANGES, type Range } from '../../data/range.ts';
import type { Loaded } from '../../data/use-load.ts';
import { useGrowing } from '../../data/use-growing.ts';
import type { ShownView } from './use-view.ts';
import { queryOf, type View } from '../../data/view.ts';
import { words } from '../../words.ts';
import { LoadProfileCard } from '../../parts/load-profile.tsx';
import { RangePicker } from '../../parts/range-picker.tsx';

const { profile: text } = words;

const TITLES: Record<Range['kind'], string> = {
  today: text.today,
  yesterday: text.yesterday,
  week: text.week,
  month: text.month,
  own: text.own,
};

/** The load of a building in the range of the address. */
export function useBuildingProfile(building: Building, range: Range): Loaded<Profile> {
  return useGrowing(`${building.id} ${JSON.stringify(range)}`, () => {
    const nowMs = Date.now();
    return readBuildingProfile({ buildingId: building.id, zone: building.zone }, daysOf(range, building.zone, nowMs), nowMs);
  });
}

function useGhost(building: Building, { range, ghost }: ShownView['view'], profile: Profile | null) {
  const days = ghostDays(daysOf(range, building.zone, Date.now()));
  const isShown = ghost && days !== null;
  const { data: earlier } = useGrowing(isShown ? `${building.id} ${JSON.stringify(range)}` : null, () => {
    const nowMs = Date.now();
    const before = daysBefore(daysOf(range, building.zone, nowMs), days ?? 1);
    return readBuildingProfile({ buildingId: building.id, zone: building.zone }, before, nowMs);
  });
  const line = useMemo(() => (isShown && profile && earlier ? ghostW(profile, earlier, days) : null), [isShown, profile, earlier, days]);
  return { days, line };
}

interface BuildingProfileProps extends ShownView {
  building: Building;
  profile: Loaded<Profile>;
  showProduction: boolean;
  /** It can go along with a message. */
  mayAttach: boolean;
  mayDownload: boolean;
}

function addressOf({ id, zone }: Building, view: View): string {
  return `/dashboard${queryOf({ ...view, buildingId: id, range: datedRange(view.range, zone, Date.now()) })}`;
}

export function BuildingProfile({ building, profile, showProduction, mayAttach, mayDownload, view, change }: BuildingProfileProps) {
  const { days, line } = useGhost(building, view, profile.data);
  return (
    <LoadProfileCard
      loaded={profile}
      showProduction={showProduction}
      title={TITLES[view.range.kind]}
      empty={view.range.kind === 'today' ? text.emptyToday : text.empty}
      ghost={line}
      ghostName={days === null ? null : text.ghosts[days]}
      zoom={view.zoom}
      onZoom={(zoom) => change({ zoom })}
      file={mayDownload ? building.name : null}
      attach={mayAttach ? addressOf(building, view) : null}
    >
      <div class="profile-choices">
        <RangePicker range={view.range} kinds={NAMED_RANGES} zone={building.zone} onChoose={(range) => change({ range, zoom: null })} />
        {days !== null && (
          <label class="check">
            <input
              type="checkbox"
              checked={view.ghost}
              onChange={(event) => change({ ghost: event.currentTarget.checked }, { replace: true })}
            />
            {text.compare[days]}
          </label>
        )}
      </div>
    </LoadProfileCard>
  );
}
