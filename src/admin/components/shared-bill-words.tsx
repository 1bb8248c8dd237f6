import { MessageBox } from '@adminjs/design-system';
import React from 'react';

/** A decimal number as it came, with its thousands apart; never by way of a float. */
export function money(amount: string, currency = ''): string {
  const [, sign = '', whole = '', rest = ''] = /^(-?)(\d+)(.*)$/.exec(amount) ?? [];
  return `${sign}${whole.replaceAll(/\B(?=(\d{3})+$)/g, ',')}${rest}${currency === '' ? '' : `\u00a0${currency}`}`;
}

export function kwh(wh: number): string {
  return `${(wh / 1_000).toLocaleString('en-GB', { minimumFractionDigits: 1, maximumFractionDigits: 1 })}\u00a0kWh`;
}

export function percent(part: number, whole: number): string {
  return whole === 0 ? '–' : `${((part / whole) * 100).toLocaleString('en-GB', { maximumFractionDigits: 1 })}\u00a0%`;
}

const DAY = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' });

/** A local day as people say it. */
export function sayDay(day: string): string {
  return DAY.format(Date.parse(`${day}T00:00:00Z`));
}

/** The days [from, to), the last one named. */
export function sayDays(from: string, to: string): string {
  return `${sayDay(from)} to ${DAY.format(Date.parse(`${to}T00:00:00Z`) - 86_400_000)}`;
}

/** What a bill runs over: days, with the clock where somebody moved within one. */
export function saySpan({ fromAt, toAt, zone }: { fromAt: string; toAt: string; zone: string }): string {
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' });
  const day = new Intl.DateTimeFormat('en-GB', { timeZone: zone, dateStyle: 'medium' });
  const [from, to] = [Date.parse(fromAt), Date.parse(toAt)];
  const say = (ms: number) => `${day.format(ms)}${clock.format(ms) === '00:00' ? '' : ` ${clock.format(ms)}`}`;
  return `${say(from)} to ${clock.format(to) === '00:00' ? day.format(to - 1) : say(to)}`;
}

// The styles of AdminJS take it away.
export const BOLD: React.CSSProperties = { fontWeight: 700 };
export const LINK: React.CSSProperties = { color: '#0b6e5f', fontWeight: 600, whiteSpace: 'nowrap' };

export function Figure({ value, label }: { value: string; label: string }) {
  return (
    <div>
      <div style={{ fontSize: 22, lineHeight: '30px', fontWeight: 700, fontVariantNumeric: 'tabular-nums', whiteSpace: 'nowrap' }}>
        {value}
      </div>
      <div style={{ fontSize: 13, lineHeight: '18px', color: '#64748b' }}>{label}</div>
    </div>
  );
}

export function Figures({ children }: { children: React.ReactNode }) {
  return <div style={{ display: 'flex', flexWrap: 'wrap', columnGap: 40, rowGap: 14, marginBottom: 20 }}>{children}</div>;
}

export function Notice({ tone, children }: { tone: 'info' | 'warning' | 'success'; children: React.ReactNode }) {
  const colors = { info: '#e8f3fa', warning: '#fff7e0', success: '#e3f3f0' };
  return (
    <div style={{ background: colors[tone], borderRadius: 8, padding: '12px 16px', marginBottom: 16, fontSize: 14, lineHeight: '21px' }}>
      {children}
    </div>
  );
}

export function Wrong({ sentence }: { sentence: string | undefined }) {
  return sentence ? <MessageBox variant="danger" message={sentence} size="sm" mb="lg" /> : null;
}
