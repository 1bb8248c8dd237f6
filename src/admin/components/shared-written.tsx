import { Text } from '@adminjs/design-system';
import React from 'react';
import { Card, CELL, HEAD, NUMBER, TABLE } from './shared-parts';
import { named } from './shared-reading';

export interface WriteReply {
  ok: boolean;
  reason?: string;
  detail?: string;
  written: { quantity: string; before: number | null; after: number | null }[];
}

/** What was there, and what is there now. */
export function Written({ reply }: { reply: WriteReply }) {
  return (
    <Card title={reply.ok ? 'Written, and read back' : 'It was not written'}>
      {reply.ok ? null : <Text mb="lg">{`${reply.reason}: ${reply.detail}`}</Text>}
      {reply.written.length > 0 ? (
        <table style={{ ...TABLE, maxWidth: 560 }}>
          <thead>
            <tr>
              <th style={HEAD}>Register</th>
              <th style={{ ...HEAD, textAlign: 'right' }}>Before</th>
              <th style={{ ...HEAD, textAlign: 'right' }}>Now</th>
            </tr>
          </thead>
          <tbody>
            {reply.written.map(({ quantity, before, after }) => (
              <tr key={quantity}>
                <td style={CELL}>{named(quantity)}</td>
                <td style={NUMBER}>{before ?? 'unknown'}</td>
                <td style={NUMBER}>{after ?? 'it is silent'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
    </Card>
  );
}
