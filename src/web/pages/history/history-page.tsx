import { useId, useState } from 'preact/hooks';
import '../../styles/meter-pages.css';
import { api } from '../../data/api.ts';
import { readBuildings, readMeters, type Building, type Meter } from '../../data/building.ts';
import { MOST_SERIES, sayKey, type SeriesKey } from './history-view.ts';
import { sayQuantity } from '../../data/quantities.ts';
import type { Me } from '../../data/session.ts';
import { useHistory, useHistoryView, type ShownHistory } from './use-history.ts';
import { useLoad } from '../../data/use-load.ts';
import { HistoryCard } from './history-card.tsx';
import { Empty, Loading, TroubleNotice } from '../../parts/notice.tsx';
import { words } from '../../words.ts';

const { history: text } = words;

interface Places {
  meters: Meter[];
  buildings: Building[];
}

const sayMeter = ({ flat, serial }: Meter) => `${flat} · ${serial}`;

function zoneFor({ meters, buildings }: Places, series: readonly SeriesKey[]): string {
  const meter = meters.find(({ id }) => id === series[0]?.meterId);
  const building = buildings.find(({ id }) => id === meter?.buildingId) ?? buildings[0];
  return building?.zone ?? 'UTC';
}

function MeterChoice({ places: { meters, buildings }, id, value, onChoose }: MeterChoiceProps) {
  const option = (meter: Meter) => (
    <option key={meter.id} value={meter.id}>
      {sayMeter(meter)}
    </option>
  );
  return (
    <select id={id} value={value} onChange={(event) => onChoose(Number(event.currentTarget.value))}>
      {buildings.length > 1
        ? buildings.map((building) => (
            <optgroup key={building.id} label={building.name}>
              {meters.filter(({ buildingId }) => buildingId === building.id).map(option)}
            </optgroup>
          ))
        : meters.map(option)}
    </select>
  );
}

interface MeterChoiceProps {
  places: Places;
  id: string;
  value: number;
  onChoose(meterId: number): void;
}

function Chooser({ places, view, change }: Pick<ShownHistory, 'view' | 'change'> & { places: Places }) {
  const id = useId();
  const [meterId, setMeterId] = useState(view.series.at(-1)?.meterId ?? places.meters[0]!.id);
  const [wanted, setWanted] = useState('activePowerTotal');
  const { data, trouble, reload } = useLoad(meterId, () => api.listMeterQuantities({ meterId }));
  const quantities = data?.items.filter(({ regular }) => regular).map(({ quantity }) => quantity) ?? [];
  const quantity = quantities.includes(wanted) ? wanted : (quantities[0] ?? '');
  const key = { meterId, quantity };
  const isThere = view.series.some((one) => sayKey(one) === sayKey(key));
  const isFull = view.series.length >= MOST_SERIES;
  const add = (event: Event) => {
    event.preventDefault();
    if (quantity !== '' && !isThere && !isFull) change({ series: [...view.series, key] });
  };
  return (
    <form class="series-form" onSubmit={add}>
      <div class="field">
        <label for={`${id}-meter`}>{text.meter}</label>
        <MeterChoice id={`${id}-meter`} places={places} value={meterId} onChoose={setMeterId} />
      </div>
      <div class="field">
        <label for={`${id}-quantity`}>{text.quantity}</label>
        <select id={`${id}-quantity`} value={quantity} onChange={(event) => setWanted(event.currentTarget.value)}>
          {quantities.map((name) => (
            <option key={name} value={name}>
              {sayQuantity(name)}
            </option>
          ))}
        </select>
      </div>
      <button type="submit" class="main" disabled={quantity === '' || isThere || isFull}>
        {text.add}
      </button>
      {isFull && <p class="quiet-text">{text.tooMany(MOST_SERIES)}</p>}
      {trouble && <TroubleNotice trouble={trouble} onAgain={reload} />}
    </form>
  );
}

function Chosen({ places: { meters }, view, change }: Pick<ShownHistory, 'view' | 'change'> & { places: Places }) {
  const known = new Map(meters.map((meter) => [meter.id, meter]));
  return (
    <ul class="chosen" aria-label={text.chosen}>
      {view.series.map((one) => {
        const meter = known.get(one.meterId);
        const name = `${meter ? meter.flat : one.meterId} · ${sayQuantity(one.quantity)}`;
        return (
          <li key={sayKey(one)}>
            <span>{name}</span>
            <button
              type="button"
              class="quiet"
              aria-label={text.remove(name)}
              onClick={() => change({ series: view.series.filter((other) => other !== one) })}
            >
              ×
            </button>
          </li>
        );
      })}
      {view.series.length > 1 && (
        <li class="all">
          <button type="button" class="quiet small" onClick={() => change({ series: [], zoom: null })}>
            {text.clear}
          </button>
        </li>
      )}
    </ul>
  );
}

function Body({ places, me, view, change }: ShownHistory & { places: Places; me: Me }) {
  const zone = zoneFor(places, view.series);
  const loaded = useHistory(view.series, view, zone);
  return (
    <>
      <section class="card" aria-label={text.chosen}>
        <Chooser places={places} view={view} change={change} />
        {view.series.length > 0 && <Chosen places={places} view={view} change={change} />}
      </section>
      {view.series.length === 0 ? (
        <Empty level={2} title={text.none} text={text.noneText} />
      ) : (
        <HistoryCard
          title={text.title}
          loaded={loaded}
          view={view}
          change={change}
          zone={zone}
          mayDownload={me.permissions.includes('reading:download')}
        />
      )}
    </>
  );
}

/** Any quantities of any meters that one may see. */
export function HistoryPage({ me }: { me: Me }) {
  const shown = useHistoryView();
  const {
    data: places,
    trouble,
    reload,
  } = useLoad('places', async () => {
    const [meters, buildings] = await Promise.all([readMeters(null), readBuildings()]);
    return { meters, buildings };
  });
  return (
    <>
      <div class="page-head">
        <div>
          <h1>{text.title}</h1>
          <p class="quiet-text">{text.lead}</p>
        </div>
      </div>
      {trouble && <TroubleNotice trouble={trouble} onAgain={reload} />}
      {!places && !trouble && <Loading rows={6} />}
      {places &&
        (places.meters.length === 0 ? (
          <Empty level={2} title={text.noMeters} text={text.noMetersText} />
        ) : (
          <Body places={places} me={me} {...shown} />
        ))}
    </>
  );
}
