import type { ComponentChildren } from 'preact';
import { formatPower } from '../format.ts';
import { words } from '../words.ts';

const { power: text } = words;

interface TileProps {
  tone: 'consumption' | 'production' | 'grid';
  label: string;
  powerW: number | null;
  note: string;
}

export function Tile({ tone, label, powerW, note }: TileProps) {
  const amount = powerW === null ? null : formatPower(powerW);
  return (
    <div class={`tile ${tone}`}>
      <dt>{label}</dt>
      <dd>
        <span class={amount ? 'number' : 'number none'}>{amount?.number ?? '–'}</span>
        {amount && <span class="unit"> {amount.unit}</span>}
        {note !== '' && <span class="note">{note}</span>}
      </dd>
    </div>
  );
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
