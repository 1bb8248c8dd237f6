import { Badge, Box, Button, Icon, Label, MessageBox, Text } from '@adminjs/design-system';
import React from 'react';

export const TABLE: React.CSSProperties = { width: '100%', borderCollapse: 'collapse', fontSize: 14, lineHeight: '20px' };
export const CELL: React.CSSProperties = {
  padding: '8px 12px',
  borderBottom: '1px solid #e6ebef',
  textAlign: 'left',
  verticalAlign: 'top',
};
export const NUMBER: React.CSSProperties = { ...CELL, textAlign: 'right', fontVariantNumeric: 'tabular-nums', whiteSpace: 'nowrap' };
export const HEAD: React.CSSProperties = { ...CELL, color: '#64748b', fontWeight: 600, fontSize: 12, whiteSpace: 'nowrap' };
export const FIELD: React.CSSProperties = {
  font: 'inherit',
  fontSize: 14,
  padding: '8px 12px',
  border: '1px solid #c5d0d8',
  borderRadius: 6,
  background: '#fff',
  minWidth: 220,
};

export function Card({ children, title }: { children: React.ReactNode; title?: string }) {
  return (
    <Box variant="white" mb="lg" style={{ border: '1px solid #e2e8ed', borderRadius: 10, padding: 24 }}>
      {title ? <Text style={{ fontWeight: 700, fontSize: 16, marginBottom: 12 }}>{title}</Text> : null}
      {children}
    </Box>
  );
}

export function Field({ label, help, children }: { label: string; help?: string; children: React.ReactNode }) {
  return (
    <Box mb="lg">
      <Label>{label}</Label>
      {children}
      {help ? <Text style={{ color: '#64748b', fontSize: 13, marginTop: 4 }}>{help}</Text> : null}
    </Box>
  );
}

export function Problem({ sentence }: { sentence: string }) {
  return sentence ? <MessageBox variant="danger" message={sentence} size="sm" mb="lg" /> : null;
}

export function RunButton(props: { busy: boolean; label: string; danger?: boolean; disabled?: boolean; onRun(): void }) {
  const { busy, label, danger, disabled, onRun } = props;
  return (
    <Button type="button" variant={danger ? 'danger' : 'contained'} disabled={busy || disabled} onClick={onRun} data-testid="run-action">
      {busy ? <Icon icon="Loader" spin /> : null}
      {label}
    </Button>
  );
}

export function State({ state }: { state: string }) {
  const variant = ({ ok: 'success', silent: 'danger', new: 'info' } as const)[state] ?? 'default';
  return <Badge variant={variant}>{state}</Badge>;
}

/** Shown once: nobody can look it up again. */
export function ShownOnce({ text, what }: { text: string; what: string }) {
  return (
    <Card>
      <Text style={{ marginBottom: 8 }}>{`${what} It is shown this once; write it down now.`}</Text>
      <code style={{ fontSize: 18, padding: '8px 12px', background: '#eef3f6', borderRadius: 6, wordBreak: 'break-all' }}>{text}</code>
    </Card>
  );
}

export function moment(iso: string | null | undefined): string {
  return iso ? new Date(iso).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' }) : '';
}

/** To the millisecond, in a zone that is named; without one in that of the browser. */
export function exactMoment(iso: string | null, zone: string | null): string {
  if (iso === null) return '';
  const day = { day: 'numeric', month: 'short', year: 'numeric' } as const;
  const clock = { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 } as const;
  return new Date(iso).toLocaleString('en-GB', { ...day, ...clock, ...(zone === null ? {} : { timeZone: zone }) });
}
