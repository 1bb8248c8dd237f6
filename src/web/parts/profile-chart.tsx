import { useEffect, useRef, useState } from 'preact/hooks';
import { peakOf, powerW, type Profile, type ProfileFlow } from '../data/profile.ts';
import { sayPower, saySlot } from '../format.ts';
import { words } from '../words.ts';
import { drawLoadChart, type ChartContent } from './load-chart.ts';

const { profile: text } = words;

const MARKS = ['estimated', 'incomplete', 'missing'] as const;

/** What the kinds of line mean, as far as there are any. */
function Marks({ profile, ghostName }: { profile: Profile; ghostName: string | null }) {
  const marks = MARKS.filter((mark) => profile.slots.some(({ state }) => state === mark));
  if (marks.length === 0 && ghostName === null) return null;
  return (
    <ul class="marks">
      {ghostName !== null && <li class="ghost">{ghostName}</li>}
      {marks.map((mark) => (
        <li key={mark} class={mark}>
          {text.states[mark]}
        </li>
      ))}
    </ul>
  );
}

/** The slot under the pointer, or else the newest one. */
function Readout({ content, index }: { content: ChartContent; index: number | null }) {
  const { profile, ghost, showProduction } = content;
  const newest = profile.slots.findLastIndex(({ state }) => state !== 'ahead' && state !== 'missing');
  const slot = profile.slots[index ?? newest];
  if (!slot) return <p class="readout" />;
  const say = (of: ProfileFlow) => {
    const power = slot.state === 'ahead' ? null : powerW(slot, of);
    return power === null ? '–' : sayPower(power);
  };
  const before = ghost?.[index ?? newest] ?? null;
  return (
    <p class="readout">
      <span>{saySlot(slot.atMs, profile.zone, profile.bucket === 'day' ? 'day' : 'both')}</span>
      <span class="consumption">
        {text.consumption} <strong>{say('consumptionWh')}</strong>
      </span>
      {showProduction && (
        <span class="production">
          {text.production} <strong>{say('productionWh')}</strong>
        </span>
      )}
      {before !== null && (
        <span>
          {text.before} <strong>{sayPower(before)}</strong>
        </span>
      )}
      {slot.state !== 'ahead' && slot.state !== 'measured' && <span>{text.states[slot.state]}</span>}
    </p>
  );
}

interface ProfileChartProps extends ChartContent {
  title: string;
  /** What the line of an earlier time is called; null while there is none. */
  ghostName: string | null;
  onZoom(zoom: ChartContent['zoom']): void;
}

/** A gap stays a gap, and what nobody measured looks different. */
export function ProfileChart({ title, ghostName, onZoom, ...content }: ProfileChartProps) {
  const { profile, ghost, showProduction, zoom } = content;
  const host = useRef<HTMLDivElement>(null);
  const zooming = useRef(onZoom);
  zooming.current = onZoom;
  const [index, setIndex] = useState<number | null>(null);
  useEffect(
    () =>
      host.current === null
        ? undefined
        : drawLoadChart(host.current, content, { onPoint: setIndex, onZoom: (part) => zooming.current(part) }),
    [profile, ghost, showProduction, zoom],
  );
  const peak = peakOf(profile.slots);
  const summary = peak
    ? text.summary(sayPower(peak.powerW), saySlot(peak.atMs, profile.zone, profile.bucket === 'day' ? 'day' : 'both'))
    : '';
  return (
    <>
      <div class="chart" ref={host} role="img" aria-label={`${title}. ${text.unit[profile.bucket]}. ${summary}`} />
      <Readout content={content} index={index} />
      <Marks profile={profile} ghostName={ghost && ghostName} />
    </>
  );
}
