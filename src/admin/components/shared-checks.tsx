import { Badge } from '@adminjs/design-system';
import React from 'react';
import { CELL, TABLE } from './shared-parts';
import { named } from './shared-reading';

export interface Check {
  law: string;
  holds: boolean;
  weight: number;
  quantities: string[];
  sentence: string;
}

/** What physics says of the values; what hardly tells anything stays out while it holds. */
export function Checks({ checks }: { checks: Check[] }) {
  const telling = checks.filter(({ holds, law }) => !holds || law !== 'size').toSorted((a, b) => Number(a.holds) - Number(b.holds));
  if (telling.length === 0)
    return <p style={{ fontSize: 14, color: '#64748b' }}>Nothing in these values can be checked: no voltage, no frequency, no load.</p>;
  return (
    <table style={TABLE}>
      <tbody>
        {telling.map(({ law, holds, quantities, sentence }) => (
          <tr key={`${law} ${quantities.join()} ${sentence}`}>
            <td style={{ ...CELL, width: 1 }}>
              <Badge size="sm" variant={holds ? 'success' : 'danger'}>
                {holds ? 'fits' : 'wrong'}
              </Badge>
            </td>
            <td style={CELL}>{sentence}</td>
            <td style={{ ...CELL, color: '#64748b' }}>{quantities.length > 2 ? law : quantities.map(named).join(', ')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
