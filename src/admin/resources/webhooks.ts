import { webhooksWithin } from '../../store/reach.ts';
import type { ResourceSpec } from '../resource-spec.ts';
import { at, CHANGED, MADE } from './words.ts';

const EVENTS: Readonly<Record<string, string>> = {
  'bill.issued': 'Issued bills',
  'incident.opened': 'Incidents that open',
  'incident.closed': 'Incidents that close',
  'day.values': 'Values of each day',
};

/** Who is told. What changes it goes by REST, for the secret is shown once. */
export function webhooks(): ResourceSpec {
  return {
    id: 'webhooks',
    model: 'Webhook',
    label: 'Webhooks',
    one: 'Webhook',
    group: 'Operation',
    title: 'url',
    read: 'webhook:read',
    change: null,
    within: webhooksWithin,
    list: ['url', 'buildingId', 'told', 'active', 'offReason'],
    show: ['url', 'buildingId', 'events', 'told', 'active', 'offReason', 'createdAt', 'updatedAt'],
    filter: ['url', 'buildingId', 'active'],
    sort: { by: 'url', direction: 'asc' },
    fields: {
      url: { label: 'Address' },
      buildingId: { label: 'Building' },
      active: { label: 'On' },
      offReason: { label: 'Why it is off' },
      createdAt: MADE,
      updatedAt: CHANGED,
    },
    computed: {
      told: {
        label: 'Told of',
        select: () => ({ events: true }),
        value: (row) =>
          at(row, 'events')
            .split(',')
            .map((event) => EVENTS[event] ?? event)
            .join(', '),
      },
    },
    page: 'Webhook',
    listActions: [{ name: 'new-webhook', label: 'New webhook', icon: 'Plus', component: 'NewWebhook', permission: 'webhook:change' }],
    empty:
      'No program outside is told of anything yet. A webhook sends bills, incidents or the values of a day to an address of yours as they come, signed and tried again for a day. Make one with New webhook: it gets a secret to check signatures with.',
  };
}
