import { Button } from '@adminjs/design-system';
import React from 'react';
import { FIELD } from './shared-parts';

export interface Band {
  name: string;
  weekdays: number[];
  from: string;
  to: string;
  price: string;
}

export const ITALIAN: readonly string[] = ['F1', 'F2', 'F3'];
const DAYS = ['Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa', 'Su'];
const NEW_BAND: Band = { name: 'Night', weekdays: [1, 2, 3, 4, 5, 6, 7], from: '22:00', to: '06:00', price: '' };
const NARROW: React.CSSProperties = { ...FIELD, minWidth: 0, width: 92, padding: '6px 8px' };

function Row({ band, isFixed, onChange, onRemove }: { band: Band; isFixed: boolean; onChange(band: Band): void; onRemove(): void }) {
  const toggle = (day: number) =>
    onChange({
      ...band,
      weekdays: band.weekdays.includes(day)
        ? band.weekdays.filter((one) => one !== day)
        : [...band.weekdays, day].toSorted((a, b) => a - b),
    });
  const input = (name: 'name' | 'from' | 'to' | 'price', label: string) => (
    <input style={NARROW} aria-label={label} value={band[name]} onChange={(event) => onChange({ ...band, [name]: event.target.value })} />
  );
  return (
    <div
      style={{
        display: 'flex',
        flexWrap: 'wrap',
        alignItems: 'center',
        gap: 10,
        padding: '8px 0',
        borderBottom: '1px solid #e6ebef',
        fontSize: 14,
      }}
    >
      {isFixed ? <strong style={{ width: 40 }}>{band.name}</strong> : input('name', 'Name of the band')}
      {isFixed ? null : (
        <>
          <span style={{ display: 'flex', gap: 8 }}>
            {DAYS.map((name, place) => (
              <label key={name} style={{ display: 'flex', flexDirection: 'column', alignItems: 'center', fontSize: 12 }}>
                {name}
                <input type="checkbox" checked={band.weekdays.includes(place + 1)} onChange={() => toggle(place + 1)} />
              </label>
            ))}
          </span>
          <span>from</span>
          {input('from', 'From')}
          <span>to</span>
          {input('to', 'To')}
        </>
      )}
      <span>price</span>
      {input('price', 'Price of the band')}
      {isFixed ? null : (
        <Button type="button" variant="text" size="sm" onClick={onRemove}>
          Remove
        </Button>
      )}
    </div>
  );
}

export function Bands({ kind, bands, onChange }: { kind: 'week' | 'italy'; bands: Band[]; onChange(bands: Band[]): void }) {
  const change = (place: number, band: Band) => onChange(bands.map((one, at) => (at === place ? band : one)));
  return (
    <div style={{ marginBottom: 16 }}>
      {bands.map((band, place) => (
        <Row
          key={place}
          band={band}
          isFixed={kind === 'italy'}
          onChange={(changed) => change(place, changed)}
          onRemove={() => onChange(bands.filter((_, at) => at !== place))}
        />
      ))}
      {kind === 'week' ? (
        <Button type="button" variant="outlined" size="sm" mt="lg" onClick={() => onChange([...bands, NEW_BAND])}>
          Add a band
        </Button>
      ) : null}
    </div>
  );
}
