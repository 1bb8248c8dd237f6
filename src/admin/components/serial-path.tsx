import { FormGroup, FormMessage, Input } from '@adminjs/design-system';
import { PropertyLabel, type EditPropertyProps } from 'adminjs';
import React, { useEffect, useState } from 'react';

interface FoundPort {
  path: string;
  detail: string;
}

const NOTE: React.CSSProperties = { fontSize: 13, lineHeight: '18px', color: '#64748b', marginTop: 4 };

/** A path to type, with the ports that the poller of this line has for choice. */
export function SerialPath({ property, record, onChange }: EditPropertyProps) {
  const poller = String(record.params['poller'] ?? '') || 'main';
  const isSerial = record.params['transport'] === 'rtu';
  const [found, setFound] = useState<FoundPort[] | 'asking' | 'away'>('asking');
  useEffect(() => {
    if (!isSerial) return;
    let isWanted = true;
    setFound('asking');
    void fetch(`/api/v1/serial-ports?poller=${encodeURIComponent(poller)}`)
      .then(async (answer) => (answer.ok ? ((await answer.json()) as { items: FoundPort[] }).items : ('away' as const)))
      .catch(() => 'away' as const)
      .then((answer) => isWanted && setFound(answer));
    return () => {
      isWanted = false;
    };
  }, [poller, isSerial]);

  return (
    <FormGroup error={Boolean(record.errors[property.path])}>
      <PropertyLabel property={property} />
      <Input
        id={property.path}
        name={property.path}
        list="serial-ports"
        value={String(record.params[property.path] ?? '')}
        onChange={(event: React.ChangeEvent<HTMLInputElement>) => onChange(property.path, event.target.value)}
      />
      {Array.isArray(found) ? (
        <datalist id="serial-ports">
          {found.map(({ path, detail }) => (
            <option key={path} value={path} label={detail} />
          ))}
        </datalist>
      ) : null}
      {isSerial ? <div style={NOTE}>{noteOf(found, poller)}</div> : null}
      <FormMessage>{record.errors[property.path]?.message}</FormMessage>
    </FormGroup>
  );
}

function noteOf(found: FoundPort[] | 'asking' | 'away', poller: string): string {
  if (found === 'asking') return `Asking the poller ${poller} for its serial ports ...`;
  if (found === 'away') return `The poller ${poller} did not say which serial ports it has. Type the path.`;
  if (found.length === 0) return `The machine of the poller ${poller} has no serial port. Is the adapter plugged in?`;
  return `The machine of the poller ${poller} has: ${found.map(({ path, detail }) => (detail ? `${path} (${detail})` : path)).join(', ')}`;
}
