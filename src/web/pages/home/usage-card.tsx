import { localDay } from '../../../domain/time-bucket.ts';
import { clockShiftMinutes, USAGE_VIEWS, type UsageView } from '../../../domain/usage.ts';
import type { OwnFlat } from '../../../generated/api-client.ts';
import { api } from '../../data/api.ts';
import { stepped, touches, type Usage, type UsageItem } from './usage.ts';
import { queryOfOwn, type OwnDays, type OwnView } from './usage-view.ts';
import { useCosts } from './use-costs.ts';
import { useGrowing } from '../../data/use-growing.ts';
import { words } from '../../words.ts';
import { AttachLink } from '../../parts/attach-link.tsx';
import { Loading, TroubleNotice } from '../../parts/notice.tsx';
import { UsageChart } from './usage-chart.tsx';
import { UsageFigures } from './usage-figures.tsx';
import { fileOf, UsageLines, UsageValues } from './usage-values.tsx';
import { sayPeriodOf } from './usage-words.ts';

const { usage: text, profile } = words;

interface HeadProps {
  view: UsageView;
  day: string;
  days: OwnDays;
  change(part: Partial<OwnView>): void;
}

/** Back and on within the own time; a longer time ends with the last day of it that may be seen. */
function Head({ view, day, days, change }: HeadProps) {
  const go = (by: 1 | -1) => {
    const next = stepped(view, day, by);
    change({ day: next > days.last ? days.last : days.first !== null && next < days.first ? days.first : next });
  };
  const may = (by: 1 | -1) => touches(view, stepped(view, day, by), days);
  return (
    <div class="usage-head">
      <div class="usage-title">
        <button type="button" class="step" aria-label={text.before[view]} disabled={!may(-1)} onClick={() => go(-1)}>
          ‹
        </button>
        <h2 id="usage-title" aria-live="polite">
          {sayPeriodOf(view, day)}
        </h2>
        <button type="button" class="step" aria-label={text.after[view]} disabled={!may(1)} onClick={() => go(1)}>
          ›
        </button>
      </div>
      <div class="choices" role="group" aria-label={text.views}>
        {USAGE_VIEWS.map((name) => (
          <button key={name} type="button" aria-pressed={name === view} onClick={() => change({ view: name })}>
            {text.view[name]}
          </button>
        ))}
      </div>
    </div>
  );
}

/** What one must know to read it rightly. */
function Notes({ usage, costTrouble }: { usage: Usage; costTrouble: boolean }) {
  const { items, view, days, from, to } = usage;
  const unknown = items.reduce((sum, { unknownSlots }) => sum + unknownSlots, 0);
  const shift = view === 'day' ? clockShiftMinutes({ fromMs: Date.parse(from), toMs: Date.parse(to) }, days) : 0;
  const over = items.reduce((sum, { hoursOver }) => sum + hoursOver, 0);
  const has = (state: UsageItem['state']) => items.some((item) => item.state === state);
  const notes = [
    ...(shift > 0 ? [text.notes.longer(shift)] : []),
    ...(shift < 0 ? [text.notes.shorter(-shift)] : []),
    ...(unknown > 0 ? [text.notes.missing(unknown)] : []),
    ...(has('estimated') ? [text.notes.estimated] : []),
    ...(has('outside') ? [text.notes.outside] : []),
    ...(usage.change !== null && usage.change.left > 0 ? [text.left(usage.change.left, view)] : []),
    ...(has('running') && view === 'day' ? [text.notes.running] : []),
    ...(costTrouble ? [text.notes.costTrouble] : []),
  ];
  return (
    <>
      {over > 0 && <p class="over-note">{text.over(over)}</p>}
      {notes.map((note) => (
        <p key={note} class="quiet-text">
          {note}
        </p>
      ))}
    </>
  );
}

interface UsageCardProps {
  flat: OwnFlat;
  shown: OwnView;
  day: string;
  days: OwnDays;
  /** To a message. */
  mayAttach: boolean;
  mayDownload: boolean;
  change(part: Partial<OwnView>): void;
}

/** A day by its hours, a month by its days, a year by its months. */
export function UsageCard({ flat, shown, day, days, mayAttach, mayDownload, change }: UsageCardProps) {
  const { view, lines } = shown;
  const {
    data: usage,
    trouble,
    reload,
  } = useGrowing(`usage ${flat.id} ${view} ${day}`, () => api.readUsage({ flatId: flat.id, view, day }));
  const { costs, trouble: costTrouble } = useCosts(usage, day);
  const closer = view === 'day' ? null : ({ month: 'day', year: 'month' } as const)[view];
  const lookAt = (fromMs: number): Partial<OwnView> => {
    const first = localDay(fromMs, flat.zone);
    return { view: closer ?? 'day', day: days.first !== null && first < days.first ? days.first : first };
  };
  const isEmpty = usage !== null && usage.items.every(({ wh }) => wh === null);
  const title = sayPeriodOf(view, day);
  return (
    <section class="card usage" aria-labelledby="usage-title">
      <Head view={view} day={day} days={days} change={change} />
      {trouble && <TroubleNotice trouble={trouble} onAgain={reload} />}
      {!usage && !trouble && <Loading rows={8} />}
      {usage && isEmpty && <p class="usage-empty">{day === days.last && view === 'day' ? text.emptyToday : text.empty}</p>}
      {usage && !isEmpty && (
        <>
          <UsageFigures usage={usage} costs={costs} />
          <div class="usage-shape">
            <p class="quiet-text">
              {text.unit[view]} · {profile.zone(usage.zone)}
            </p>
            <div class="choices" role="group" aria-label={text.shape}>
              <button type="button" aria-pressed={!lines} onClick={() => change({ lines: false })}>
                {text.bars}
              </button>
              <button type="button" aria-pressed={lines} onClick={() => change({ lines: true })}>
                {text.lines}
              </button>
            </div>
            {mayAttach && <AttachLink address={`/home${queryOfOwn({ ...shown, flatId: flat.id, view, day })}`} />}
          </div>
          <UsageChart {...{ usage, costs, lines, title }} {...(closer && { onPick: (fromMs: number) => change(lookAt(fromMs)) })} />
          <Notes usage={usage} costTrouble={costTrouble !== null} />
          <UsageLines costs={costs} />
          <UsageValues
            usage={usage}
            costs={costs}
            href={mayDownload ? fileOf(usage, day) : null}
            {...(closer && { hrefOf: (item: UsageItem) => `/home${queryOfOwn({ ...shown, ...lookAt(Date.parse(item.from)) })}` })}
          />
        </>
      )}
    </section>
  );
}
