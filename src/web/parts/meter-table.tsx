import type { ComponentChildren } from 'preact';
import type { Meter } from '../data/building.ts';
import { freshPowerW } from '../data/power-now.ts';
import { sayAge, sayEnergy, sayMoment, sayPower } from '../format.ts';
import { words } from '../words.ts';

const { meters: text } = words;

interface StateMarkProps {
  state: Meter['state'];
  /** Since when, in words. */
  since: string;
  reason: string;
}

export function StateMark({ state, since, reason }: StateMarkProps) {
  switch (state) {
    case 'ok':
      return <span class="state good">{text.ok}</span>;
    case 'new':
      return <span class="state">{text.new}</span>;
    case 'closed':
      return <span class="state">{text.closed}</span>;
    case 'silent':
      return (
        <span class="state bad">
          {text.silent(since)}
          <span class="reason">{text.reasons[reason] ?? reason}</span>
        </span>
      );
  }
}

export function MeterState({ meter, nowMs, zone }: { meter: Meter; nowMs: number; zone: string }) {
  const since = meter.sinceMs === null ? '' : sayMoment(meter.sinceMs, nowMs, zone);
  return <StateMark state={meter.state} since={since} reason={meter.reason} />;
}

function Counter({ meter }: { meter: Meter }) {
  const { importWh = null, exportWh = null } = meter.latest ?? {};
  const delivers = meter.kind === 'producer' || meter.kind === 'grid' || meter.kind === 'storage';
  const lines = [
    ...(importWh === null ? [] : [`${sayEnergy(importWh)} ${text.import}`]),
    ...(exportWh === null || (exportWh === 0 && !delivers) ? [] : [`${sayEnergy(exportWh)} ${text.export}`]),
  ];
  if (meter.inverted) lines.reverse();
  return lines.length === 0 ? (
    <>–</>
  ) : (
    <>
      {lines.map((line) => (
        <span key={line} class="line">
          {line}
        </span>
      ))}
    </>
  );
}

/** Without a sign: what a flat gives away is said in a word. */
function Power({ meter }: { meter: Meter }) {
  const powerW = freshPowerW(meter);
  if (powerW === null) return <>–</>;
  const isDelivered = meter.inverted ? powerW > 0 : powerW < 0;
  return (
    <>
      {sayPower(Math.abs(powerW))}
      {isDelivered && Math.abs(powerW) >= 0.5 && <span class="reason">{text.export}</span>}
    </>
  );
}

interface MeterTableProps {
  title: string;
  empty: string;
  meters: readonly Meter[];
  /** Those counted in its heading, where not all stand in it. */
  total?: readonly Meter[];
  nowMs: number;
  zone: string;
  /** What leads on from here. */
  children?: ComponentChildren;
}

export function MeterTable({ title, empty, meters, total = meters, nowMs, zone, children }: MeterTableProps) {
  const silent = total.filter(({ state }) => state === 'silent').length;
  const fresh = total.filter(({ state }) => state === 'new').length;
  return (
    <section class="card" aria-labelledby="meters-title">
      <div class="card-head">
        <h2 id="meters-title">{title}</h2>
        {meters.length > 0 && (
          <p class="quiet-text">
            {fresh > 0 && silent === 0 ? `${total.length}: ${text.countNew(fresh)}` : text.count(total.length, silent)}
          </p>
        )}
      </div>
      {meters.length === 0 ? (
        <p class="quiet-text">{empty}</p>
      ) : (
        <table class="meters">
          <thead>
            <tr>
              <th scope="col">{text.flat}</th>
              <th scope="col">{text.state}</th>
              <th scope="col">{text.seen}</th>
              <th scope="col" class="right">
                {text.power}
              </th>
              <th scope="col" class="right">
                {text.counter}
              </th>
            </tr>
          </thead>
          <tbody>
            {meters.map((meter) => {
              return (
                <tr key={meter.id} class={meter.state} data-meter={meter.serial}>
                  <th scope="row">
                    {meter.flat}
                    <span class="serial">
                      {meter.serial} · {meter.model}
                    </span>
                  </th>
                  <td>
                    <MeterState meter={meter} nowMs={nowMs} zone={zone} />
                  </td>
                  <td class="seen">{meter.latest === null ? text.never : words.power.ago(sayAge(nowMs - meter.latest.takenAtMs))}</td>
                  <td class="right power-cell">
                    <Power meter={meter} />
                  </td>
                  <td class="right counter">
                    <Counter meter={meter} />
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
      {children}
    </section>
  );
}
