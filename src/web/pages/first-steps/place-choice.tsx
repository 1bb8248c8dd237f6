import { useId } from 'preact/hooks';
import { words } from '../../words.ts';
import type { Flat, House } from './house.ts';
import { HOUSE_PLACES, type Place } from './meter-wish.ts';

const {
  firstMeters: { meters: text },
} = words;

interface Props {
  house: House;
  value: Place;
  problem: string | undefined;
  onPick(place: Place): void;
}

/** A flat, or something of the building as a whole; the main meter only once. */
export function PlaceChoice({ house: { flats, meters }, value, problem, onPick }: Props) {
  const id = useId();
  const metered = new Set(meters.map(({ flatId }) => flatId));
  const option = ({ id: flatId, name }: Flat) => (
    <option key={flatId} value={`flat:${flatId}`}>
      {metered.has(flatId) ? text.hasMeter(name) : name}
    </option>
  );
  const consumers = flats.filter(({ kind }) => kind === 'consumer');
  const others = flats.filter(({ kind }) => kind !== 'consumer');
  const fresh = HOUSE_PLACES.filter((place) => place !== 'grid' || !others.some(({ kind }) => kind === 'grid'));
  return (
    <div class="field">
      <label for={id}>{text.place}</label>
      <select
        id={id}
        value={value}
        aria-invalid={problem ? 'true' : undefined}
        aria-describedby={problem ? `${id}-problem` : undefined}
        onChange={(event) => onPick(event.currentTarget.value as Place)}
      >
        <option value="">{text.choosePlace}</option>
        {consumers.length > 0 && <optgroup label={text.flats}>{consumers.map(option)}</optgroup>}
        <optgroup label={text.house}>
          {others.map(option)}
          {fresh.map((place) => (
            <option key={place} value={`new:${place}`}>
              {text.places[place]}
            </option>
          ))}
        </optgroup>
      </select>
      {problem && (
        <p id={`${id}-problem`} class="problem">
          {problem}
        </p>
      )}
    </div>
  );
}
