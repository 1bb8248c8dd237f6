import { Box, Text } from '@adminjs/design-system';
import React from 'react';
import { isQuantity, unitOf } from '../../domain/quantity.ts';
import { CELL, HEAD, NUMBER, TABLE } from './shared-parts';

export interface Reply {
  ok: boolean;
  latencyMs: number;
  takenAt?: string;
  reason?: string;
  detail?: string;
  values?: Record<string, number>;
  refused?: Record<string, { reason: string; words: number[] }>;
  blocks?: { function: number; address: number; words: number[] }[];
}

export function named(quantity: string): string {
  const words = quantity.replaceAll('_', ' ').replace(/\bl(\d)/g, 'L$1');
  const unit = isQuantity(quantity) ? unitOf(quantity) : '';
  return unit ? `${words} (${unit})` : words;
}

const hex = (word: number): string => word.toString(16).toUpperCase().padStart(4, '0');

export function Values({ reply }: { reply: Reply }) {
  return (
    <table style={TABLE}>
      <thead>
        <tr>
          <th style={HEAD}>Quantity</th>
          <th style={{ ...HEAD, textAlign: 'right' }}>Value</th>
        </tr>
      </thead>
      <tbody>
        {Object.entries(reply.values ?? {}).map(([quantity, value]) => (
          <tr key={quantity}>
            <td style={CELL}>{named(quantity)}</td>
            <td style={NUMBER}>{value.toLocaleString('en-GB', { maximumFractionDigits: 3 })}</td>
          </tr>
        ))}
        {Object.entries(reply.refused ?? {}).map(([quantity, { reason, words }]) => (
          <tr key={quantity}>
            <td style={CELL}>{named(quantity)}</td>
            <td style={{ ...NUMBER, color: '#b42318' }}>{`${reason} (${words.map(hex).join(' ')})`}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function Blocks({ reply }: { reply: Reply }) {
  return (
    <>
      {(reply.blocks ?? []).map((block) => (
        <Box key={`${block.function}-${block.address}`} mb="lg">
          <Text
            style={{ color: '#64748b', fontSize: 13 }}
          >{`Function ${block.function}, from address ${block.address}, ${block.words.length} registers`}</Text>
          <code style={{ fontSize: 13, lineHeight: '20px', wordSpacing: 4 }}>{block.words.map(hex).join(' ')}</code>
        </Box>
      ))}
    </>
  );
}
