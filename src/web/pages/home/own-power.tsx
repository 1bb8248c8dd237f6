import type { PowerNow } from '../../data/power-now.ts';
import { sayAge } from '../../format.ts';
import { words } from '../../words.ts';
import { PowerCard, PowerTile } from '../../parts/power-card.tsx';

const { power: text } = words;

/** A flat has no grid of its own; production only where it has a producer. */
export function OwnPower({ power, nowMs }: { power: PowerNow; nowMs: number }) {
  return (
    <PowerCard newestAge={power.newestMs === null ? null : sayAge(nowMs - power.newestMs)} missing={power.missing}>
      <PowerTile
        tone="consumption"
        label={text.consumption}
        powerW={power.consumption}
        note={power.consumption === null ? text.waiting : ''}
      />
      {power.production !== null && <PowerTile tone="production" label={text.production} powerW={power.production} note="" />}
    </PowerCard>
  );
}
