import { Conflict, InvalidInput } from '../../errors.ts';
import { buildingsOfTokens } from '../../store/api-tokens.ts';
import { everywhereOnly, incidentsWithin } from '../../store/reach.ts';
import type { Deps } from '../../use-cases/access.ts';
import type { ActionSpec } from '../actions/action-spec.ts';
import type { ResourceSpec } from '../resource-spec.ts';
import { CHANGED, MADE } from './words.ts';

export function incidents(actions: ActionSpec[]): ResourceSpec {
  return {
    id: 'incidents',
    model: 'Incident',
    label: 'Incidents',
    one: 'Incident',
    group: 'Operation',
    title: 'title',
    read: 'incident:read',
    change: null,
    within: incidentsWithin,
    list: ['title', 'buildingId', 'openedAt', 'closedAt', 'acknowledgedAt'],
    show: ['title', 'cause', 'buildingId', 'kind', 'subject', 'openedAt', 'closedAt', 'acknowledgedAt', 'acknowledgedBy'],
    filter: ['buildingId', 'subject', 'openedAt', 'closedAt'],
    sort: { by: 'openedAt', direction: 'desc' },
    fields: {
      title: { label: 'What' },
      buildingId: { label: 'Building' },
      kind: {
        values: [
          { value: 'meter_silent', label: 'Meter silent' },
          { value: 'meter_alarm', label: 'Alarm of a meter' },
        ],
      },
      subject: { label: 'About' },
      openedAt: { label: 'Since' },
      closedAt: { label: 'Until' },
      acknowledgedAt: { label: 'Acknowledged' },
      acknowledgedBy: { label: 'By', reference: 'users' },
    },
    actions,
    empty: 'Nothing is wrong, and nothing was.',
  };
}

export function outbox(): ResourceSpec {
  return {
    id: 'outbox',
    model: 'MailOutbox',
    label: 'Mails',
    one: 'Mail',
    group: 'Operation',
    title: 'template',
    read: 'mail:read',
    change: null,
    within: everywhereOnly,
    list: ['createdAt', 'template', 'recipients', 'sentAt', 'attempts', 'lastError'],
    show: ['template', 'recipients', 'language', 'incidentId', 'createdAt', 'sentAt', 'attempts', 'lastError', 'data'],
    filter: ['template', 'recipients', 'createdAt', 'sentAt'],
    sort: { by: 'id', direction: 'desc' },
    fields: {
      template: { label: 'Kind' },
      recipients: { label: 'To' },
      incidentId: { label: 'Incident' },
      createdAt: { label: 'Written' },
      sentAt: { label: 'Sent' },
      lastError: { label: 'Last error' },
      data: { label: 'What it says' },
    },
    empty: 'No mail was written yet.',
  };
}

export function activities(): ResourceSpec {
  return {
    id: 'activities',
    model: 'Activity',
    label: 'Activity',
    one: 'Activity',
    group: 'Operation',
    title: 'action',
    read: 'activity:read',
    change: null,
    within: everywhereOnly,
    list: ['at', 'actor', 'action', 'subject', 'detail'],
    show: ['at', 'actor', 'userId', 'action', 'subject', 'detail'],
    filter: ['at', 'actor', 'action', 'subject'],
    sort: { by: 'id', direction: 'desc' },
    fields: {
      at: { label: 'When' },
      actor: { label: 'Who' },
      userId: { label: 'User', reference: 'users' },
      action: { label: 'Did' },
      subject: { label: 'To what' },
    },
  };
}

export function apiTokens({ database: { prisma } }: Deps, actions: ActionSpec[]): ResourceSpec {
  return {
    id: 'api-tokens',
    model: 'ApiToken',
    label: 'API tokens',
    one: 'API token',
    group: 'Operation',
    title: 'name',
    read: 'token:read',
    change: null,
    within: everywhereOnly,
    list: ['name', 'userId', 'scope', 'where', 'expiresAt', 'lastUsedAt', 'revokedAt'],
    show: ['name', 'userId', 'scope', 'where', 'createdAt', 'expiresAt', 'lastUsedAt', 'revokedAt'],
    filter: ['name', 'userId'],
    sort: { by: 'id', direction: 'desc' },
    fields: {
      userId: { label: 'User' },
      scope: { label: 'May' },
      expiresAt: { label: 'Ends' },
      lastUsedAt: { label: 'Last used' },
      revokedAt: { label: 'Revoked' },
      createdAt: MADE,
    },
    beside: (ids) => buildingsOfTokens(prisma, ids),
    computed: {
      where: {
        label: 'Where',
        select: () => ({}),
        value: ({ told }) => (typeof told === 'string' ? told : 'Wherever its user may'),
      },
    },
    actions,
    empty: 'There is no token. Make one for a program on the page of its user, under "Make token".',
  };
}

// Wattbook keeps its own state under these; it would not start with a wrong one.
const OWN_SETTINGS = new Set(['demo', 'shipped-roles']);
const FILE_SETTING = /^model-file[-:]/;
// The database takes dèmo for demo.
const PLAIN_KEY = /^[\w.:-]+$/;

function refuseOwnSettings(write: 'create' | 'edit' | 'remove', id: number | string | null): void {
  const key = String(id ?? '').toLowerCase();
  if (write === 'create' && !PLAIN_KEY.test(key)) throw new InvalidInput({ key: 'takes letters, digits and . : _ - only' });
  const isFile = FILE_SETTING.test(key);
  // Without it the file is loaded again.
  if (isFile && write === 'remove') return;
  if (isFile || OWN_SETTINGS.has(key) || !PLAIN_KEY.test(key)) throw new Conflict('Wattbook writes this setting by itself.');
}

export function settings(): ResourceSpec {
  return {
    id: 'settings',
    model: 'Setting',
    label: 'Settings',
    one: 'Setting',
    group: 'Operation',
    title: 'key',
    read: 'setting:read',
    change: 'setting:change',
    within: everywhereOnly,
    list: ['key', 'value', 'updatedAt'],
    show: ['key', 'value', 'updatedAt'],
    filter: ['key'],
    create: ['key', 'value'],
    edit: ['value'],
    remove: true,
    refuseWrite: refuseOwnSettings,
    sort: { by: 'key', direction: 'asc' },
    fields: {
      key: { help: 'model-file:… remembers which file of the device library was loaded; without it the file is loaded again.' },
      updatedAt: CHANGED,
    },
    empty: 'Nothing was set: everything stands as it was shipped.',
  };
}
