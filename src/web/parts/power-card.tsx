import type { ComponentChildren } from 'preact';
import { formatPower } from '../format.ts';
import { words } from '../words.ts';
import { Tile, type TileProps } from './tile.tsx';

const { power: text } = words;

interface PowerTileProps extends Omit<TileProps, 'amount'> {
  powerW: number | null;
}

export function PowerTile({ powerW, ...tile }: PowerTileProps) {
  return <Tile {...tile} amount={powerW === null ? null : formatPower(powerW)} />;
}

interface PowerCardProps {
  newestAge: string | null;
  missing: number;
  children: ComponentChildren;
}

export function PowerCard({ newestAge, missing, children }: PowerCardProps) {
  return (
    <section class="card" aria-labelledby="power-title">
      <div class="card-head">
        <h2 id="power-title">{text.title}</h2>
        <p class="quiet-text">{newestAge === null ? text.waiting : `${text.newest} ${text.ago(newestAge)}`}</p>
      </div>
      <dl class="tiles">{children}</dl>
      {missing > 0 && <p class="quiet-text missing">{text.missing(missing)}</p>}
    </section>
  );
}
