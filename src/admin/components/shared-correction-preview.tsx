import { Text } from '@adminjs/design-system';
import React from 'react';
import type { CorrectionPreview } from '../../generated/api-client.ts';
import { energyText, kwh } from './shared-correction-day';
import { CELL, HEAD, TABLE } from './shared-parts';

const SHOWN = 24;

/** What becomes of the quarter hours, before anybody decides. */
export function PreviewOf({ preview, zone }: { preview: CorrectionPreview; zone: string }) {
  const { changes, before, after, cut } = preview;
  if (changes.length === 0) return <Text mb="lg">This changes nothing: the energy comes out the same.</Text>;
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone: zone, day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
  const rest = changes.length - SHOWN;
  return (
    <div style={{ overflowX: 'auto', marginBottom: 20 }} data-testid="preview">
      <table style={TABLE}>
        <thead>
          <tr>
            <th style={HEAD}>Quarter hour</th>
            <th style={HEAD}>Flow</th>
            <th style={HEAD}>Before</th>
            <th style={HEAD}>After</th>
          </tr>
        </thead>
        <tbody>
          {changes.slice(0, SHOWN).map((change) => (
            <tr key={`${change.slot} ${change.flow}`}>
              <td style={{ ...CELL, whiteSpace: 'nowrap' }}>{clock.format(new Date(change.slot))}</td>
              <td style={CELL}>{change.flow}</td>
              <td style={CELL}>{energyText(change.before)}</td>
              <td style={{ ...CELL, fontWeight: 600 }}>{energyText(change.after)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Text mt="lg">
        {[
          rest > 0 ? `And ${rest} more.` : '',
          `${changes.length} values change.`,
          ...(['import', 'export'] as const).flatMap((flow) =>
            before[flow] === after[flow]
              ? []
              : [`The known ${flow} of this time goes from ${kwh(before[flow])} to ${kwh(after[flow])} kWh.`],
          ),
          cut ? 'More changes lie farther away.' : '',
        ]
          .filter(Boolean)
          .join(' ')}
      </Text>
    </div>
  );
}
