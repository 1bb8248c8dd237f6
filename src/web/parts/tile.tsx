import type { Amount } from '../format.ts';

export interface TileProps {
  tone: 'consumption' | 'production' | 'grid';
  label: string;
  /** Null: not known. */
  amount: Amount | null;
  note: string;
}

export function Tile({ tone, label, amount, note }: TileProps) {
  return (
    <div class={`tile ${tone}`}>
      <dt>{label}</dt>
      <dd>
        <span class={amount ? 'number' : 'number none'}>{amount?.number ?? '–'}</span>
        {amount && amount.unit !== '' && <span class="unit"> {amount.unit}</span>}
        {note !== '' && <span class="note">{note}</span>}
      </dd>
    </div>
  );
}
