import type { ComponentChildren } from 'preact';
import { csvAddress } from './history.ts';
import { HISTORY_RANGES, type HistoryRange } from './history-view.ts';
import type { LoadedHistory, ShownHistory } from './use-history.ts';
import { sayFullDay, sayPeriod, saySlot } from '../../format.ts';
import { CsvLink } from '../../parts/csv.tsx';
import { words } from '../../words.ts';
import { HistoryCharts } from './history-charts.tsx';
import { HistoryStatistics, HistoryTable } from './history-figures.tsx';
import { Loading, TroubleNotice } from '../../parts/notice.tsx';
import { RangePicker } from '../../parts/range-picker.tsx';

const { history: text } = words;

interface HistoryCardProps extends ShownHistory {
  title: string;
  loaded: LoadedHistory;
  zone: string;
  mayDownload: boolean;
  empty?: string;
  bandOf?(unit: string): { low: number; high: number } | null;
  titleOf?(unit: string): string;
  inPairs?: boolean;
  /** What follows from what is seen. */
  children?: ComponentChildren;
}

function sayTime({ fromMs, toMs, zone }: { fromMs: number; toMs: number; zone: string }, isZoomed: boolean): string {
  if (isZoomed) return `${saySlot(fromMs, zone, 'both')} – ${saySlot(toMs, zone, 'both')}`;
  const day = sayFullDay(fromMs, zone);
  return day === sayFullDay(toMs - 1, zone) ? day : sayPeriod(fromMs, toMs, zone);
}

/** Lines over a time, their lowest, mean and highest, and everything as a table and as CSV. */
export function HistoryCard({ title, loaded, view, change, zone, mayDownload, children, ...given }: HistoryCardProps) {
  const { data, trouble, reload, asked } = loaded;
  const isEmpty = data !== null && data.lines.every(({ statistics }) => statistics === null);
  const { empty = text.empty, ...charts } = given;
  return (
    <section class="card profile" aria-labelledby="history-title">
      <div class="card-head">
        <h2 id="history-title">{title}</h2>
        {data && (
          <p class="quiet-text">
            {sayTime(data, view.zoom !== null)} · {words.profile.zone(data.zone)}
          </p>
        )}
      </div>
      <div class="profile-choices">
        <RangePicker<HistoryRange>
          range={view.range}
          kinds={HISTORY_RANGES}
          zone={zone}
          onChoose={(range) => change({ range, zoom: null })}
        />
        {view.zoom && (
          <button type="button" class="small" onClick={() => change({ zoom: null })}>
            {words.profile.whole}
          </button>
        )}
      </div>
      {trouble && <TroubleNotice trouble={trouble} onAgain={reload} />}
      {!data && !trouble && <Loading rows={8} />}
      {isEmpty && <p class="quiet-text">{empty}</p>}
      {data && !isEmpty && (
        <>
          <HistoryCharts history={data} onZoom={(zoom) => change({ zoom })} {...charts} />
          {children}
          <HistoryStatistics history={data} />
          <HistoryTable history={data} />
          {mayDownload && (
            <p class="files">
              <CsvLink href={csvAddress(asked)} />
            </p>
          )}
        </>
      )}
    </section>
  );
}
