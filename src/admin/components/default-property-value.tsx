import type { ShowPropertyProps } from 'adminjs';
import React from 'react';

const TONES: Record<string, string> = {
  ...{ ok: '#0b6e5f', silent: '#b42318', new: '#1d4ed8' },
  // Of pushed messages.
  ...{ stored: '#0b6e5f', refused: '#b42318', unknown_sender: '#8a5a00' },
};

/** A value of an enumeration in the words we gave it; the state of a meter or message in its colour; a dash for none. */
export function DefaultPropertyValue({ property, record }: ShowPropertyProps) {
  const value = record.params[property.path] as string | number | null | undefined;
  if (value === undefined || value === null || value === '') return <span style={{ color: '#64748b' }}>–</span>;
  const option = property.availableValues?.find((known) => known.value === value);
  if (!option) return <>{value}</>;
  const tone = property.path === 'state' ? TONES[String(value)] : undefined;
  return <span style={tone ? { color: tone, fontWeight: 600 } : {}}>{option.label ?? value}</span>;
}
