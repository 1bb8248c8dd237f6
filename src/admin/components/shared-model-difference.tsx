import { Badge, Text } from '@adminjs/design-system';
import React from 'react';
import type { ModelImport } from '../../generated/api-client.ts';
import { Card, CELL, HEAD, NUMBER, TABLE } from './shared-parts';

type Model = ModelImport['models'][number];
type Finding = ModelImport['problems'][number];
type Register = Model['added'][number];

const SCROLLED: React.CSSProperties = { overflow: 'auto', maxHeight: 420, marginBottom: 24, border: '1px solid #e6ebef', borderRadius: 6 };
const STICKY: React.CSSProperties = { ...HEAD, position: 'sticky', top: 0, background: '#f6f8fa' };
const RIGHT = new Set(['Function', 'Address', 'Scale']);
const QUIET: React.CSSProperties = { color: '#64748b', fontSize: 14, lineHeight: '20px' };

const STATES = {
  new: { label: 'new', variant: 'success' },
  changed: { label: 'changes', variant: 'secondary' },
  unchanged: { label: 'stays as it is', variant: 'default' },
} as const;

function Table({ title, heads, children }: { title: string; heads: string[]; children: React.ReactNode }) {
  return (
    <>
      <Text style={{ fontWeight: 600, fontSize: 14, marginBottom: 8 }}>{title}</Text>
      <div style={SCROLLED}>
        <table style={TABLE}>
          <thead>
            <tr>
              {heads.map((head) => (
                <th key={head} style={RIGHT.has(head) ? { ...STICKY, textAlign: 'right' } : STICKY}>
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>{children}</tbody>
        </table>
      </div>
    </>
  );
}

/** Errors or notes, each with its place in the file. */
export function Findings({ findings, bad }: { findings: readonly Finding[]; bad: boolean }) {
  if (findings.length === 0) return null;
  const errors = findings.length === 1 ? '1 error' : `${findings.length} errors`;
  const title = bad ? `${errors}: nothing can be stored` : 'What was read in another way than it is written';
  return (
    <Card>
      <Table title={title} heads={['Where', bad ? 'What is wrong' : 'Note']}>
        {findings.map((finding, index) => (
          <tr key={`${index}-${finding.place}`} style={bad ? { background: '#fff4f2' } : {}}>
            <td style={{ ...CELL, whiteSpace: 'nowrap' }}>{finding.place || 'The file'}</td>
            <td style={{ ...CELL, ...(bad ? { color: '#b42318' } : {}) }}>{finding.text}</td>
          </tr>
        ))}
      </Table>
      {bad ? <Text style={QUIET}>Correct the file, save it and choose it again.</Text> : null}
    </Card>
  );
}

function scaleOf({ scale, scaleBy }: Register): string {
  return scaleBy === '' ? String(scale) : `${scale} × 10^${scaleBy}`;
}

function Registers({ title, registers }: { title: string; registers: readonly Register[] }) {
  if (registers.length === 0) return null;
  return (
    <Table title={title} heads={['Quantity', 'Unit', 'Function', 'Address', 'Type', 'Scale', 'Description']}>
      {registers.map((register) => (
        <tr key={register.quantity}>
          <td style={CELL}>{register.quantity}</td>
          <td style={CELL}>{register.unit}</td>
          <td style={NUMBER}>{register.function}</td>
          <td style={NUMBER}>{register.address}</td>
          <td style={CELL}>{register.type}</td>
          <td style={NUMBER}>{scaleOf(register)}</td>
          <td style={CELL}>{register.description}</td>
        </tr>
      ))}
    </Table>
  );
}

function Changed({ model }: { model: Model }) {
  const rows = [
    ...model.head.map((change) => ({ ...change, what: 'Model' })),
    ...model.changed.flatMap(({ quantity, fields }) => fields.map((change) => ({ ...change, what: quantity }))),
  ];
  if (rows.length === 0) return null;
  return (
    <Table title={rows.length === 1 ? 'Changed (1 field)' : `Changed (${rows.length} fields)`} heads={['What', 'Field', 'Now', 'Then']}>
      {rows.map(({ what, field, from, to }) => (
        <tr key={`${what}-${field}`}>
          <td style={CELL}>{what}</td>
          <td style={CELL}>{field}</td>
          <td style={{ ...CELL, color: '#b42318' }}>{from || <i>empty</i>}</td>
          <td style={{ ...CELL, color: '#0b6e5f' }}>{to || <i>empty</i>}</td>
        </tr>
      ))}
    </Table>
  );
}

function meaningOf({ state, meters }: Model): string {
  if (state === 'new') return 'There is no model of this key yet.';
  if (state === 'unchanged') return 'The model that is there is the same: nothing is done.';
  if (meters === 0) return 'This model is there already and is replaced. No meter is read by it.';
  return `This model is there already and is replaced. ${meters === 1 ? '1 meter is' : `${meters} meters are`} read by the new table from the next slot on.`;
}

/** What becomes of one model. */
export function Difference({ model }: { model: Model }) {
  const { label, variant } = STATES[model.state];
  return (
    <Card>
      <div style={{ display: 'flex', alignItems: 'center', gap: 12, marginBottom: 4 }}>
        <Text style={{ fontWeight: 700, fontSize: 16 }}>{model.key}</Text>
        <Badge variant={variant}>{label}</Badge>
      </div>
      <Text style={{ ...QUIET, marginBottom: 20 }}>{`${model.vendor} ${model.name}. ${meaningOf(model)}`}</Text>
      <Changed model={model} />
      <Registers title={`New (${model.added.length})`} registers={model.added} />
      <Registers title={`Removed (${model.removed.length})`} registers={model.removed} />
      {model.unchanged > 0 ? <Text style={QUIET}>{`Unchanged: ${model.unchanged}`}</Text> : null}
    </Card>
  );
}
