import '../styles/meter-pages.css';
import { useState } from 'preact/hooks';
import { camelName } from '../../domain/quantity.ts';
import type { ReadNowReply } from '../../generated/api-client.ts';
import { api, toTrouble, type Trouble } from '../data/api.ts';
import { byQuantity, sayQuantity, unitOfQuantity, type MeterQuantity } from '../data/quantities.ts';
import { sayCount, sayValue } from '../format.ts';
import { words } from '../words.ts';

const { readNow: text } = words;
/** The status of an answer without a poller. */
const NO_POLLER = 504;

/** What kept a meter from being asked. */
export function sayReadTrouble({ status, message }: Trouble): string {
  return status === NO_POLLER ? text.away : message;
}

interface ValuesTableProps {
  values: Readonly<Record<string, number>>;
  caption: string;
  /** Of what is no standard quantity. */
  units?: ReadonlyMap<string, string>;
}

/** Values by quantity, in the order people look for them. */
export function ValuesTable({ values, caption, units }: ValuesTableProps) {
  const shown = Object.entries(values).toSorted(([a], [b]) => byQuantity(a, b));
  return (
    <table class="figures values-now">
      <caption class="hidden">{caption}</caption>
      <thead class="hidden">
        <tr>
          <th scope="col">{text.quantity}</th>
          <th scope="col">{text.value}</th>
        </tr>
      </thead>
      <tbody>
        {shown.map(([quantity, value]) => (
          <tr key={quantity} data-quantity={quantity}>
            <th scope="row">{sayQuantity(quantity)}</th>
            <td class="right">{sayValue(value, unitOfQuantity(quantity) ?? units?.get(quantity) ?? '')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Answer({ reply, units }: { reply: ReadNowReply; units?: ReadonlyMap<string, string> | undefined }) {
  const ms = sayCount(Math.round(reply.latencyMs));
  if (!reply.ok) {
    const known = words.meters.reasons[reply.reason];
    const reason = [known ?? reply.reason, ...(reply.detail === '' ? [] : [reply.detail])].join(' – ');
    return <p class="bad-text">{text.failed(reason, ms)}</p>;
  }
  const refused = Object.keys(reply.refused);
  return (
    <>
      <p class="good-text">{text.ok(ms)}</p>
      <ValuesTable values={reply.values} caption={text.values} {...(units && { units })} />
      {refused.length > 0 && (
        <p class="bad-text">
          {text.refused(refused.length)}: {refused.map(sayQuantity).join(', ')}
        </p>
      )}
    </>
  );
}

interface ReadNowProps {
  meterId: number;
  serial: string;
  /** What else than the standard quantities it is asked for, with their units. */
  others?: readonly MeterQuantity[];
}

/** Asks a meter at once and shows what it says, in words and milliseconds. */
export function ReadNow({ meterId, serial, others }: ReadNowProps) {
  const units = others && new Map(others.map(({ quantity, unit }) => [camelName(quantity), unit]));
  const [isBusy, setBusy] = useState(false);
  const [reply, setReply] = useState<ReadNowReply | null>(null);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const read = async () => {
    if (isBusy) return;
    setBusy(true);
    setTrouble(null);
    try {
      setReply(await api.readMeterNow({ meterId, ...(others && { quantities: others.map(({ quantity }) => quantity).join() }) }));
    } catch (error) {
      setReply(null);
      setTrouble(toTrouble(error));
    } finally {
      setBusy(false);
    }
  };
  const isTold = reply !== null || trouble !== null;
  const label = isBusy ? text.busy : isTold ? text.again : text.button;
  return (
    <div class="read-now">
      <button type="button" class="small" aria-disabled={isBusy} aria-label={`${label}: ${serial}`} onClick={() => void read()}>
        {label}
      </button>
      <div role="status" class={isTold ? 'answer' : ''}>
        {trouble && <p class="bad-text">{sayReadTrouble(trouble)}</p>}
        {reply && <Answer reply={reply} units={units} />}
        {isTold && (
          <button
            type="button"
            class="quiet small"
            onClick={() => {
              setReply(null);
              setTrouble(null);
            }}
          >
            {text.close}
          </button>
        )}
      </div>
    </div>
  );
}
