import { Text } from '@adminjs/design-system';
import React from 'react';
import { Card } from './shared-parts';

const ROW = 16;
const MOST_BYTES = 4_096;

function rowsOf(bytes: readonly number[]): string[] {
  return Array.from({ length: Math.ceil(bytes.length / ROW) }, (_, row) => {
    const piece = bytes.slice(row * ROW, (row + 1) * ROW);
    const digits = piece.map((byte) => byte.toString(16).padStart(2, '0'));
    const [left, right] = [digits.slice(0, ROW / 2).join(' '), digits.slice(ROW / 2).join(' ')];
    const letters = piece.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
    return `${(row * ROW).toString(16).padStart(4, '0')}  ${left.padEnd(23)}  ${right.padEnd(23)}  ${letters}`;
  });
}

/** The bytes as they came, sixteen a row. */
export function HexDump({ hex }: { hex: string }) {
  const size = hex.length / 2;
  const bytes = Array.from({ length: Math.min(size, MOST_BYTES) }, (_, place) => Number.parseInt(hex.slice(2 * place, 2 * place + 2), 16));
  return (
    <Card title={size === 1 ? '1 byte' : `${size.toLocaleString('en-GB')} bytes`}>
      {size === 0 ? <Text>It came without content.</Text> : null}
      <pre style={{ margin: 0, overflowX: 'auto', fontSize: 13, lineHeight: '20px', fontFamily: 'ui-monospace, monospace' }} tabIndex={0}>
        {rowsOf(bytes).join('\n')}
      </pre>
      {size > MOST_BYTES ? <Text>{`The first ${MOST_BYTES.toLocaleString('en-GB')} are shown; REST has all of them.`}</Text> : null}
    </Card>
  );
}
