import React from 'react';
import type { Webhook } from '../../generated/api-client.ts';

export type WebhookEvent = Webhook['events'][number];

export const EVENTS: Record<WebhookEvent, { label: string; help: string }> = {
  'bill.issued': { label: 'Issued bills', help: 'Each bill with its sums and its party, when it becomes final.' },
  'incident.opened': { label: 'Incidents that open', help: 'A meter falls silent or raises an alarm.' },
  'incident.closed': { label: 'Incidents that close', help: 'It answers again, or the alarm is over.' },
  'day.values': {
    label: 'Values of each day',
    help: 'Import and export of each point, once the day is over and settled; after 36 hours as far as it is known.',
  },
};

export const EVENT_NAMES = Object.keys(EVENTS) as WebhookEvent[];

/** Ticks for what is told. */
export function EventTicks({ events, onChange }: { events: readonly WebhookEvent[]; onChange(events: WebhookEvent[]): void }) {
  return (
    <fieldset style={{ border: 0, margin: '0 0 24px', padding: 0 }}>
      <legend style={{ fontSize: 14, fontWeight: 600, marginBottom: 8 }}>What it is told of</legend>
      {EVENT_NAMES.map((event) => (
        <label key={event} style={{ display: 'flex', gap: 10, alignItems: 'baseline', padding: '6px 0', fontSize: 14 }}>
          <input
            type="checkbox"
            checked={events.includes(event)}
            onChange={(change) => onChange(change.target.checked ? [...events, event] : events.filter((one) => one !== event))}
          />
          <span>
            {EVENTS[event].label}
            <span style={{ display: 'block', color: '#64748b', fontSize: 13 }}>{EVENTS[event].help}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
