import type { Meter, MeterHealth } from '../../../generated/api-client.ts';
import { formatShare, sayCount, sayDay, sayMoment } from '../../format.ts';
import { words } from '../../words.ts';
import { sayFailure } from './meter-rows.tsx';
import { StateMark } from '../../parts/meter-table.tsx';

const { meterPage: text } = words;

interface MeterFactsProps {
  meter: Meter;
  health: MeterHealth | null;
  nowMs: number;
  zone: string;
}

function stayOf({ place }: Meter, zone: string): string {
  if (place?.fromAt == null) return words.meters.new;
  const from = sayDay(Date.parse(place.fromAt), zone);
  return place.toAt === null ? from : text.fromTo(from, sayDay(Date.parse(place.toAt), zone));
}

function answersOf({ slots, answered }: MeterHealth): string {
  const { number, unit } = formatShare(answered / slots);
  return `${number} ${unit} (${words.coverage.lastSlots(answered, slots)})`;
}

export function MeterFacts({ meter, health, nowMs, zone }: MeterFactsProps) {
  const { place, state, stateReason } = meter;
  const sinceMs = meter.stateSince === null ? null : Date.parse(meter.stateSince);
  const facts: [string, string][] = [
    [text.model, meter.modelName],
    [text.serial, meter.serial],
    ...(meter.description === '' ? [] : [[text.description, meter.description] as [string, string]]),
    ...(place
      ? [[text.place, [place.buildingName, place.flatName, ...(place.inverted ? [text.inverted] : [])].join(', ')] as [string, string]]
      : []),
    [text.since, stayOf(meter, zone)],
    [text.rhythm, meter.cadence === '' ? text.rhythmDefault : meter.cadence],
    ...(health === null || health.slots === 0 ? [] : [[text.answers, answersOf(health)] as [string, string]]),
    ...(health?.latencyMedianMs == null
      ? []
      : [
          [
            text.latency,
            text.latencyOf(
              sayCount(Math.round(health.latencyMedianMs)),
              sayCount(Math.round(health.latencyP95Ms ?? health.latencyMedianMs)),
            ),
          ] as [string, string],
        ]),
  ];
  return (
    <section class="card" aria-labelledby="facts-title">
      <div class="card-head">
        <h2 id="facts-title">{text.facts}</h2>
        <StateMark state={state} since={sinceMs === null ? '' : sayMoment(sinceMs, nowMs, zone)} reason={stateReason} />
      </div>
      <dl class="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {health && <p class="quiet-text">{sayFailure(health.toldAt === null ? null : health, nowMs, zone)}</p>}
    </section>
  );
}
