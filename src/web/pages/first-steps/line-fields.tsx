import { BAUD_RATES, PARITIES, STOP_BITS } from '../../../domain/line-place.ts';
import { api } from '../../data/api.ts';
import { useLoad } from '../../data/use-load.ts';
import { Choice } from '../../parts/choice.tsx';
import { Field } from '../../parts/field.tsx';
import { words } from '../../words.ts';
import { TRANSPORTS, type LineField, type LineProblems, type LineWish } from './line-wish.ts';

const {
  firstSteps: { line: text },
} = words;

interface Props {
  wish: LineWish;
  problems: LineProblems;
  onChange(part: Partial<LineWish>): void;
}

const LABELS: Record<LineField, { label: string; hint: string; isNumber?: true }> = {
  name: { label: text.name, hint: text.nameHint },
  host: { label: text.host, hint: text.hostHint },
  port: { label: text.port, hint: text.portHint, isNumber: true },
  serialPath: { label: text.serialPath, hint: text.serialHint },
  unitId: { label: text.unitId, hint: text.unitHint, isNumber: true },
};

export function LineTextField({ name, wish, problems, onChange }: Props & { name: LineField }) {
  const { label, hint, isNumber } = LABELS[name];
  return (
    <Field
      name={name}
      label={label}
      type="text"
      autoComplete="off"
      inputMode={isNumber ? 'numeric' : 'text'}
      value={wish[name]}
      problem={problems[name]}
      hint={hint}
      onInput={(value) => onChange({ [name]: value })}
    />
  );
}

export function TransportChoice({ wish, onChange }: Pick<Props, 'wish' | 'onChange'>) {
  return (
    <fieldset class="kinds">
      <legend>{text.transport}</legend>
      {TRANSPORTS.map((transport) => (
        <label key={transport} class="kind">
          <input
            type="radio"
            name="transport"
            value={transport}
            checked={wish.transport === transport}
            onChange={() => onChange({ transport })}
          />
          <span>
            <strong>{text.transports[transport]}</strong>
            <span class="hint">{text.transportHints[transport]}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

/** The port is chosen among those of the machine that reads, or written where it cannot be asked. */
export function SerialFields(props: Props) {
  const { wish, onChange } = props;
  const { data: ports, trouble } = useLoad('serial ports', async () => (await api.listSerialPorts()).items);
  const known = ports?.some(({ path }) => path === wish.serialPath) ?? false;
  return (
    <>
      {ports && ports.length > 0 && (
        <Choice
          label={text.serialPath}
          value={known ? wish.serialPath : ''}
          of={[['', '–'], ...ports.map(({ path, detail }): [string, string] => [path, detail === '' ? path : `${path} – ${detail}`])]}
          onPick={(serialPath) => onChange({ serialPath })}
        />
      )}
      {(ports?.length === 0 || trouble !== null) && <p class="notice">{trouble ? words.readNow.away : text.noPorts}</p>}
      <LineTextField name="serialPath" {...props} />
      <div class="pair">
        <Choice
          label={text.baudRate}
          value={wish.baudRate}
          of={BAUD_RATES.map((rate) => [String(rate), String(rate)])}
          hint={text.busHint}
          onPick={(baudRate) => onChange({ baudRate })}
        />
        <Choice
          label={text.parity}
          value={wish.parity}
          of={PARITIES.map((parity) => [parity, text.parities[parity]])}
          onPick={(parity) => onChange({ parity })}
        />
        <Choice
          label={text.stopBits}
          value={wish.stopBits}
          of={STOP_BITS.map((bits) => [String(bits), String(bits)])}
          onPick={(stopBits) => onChange({ stopBits })}
        />
      </div>
    </>
  );
}
