import { useMemo, useState } from 'preact/hooks';
import { localDay } from '../../../domain/time-bucket.ts';
import { momentsOf, type History, type Line } from './history.ts';
import { sayCount, saySlot, sayValue } from '../../format.ts';
import { words } from '../../words.ts';

const { history: text } = words;
const ROWS = 100;

/** The year is said where the time is not all of this one. */
function partFor({ fromMs, toMs, zone }: History): 'both' | 'year' {
  const years = [fromMs, toMs - 1, Date.now()].map((ms) => localDay(ms, zone).slice(0, 4));
  return new Set(years).size === 1 ? 'both' : 'year';
}

function Extreme({ found, unit, history }: { found: { at: string; value: number }; unit: string; history: History }) {
  return (
    <>
      {sayValue(found.value, unit)}
      <span class="reason">{saySlot(Date.parse(found.at), history.zone, partFor(history))}</span>
    </>
  );
}

/** Lowest, mean and highest of each line, with their times. */
export function HistoryStatistics({ history }: { history: History }) {
  return (
    <div class="scroll wide" tabIndex={0} role="group" aria-label={text.statistics}>
      <table class="figures statistics">
        <thead>
          <tr>
            <th scope="col">{text.series}</th>
            <th scope="col" class="right">
              {text.min}
            </th>
            <th scope="col" class="right">
              {text.mean}
            </th>
            <th scope="col" class="right">
              {text.max}
            </th>
          </tr>
        </thead>
        <tbody>
          {history.lines.map(({ key, name, unit, statistics }) => (
            <tr key={key} data-series={key}>
              <th scope="row">{name}</th>
              {statistics === null ? (
                <td colSpan={3} class="quiet-text">
                  {text.emptySeries}
                </td>
              ) : (
                <>
                  <td class="right">
                    <Extreme found={statistics.min} unit={unit} history={history} />
                  </td>
                  <td class="right">{sayValue(statistics.mean, unit)}</td>
                  <td class="right">
                    <Extreme found={statistics.max} unit={unit} history={history} />
                  </td>
                </>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

type Place = ReadonlyMap<number, number>;

function Cell({ line, place }: { line: Line; place: number | undefined }) {
  const value = place === undefined ? null : (line.values[place] ?? null);
  if (value === null || place === undefined) return <td class="right">–</td>;
  const [low, high] = [line.low?.[place] ?? null, line.high?.[place] ?? null];
  return (
    <td class="right">
      {sayValue(value, line.unit)}
      {low !== null && high !== null && (
        <span class="reason">
          {sayValue(low, line.unit)} – {sayValue(high, line.unit)}
        </span>
      )}
    </td>
  );
}

function Rows({ history, moments }: { history: History; moments: readonly number[] }) {
  const { lines, zone } = history;
  const part = partFor(history);
  const [first, setFirst] = useState(0);
  const places = useMemo(() => {
    const byTimes = new Map<readonly number[], Place>();
    for (const { times } of lines) if (!byTimes.has(times)) byTimes.set(times, new Map(times.map((ms, index) => [ms, index])));
    return byTimes;
  }, [lines]);
  const shown = moments.slice(first, first + ROWS);
  return (
    <>
      <div class="scroll" tabIndex={0} role="group" aria-label={text.values}>
        <table>
          <thead>
            <tr>
              <th scope="col">{text.time}</th>
              {lines.map(({ key, name }) => (
                <th key={key} scope="col" class="right">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((ms) => (
              <tr key={ms}>
                <th scope="row">{saySlot(ms, zone, part)}</th>
                {lines.map((line) => (
                  <Cell key={line.key} line={line} place={places.get(line.times)?.get(ms)} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {moments.length > ROWS && (
        <p class="pager">
          <button type="button" class="small" disabled={first === 0} onClick={() => setFirst(Math.max(0, first - ROWS))}>
            {text.earlier}
          </button>
          <span class="quiet-text">
            {text.rows(sayCount(first + 1), sayCount(Math.min(first + ROWS, moments.length)), sayCount(moments.length))}
          </span>
          <button type="button" class="small" disabled={first + ROWS >= moments.length} onClick={() => setFirst(first + ROWS)}>
            {text.later}
          </button>
        </p>
      )}
    </>
  );
}

/** What the charts show, in numbers; made when it is opened. */
export function HistoryTable({ history }: { history: History }) {
  const [isOpen, setOpen] = useState(false);
  const moments = useMemo(() => (isOpen ? momentsOf(history.lines) : []), [history, isOpen]);
  return (
    <details class="values" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{text.table}</summary>
      {isOpen && <Rows key={moments[0]} history={history} moments={moments} />}
    </details>
  );
}
