import type { Meter } from '../../data/building.ts';
import type { PowerNow } from '../../data/power-now.ts';
import { sayAge } from '../../format.ts';
import { words } from '../../words.ts';
import { PowerCard, PowerTile } from '../../parts/power-card.tsx';

const { power: text } = words;

function gridTile({ gridImport, gridExport }: PowerNow): { label: string; powerW: number | null } {
  const balance = gridImport === null && gridExport === null ? null : (gridImport ?? 0) - (gridExport ?? 0);
  if (balance === null || Math.abs(balance) < 0.5) return { label: text.gridEven, powerW: balance };
  return { label: balance > 0 ? text.gridImport : text.gridExport, powerW: Math.abs(balance) };
}

function ownShare({ consumption, production, gridExport, missing }: PowerNow): string {
  if (consumption === null || production === null || consumption <= 0 || missing > 0) return '';
  const used = Math.max(0, production - (gridExport ?? 0));
  return text.share(Math.min(100, Math.round((used / consumption) * 100)));
}

interface PowerTilesProps {
  power: PowerNow;
  meters: readonly Meter[];
  nowMs: number;
}

export function PowerTiles({ power, meters, nowMs }: PowerTilesProps) {
  const absent = (kinds: readonly Meter['kind'][]) => (meters.some(({ kind }) => kinds.includes(kind)) ? text.waiting : text.noMeter);
  const grid = gridTile(power);
  return (
    <PowerCard newestAge={power.newestMs === null ? null : sayAge(nowMs - power.newestMs)} missing={power.missing}>
      <PowerTile
        tone="consumption"
        label={text.consumption}
        powerW={power.consumption}
        note={power.consumption === null ? absent(['consumer', 'common', 'ev']) : ownShare(power)}
      />
      <PowerTile
        tone="production"
        label={text.production}
        powerW={power.production}
        note={power.production === null ? absent(['producer']) : ''}
      />
      <PowerTile tone="grid" label={grid.label} powerW={grid.powerW} note={grid.powerW === null ? absent(['grid']) : ''} />
    </PowerCard>
  );
}
