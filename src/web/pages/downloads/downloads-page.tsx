import { useEffect } from 'preact/hooks';
import { isUnderWay, readDownloadBuildings, readOwnReports } from './downloads.ts';
import type { Me } from '../../data/session.ts';
import { useClock } from '../../data/use-clock.ts';
import { useLoad } from '../../data/use-load.ts';
import { DownloadForm } from './download-form.tsx';
import { DownloadItem } from './download-item.tsx';
import { Empty, Loading, TroubleNotice } from '../../parts/notice.tsx';
import { words } from '../../words.ts';

const { downloads: text } = words;
const LOOK_MS = 2_000;

/** Files that were made for this person, and a form for one more. */
export function DownloadsPage({ me }: { me: Me }) {
  const buildings = useLoad('buildings', () => readDownloadBuildings(me));
  const { data: reports, trouble, reload } = useLoad('reports', readOwnReports);
  const nowMs = useClock(LOOK_MS);
  const busy = reports?.some(isUnderWay) ?? false;
  useEffect(() => {
    if (busy) reload();
  }, [nowMs, busy, reload]);
  const failed = trouble ?? buildings.trouble;
  if (!reports || !buildings.data) {
    const again = () => {
      reload();
      buildings.reload();
    };
    return failed ? <TroubleNotice trouble={failed} onAgain={again} /> : <Loading rows={6} />;
  }
  const [first, ...others] = buildings.data;
  if (!first && reports.length === 0) return <Empty title={text.nothing} text={text.nothingText} />;
  const byId = new Map(buildings.data.map((building) => [building.id, building]));
  return (
    <>
      <div class="page-head">
        <h1>{text.title}</h1>
      </div>
      {trouble && <TroubleNotice trouble={trouble} onAgain={reload} />}
      <div class="downloads">
        <section class="card form-card">
          <h2>{text.mine}</h2>
          {reports.length === 0 ? (
            <p class="quiet-text">
              {text.none}. {text.noneText}
            </p>
          ) : (
            <ul class="things">
              {reports.map((report) => (
                <DownloadItem key={report.id} report={report} building={byId.get(report.buildingId)} onChange={reload} />
              ))}
            </ul>
          )}
        </section>
        {first && <DownloadForm buildings={[first, ...others]} onAsked={reload} />}
      </div>
    </>
  );
}
