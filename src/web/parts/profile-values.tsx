import { powerW, type Profile, type ProfileFlow, type ProfileSlot } from '../data/profile.ts';
import { sayPower, saySlot } from '../format.ts';
import { words } from '../words.ts';

const { profile: text } = words;

function cell(slot: ProfileSlot, of: ProfileFlow): string {
  const power = powerW(slot, of);
  if (power === null) return '–';
  return slot.state === 'estimated' ? text.about(sayPower(power)) : sayPower(power);
}

/** What the chart shows, in words and numbers. */
export function ProfileValues({ profile, showProduction }: { profile: Profile; showProduction: boolean }) {
  const { slots, bucket, zone } = profile;
  const isOneDay = bucket === 'quarter' && slots.length <= 100;
  const over = slots.filter(({ state }) => state !== 'ahead');
  return (
    <details class="values">
      <summary>{text.table}</summary>
      <div class="scroll" tabIndex={0} role="group" aria-label={text.values}>
        <table>
          <thead>
            <tr>
              <th scope="col">{text.from[bucket]}</th>
              <th scope="col" class="right">
                {text.consumption}
              </th>
              {showProduction && (
                <th scope="col" class="right">
                  {text.production}
                </th>
              )}
              <th scope="col">{text.state}</th>
            </tr>
          </thead>
          <tbody>
            {over.map((slot) => (
              <tr key={slot.atMs}>
                <th scope="row">{saySlot(slot.atMs, zone, isOneDay ? 'time' : bucket === 'day' ? 'day' : 'both')}</th>
                <td class="right">{cell(slot, 'consumptionWh')}</td>
                {showProduction && <td class="right">{cell(slot, 'productionWh')}</td>}
                <td>{slot.state === 'ahead' ? '' : text.states[slot.state]}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {over.some(({ state }) => state === 'estimated') && <p class="quiet-text">{text.estimated}</p>}
      {over.some(({ state }) => state === 'incomplete') && <p class="quiet-text">{text.incomplete}</p>}
    </details>
  );
}
