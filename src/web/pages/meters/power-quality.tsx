import { useMemo } from 'preact/hooks';
import { api } from '../../data/api.ts';
import { distortionOf, imbalanceOf, qualityOf, voltageRange, VOLTAGE_BAND } from './power-quality.ts';
import type { History } from '../history/history.ts';
import type { MeterQuantity } from '../../data/quantities.ts';
import { useHistory, useHistoryView } from '../history/use-history.ts';
import { useLoad } from '../../data/use-load.ts';
import { sayDecimal, saySlot, sayValue } from '../../format.ts';
import { words } from '../../words.ts';
import { HistoryCard } from '../history/history-card.tsx';
import { Loading, TroubleNotice } from '../../parts/notice.tsx';
import { ReadNow } from '../../parts/read-now.tsx';

const { meterPage: text } = words;

const bandOf = (unit: string) => (unit === 'V' ? VOLTAGE_BAND : null);
const TITLES: Record<string, string> = {
  V: `${words.quantities['voltage']} (V)`,
  A: `${words.quantities['current']} (A)`,
  '': words.quantities['powerFactor'] ?? '',
  Hz: `${words.quantities['frequency']} (Hz)`,
};
const titleOf = (unit: string) => TITLES[unit] ?? words.history.chart(unit);

const sayPercent = (part: number) => `${sayDecimal(part * 100, 2)} %`;

/** What the voltages say against the standard. */
function Voltages({ history: { lines, zone } }: { history: History }) {
  const range = voltageRange(lines);
  const imbalance = useMemo(() => imbalanceOf(lines), [lines]);
  if (range === null) return null;
  const isInBand = range.low >= VOLTAGE_BAND.low && range.high <= VOLTAGE_BAND.high;
  return (
    <div class="voltages">
      <p class={isInBand ? 'good-text' : 'bad-text'}>
        {isInBand ? text.inBand : text.outOfBand(sayValue(range.low, 'V'), sayValue(range.high, 'V'))}
      </p>
      <p class="quiet-text">
        {text.band}. {text.standard}
      </p>
      {imbalance && (
        <p>
          {text.imbalance}: {words.history.mean} <strong>{sayPercent(imbalance.mean)}</strong>, {words.history.max}{' '}
          <strong>{sayPercent(imbalance.max.value)}</strong> ({saySlot(imbalance.max.atMs, zone, 'both')}){' '}
          <span class="quiet-text">– {text.imbalanceNote}</span>
        </p>
      )}
    </div>
  );
}

interface PowerQualityProps {
  meterId: number;
  serial: string;
  zone: string;
  mayDownload: boolean;
  mayRead: boolean;
}

function Distortion({ meterId, serial, others }: { meterId: number; serial: string; others: readonly MeterQuantity[] }) {
  return (
    <section class="card" aria-labelledby="distortion-title">
      <div class="card-head">
        <h2 id="distortion-title">{text.distortion}</h2>
      </div>
      <p class="quiet-text">{text.distortionNote}</p>
      <ReadNow meterId={meterId} serial={serial} others={others} />
    </section>
  );
}

function Charts({
  meterId,
  quantities,
  zone,
  mayDownload,
}: Pick<PowerQualityProps, 'meterId' | 'zone' | 'mayDownload'> & { quantities: readonly string[] }) {
  const shown = useHistoryView();
  const series = quantities.map((quantity) => ({ meterId, quantity }));
  const loaded = useHistory(series, shown.view, zone);
  return (
    <HistoryCard
      title={text.quality}
      empty={text.qualityEmpty}
      inPairs
      loaded={loaded}
      {...{ zone, mayDownload, bandOf, titleOf, ...shown }}
    >
      {loaded.data && <Voltages history={loaded.data} />}
    </HistoryCard>
  );
}

/** Voltages, currents, power factor, frequency and distortion, as far as the meter tells them. */
export function PowerQuality(props: PowerQualityProps) {
  const { data, trouble, reload } = useLoad(props.meterId, () => api.listMeterQuantities({ meterId: props.meterId }));
  if (!data) return trouble ? <TroubleNotice trouble={trouble} onAgain={reload} /> : <Loading rows={6} />;
  const { meterId, serial, mayRead } = props;
  const quantities = qualityOf(data.items.filter(({ regular }) => regular).map(({ quantity }) => quantity));
  const others = distortionOf(data.items);
  return (
    <>
      {quantities.length > 0 ? (
        <Charts {...props} quantities={quantities} />
      ) : (
        <section class="card" aria-labelledby="quality-title">
          <h2 id="quality-title">{text.quality}</h2>
          <p class="quiet-text">{text.qualityNone}</p>
        </section>
      )}
      {mayRead && others.length > 0 && <Distortion meterId={meterId} serial={serial} others={others} />}
    </>
  );
}
