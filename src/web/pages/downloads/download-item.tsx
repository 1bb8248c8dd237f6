import type { Report } from '../../../generated/api-client.ts';
import { api } from '../../data/api.ts';
import { isUnderWay, type Asked, type DownloadBuilding } from './downloads.ts';
import { useSending } from '../../data/use-sending.ts';
import { formatShare, ownZone, sayBytes, sayDay, sayMoment, sayPeriod } from '../../format.ts';
import { addToDay, dayStart } from '../../../domain/time-bucket.ts';
import { words } from '../../words.ts';
import { Refused } from '../../parts/refused.tsx';

const { downloads: text } = words;

/** The days that were asked for, as far as the question named them. */
function periodOf({ asked: { month, from, to, zone } }: Report, buildingZone: string): string | null {
  const clocks = zone ?? buildingZone;
  if (month !== undefined) {
    const first = `${month}-01`;
    return sayPeriod(dayStart(first, clocks), dayStart(addToDay(first, { months: 1 }), clocks), clocks);
  }
  if (from === undefined || to === undefined || from.length > 10 || to.length > 10) return null;
  return sayPeriod(dayStart(from, clocks), dayStart(to, clocks), clocks);
}

interface Props {
  report: Report;
  building: DownloadBuilding | undefined;
  onChange(): void;
}

export function DownloadItem({ report, building, onChange }: Props) {
  const { busy, trouble, send } = useSending();
  const { id, state, progress, note, bytes, expiresAt, href } = report;
  const change = async (work: () => Promise<void>) => {
    await send(work);
    onChange();
  };
  const remove = () => change(() => api.deleteReport({ reportId: id }));
  const again = () =>
    change(async () => {
      await api.requestReport({ buildingId: report.buildingId }, { what: report.what, ...report.asked } as Asked);
      await api.deleteReport({ reportId: id });
    });
  const kind = text.kinds[report.what];
  const name = building ? `${kind}, ${building.name}` : kind;
  const period = periodOf(report, building?.zone ?? 'UTC');
  const end = isUnderWay(report) ? text.cancel : text.remove;
  const { number, unit } = formatShare(progress / 100);
  return (
    <li>
      <div>
        <p class="what">{name}</p>
        <p class="quiet-text">
          {[
            period,
            report.format.toUpperCase(),
            sayMoment(Date.parse(report.createdAt), Date.now(), ownZone()),
            ...(bytes === null || state !== 'done' ? [] : [sayBytes(bytes)]),
            ...(expiresAt === null || state !== 'done' ? [] : [text.until(sayDay(Date.parse(expiresAt), ownZone()))]),
          ]
            .filter(Boolean)
            .join(' · ')}
        </p>
        <p class={`state ${state === 'done' ? 'good' : state === 'failed' ? 'bad' : ''}`}>
          {text.states[state]}
          {isUnderWay(report) && ` · ${text.percent(`${number} ${unit}`)}`}
        </p>
        {isUnderWay(report) && <progress max={100} value={progress} aria-label={text.progress(name)} />}
        {note !== '' && <p class="quiet-text">{state === 'waiting' ? text.waits : note}</p>}
        <Refused trouble={trouble} />
      </div>
      <p class="row">
        {state === 'done' && href !== null && (
          <a class="button main small" href={href} download aria-label={`${text.get}: ${name}`}>
            {text.get}
          </a>
        )}
        {(state === 'failed' || state === 'expired') && (
          <button type="button" class="small" aria-disabled={busy} aria-label={`${text.again}: ${name}`} onClick={() => void again()}>
            {text.again}
          </button>
        )}
        <button type="button" class="small" aria-disabled={busy} aria-label={`${end}: ${name}`} onClick={() => void remove()}>
          {end}
        </button>
      </p>
    </li>
  );
}
