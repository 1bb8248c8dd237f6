import type { PropertyJSON } from 'adminjs';
import React from 'react';

/** The help of a field stands below its label, where one reads it; AdminJS hides it behind a question mark. */
export function PropertyDescription({ property }: { property: PropertyJSON }) {
  if (!property.description) return null;
  return (
    <span style={{ display: 'block', fontWeight: 400, fontSize: 13, lineHeight: '18px', color: '#64748b', marginTop: 2 }}>
      {property.description}
    </span>
  );
}
