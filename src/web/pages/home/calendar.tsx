import { useEffect, useRef, useState } from 'preact/hooks';
import { addToDay, daysBetween, localDay, localTime } from '../../../domain/time-bucket.ts';
import { api } from '../../data/api.ts';
import { touches, type UsageItem } from './usage.ts';
import type { OwnDays } from './usage-view.ts';
import { useGrowing } from '../../data/use-growing.ts';
import { sayEnergy, sayLocal, sayWeekdays } from '../../format.ts';
import { words } from '../../words.ts';
import { TroubleNotice } from '../../parts/notice.tsx';

const { calendar: text } = words;

const TINTS = 5;

function firstOf(day: string): string {
  return `${day.slice(0, 7)}-01`;
}

/** Whole weeks that hold a month; null outside of it. */
function weeksOf(month: string): (string | null)[][] {
  const before = localTime(Date.parse(`${month}T12:00:00Z`), 'UTC').weekday - 1;
  const count = daysBetween(month, addToDay(month, { months: 1 }));
  return Array.from({ length: Math.ceil((before + count) / 7) }, (_, week) =>
    Array.from({ length: 7 }, (__, weekday) => {
      const number = week * 7 + weekday - before;
      return number >= 0 && number < count ? addToDay(month, { days: number }) : null;
    }),
  );
}

const STEPS: Readonly<Record<string, (day: string) => string>> = {
  ArrowLeft: (day) => addToDay(day, { days: -1 }),
  ArrowRight: (day) => addToDay(day, { days: 1 }),
  ArrowUp: (day) => addToDay(day, { days: -7 }),
  ArrowDown: (day) => addToDay(day, { days: 7 }),
  PageUp: (day) => addToDay(day, { months: -1 }),
  PageDown: (day) => addToDay(day, { months: 1 }),
};

function sayOf(day: string, item: UsageItem | undefined): string {
  const name = sayLocal(day, 'short');
  if (item?.wh == null) return text.unknown(name);
  const energy = text.day(name, sayEnergy(item.wh));
  const said = item.hoursOver > 0 ? text.over(energy, item.hoursOver) : energy;
  return item.unknownSlots > 0 ? text.lacking(said) : said;
}

interface DayProps {
  day: string;
  item: UsageItem | undefined;
  tint: number;
  isChosen: boolean;
  isToday: boolean;
  isFocus: boolean;
  isOwn: boolean;
  onChoose(): void;
}

function Day({ day, item, tint, isChosen, isToday, isFocus, isOwn, onChoose }: DayProps) {
  const number = sayLocal(day, 'dayOfMonth');
  if (!isOwn) return <span class="day off">{number.replace('.', '')}</span>;
  const lacks = item !== undefined && item.state !== 'ahead' && (item.unknownSlots > 0 || item.state === 'missing');
  return (
    <button
      type="button"
      class={`day tint-${tint}${lacks ? ' lacks' : ''}${(item?.hoursOver ?? 0) > 0 ? ' over' : ''}`}
      data-day={day}
      tabIndex={isFocus ? 0 : -1}
      aria-pressed={isChosen}
      aria-current={isToday ? 'date' : undefined}
      aria-label={sayOf(day, item)}
      title={sayOf(day, item)}
      onClick={onChoose}
    >
      {number.replace('.', '')}
    </button>
  );
}

interface CalendarProps {
  flatId: number;
  zone: string;
  nowMs: number;
  days: OwnDays;
  day: string;
  onChoose(day: string): void;
}

/** The days of a month, the darker the more was used; hatched where something is missing. */
export function Calendar({ flatId, zone, nowMs, days, day, onChoose }: CalendarProps) {
  const [shown, setShown] = useState({ of: day, month: firstOf(day), focus: day });
  const body = useRef<HTMLTableElement>(null);
  const moves = useRef(false);
  const current = shown.of === day ? shown : { of: day, month: firstOf(day), focus: day };
  const { month, focus } = current;
  const { data, trouble, reload } = useGrowing(`calendar ${flatId} ${month}`, () => api.readUsage({ flatId, view: 'month', day: month }));
  const items = new Map((data?.items ?? []).map((item) => [localDay(Date.parse(item.from), zone), item]));
  const whole = [...items.values()].flatMap(({ wh, state }) => (wh === null || state === 'running' || state === 'incomplete' ? [] : [wh]));
  const [leastWh, mostWh] = [Math.min(...whole), Math.max(...whole)];
  const tintOf = (item: UsageItem | undefined) => {
    if (item?.wh == null) return 0;
    const share = mostWh > leastWh ? (item.wh - leastWh) / (mostWh - leastWh) : 0.5;
    return Math.min(TINTS, Math.max(1, Math.ceil(share * TINTS)));
  };
  const turn = (by: 1 | -1) => {
    const turned = addToDay(month, { months: by });
    setShown({ of: day, month: turned, focus: turned });
  };
  const mayTurn = (by: 1 | -1) => touches('month', addToDay(month, { months: by }), days);
  useEffect(() => {
    if (!moves.current) return;
    moves.current = false;
    body.current?.querySelector<HTMLElement>(`[data-day="${focus}"]`)?.focus();
  }, [focus, data]);
  const onKeyDown = (event: KeyboardEvent) => {
    const next = STEPS[event.key]?.(focus);
    if (next === undefined) return;
    event.preventDefault();
    if (!days.has(next)) return;
    moves.current = true;
    setShown({ of: day, month: firstOf(next), focus: next });
  };
  const inMonth = weeksOf(month).flat();
  // Somewhere the keyboard gets in, also in a month that has not the chosen day.
  const entry = inMonth.includes(focus) && days.has(focus) ? focus : (inMonth.find((one) => one !== null && days.has(one)) ?? null);
  const today = localDay(nowMs, zone);
  return (
    <section class="card calendar" aria-labelledby="calendar-title">
      <div class="card-head">
        <h2 id="calendar-title" aria-live="polite">
          <span class="hidden">{text.title}: </span>
          {sayLocal(month, 'month')}
        </h2>
        <span class="steps">
          <button type="button" class="step" aria-label={text.before} disabled={!mayTurn(-1)} onClick={() => turn(-1)}>
            ‹
          </button>
          <button type="button" class="step" aria-label={text.after} disabled={!mayTurn(1)} onClick={() => turn(1)}>
            ›
          </button>
        </span>
      </div>
      {trouble && !data && <TroubleNotice trouble={trouble} onAgain={reload} />}
      <table ref={body} onKeyDown={onKeyDown} aria-describedby="calendar-hint">
        <thead>
          <tr>
            {sayWeekdays('short').map((name, i) => (
              <th key={name} scope="col" abbr={sayWeekdays('long')[i]}>
                {name.replace('.', '')}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeksOf(month).map((week) => (
            <tr key={week.find(Boolean)}>
              {week.map((one, i) => (
                <td key={i}>
                  {one !== null && (
                    <Day
                      day={one}
                      item={items.get(one)}
                      tint={tintOf(items.get(one))}
                      isChosen={one === day}
                      isToday={one === today}
                      isFocus={one === entry}
                      isOwn={days.has(one)}
                      onChoose={() => onChoose(one)}
                    />
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p class="calendar-key" aria-hidden="true">
        {text.less}
        {Array.from({ length: TINTS }, (_, i) => (
          <i key={i} class={`tint-${i + 1}`} />
        ))}
        {text.more}
        <span>
          <i class="lacks" />
          {text.missing}
        </span>
      </p>
      <p class="hidden" id="calendar-hint">
        {text.hint}
      </p>
    </section>
  );
}
