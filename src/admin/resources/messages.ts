import { ETL_KINDS } from '../../domain/etl-kinds.ts';
import { STATE_WORDS, UNREADABLE_WORDS, VALUE_WORDS, wordsOfKind, wordsOfMessage, wordsOfReason } from '../../domain/message-words.ts';
import { topicsOf, type Pusher } from '../../domain/pushed-message.ts';
import { newestOfSources } from '../../store/push-source-list.ts';
import { messagesWithin, pushSourcesWithin } from '../../store/reach.ts';
import type { Deps } from '../../use-cases/access.ts';
import type { ResourceSpec } from '../resource-spec.ts';
import type { Row } from '../row.ts';
import { at, CHANGED, MADE } from './words.ts';

const VALUES = 'values';
const UNREADABLE = 'unreadable';
const USUAL = [18, 21, 30];

const KINDS = [
  ...USUAL.map((kind) => ({ value: String(kind), label: wordsOfKind(kind) })),
  { value: VALUES, label: VALUE_WORDS },
  ...[...ETL_KINDS.keys()].filter((kind) => !USUAL.includes(kind)).map((kind) => ({ value: String(kind), label: wordsOfKind(kind) })),
  { value: UNREADABLE, label: UNREADABLE_WORDS },
];

const OF_DEVICES = { topic: { startsWith: 'wattbook/', endsWith: '/measurements' } };

function ofKind(value: string): object {
  if (value === VALUES) return { kind: null, ...OF_DEVICES };
  if (value === UNREADABLE) return { kind: null, NOT: OF_DEVICES };
  const kind = Number(value);
  return Number.isInteger(kind) && kind >= 0 && kind <= 255 ? { kind } : { OR: [] };
}

const whatOf = (row: Row) => wordsOfMessage(row as unknown as Parameters<typeof wordsOfMessage>[0]);
const WHAT = { kind: true, topic: true };

/** What was pushed, as it came, and what became of it. */
export function messages(): ResourceSpec {
  return {
    id: 'messages',
    model: 'InboundMessage',
    label: 'Messages',
    one: 'Message',
    group: 'Metering',
    title: 'name',
    read: 'message:read',
    change: null,
    within: messagesWithin,
    list: ['receivedAt', 'what', 'sender', 'measuredAt', 'state', 'why', 'meterId'],
    show: ['sourceId'],
    filter: ['what', 'state', 'sender', 'meterId', 'sourceId', 'receivedAt'],
    sort: { by: 'receivedAt', direction: 'desc' },
    countUpTo: 10_000,
    fields: {
      receivedAt: { label: 'Received' },
      what: { values: KINDS },
      measuredAt: { label: 'Measured' },
      state: {
        label: 'What became of it',
        values: Object.entries(STATE_WORDS).map(([state, label]) => ({ value: state.replace('-', '_'), label })),
      },
      meterId: { label: 'Meter', reference: 'meters' },
      sourceId: { label: 'Gateway or device' },
    },
    computed: {
      name: {
        label: 'Message',
        select: () => ({ ...WHAT, sender: true }),
        value: (row) => [whatOf(row), at(row, 'sender')].filter((part) => part !== '').join(' of '),
      },
      what: { label: 'What', select: () => WHAT, value: whatOf, search: ofKind },
      why: {
        label: 'Why',
        select: () => ({ reason: true }),
        value: (row) => (at(row, 'reason') === '' ? '' : wordsOfReason(at(row, 'reason')).why),
      },
    },
    page: 'PushedMessage',
    empty:
      'Nothing was pushed yet. Make a gateway or device under Gateways and devices: it tells the MQTT user, password and topics, and how to send values by HTTP (POST /api/v1/ingest). Each message then stands here, also one that is refused.',
  };
}

/** Who may push. What changes it goes by REST, for the token is shown once. */
export function pushSources({ database: { prisma } }: Deps): ResourceSpec {
  return {
    id: 'push-sources',
    model: 'PushSource',
    label: 'Gateways and devices',
    one: 'Gateway or device',
    group: 'Metering',
    title: 'name',
    read: 'message:read',
    change: null,
    within: pushSourcesWithin,
    list: ['name', 'kind', 'buildingId', 'topics', 'active', 'newest'],
    show: ['name', 'kind', 'reach', 'buildingId', 'topics', 'gridZone', 'active', 'newest', 'createdAt', 'updatedAt'],
    filter: ['name', 'kind', 'buildingId', 'gridZone', 'active'],
    sort: { by: 'name', direction: 'asc' },
    fields: {
      kind: {
        values: [
          { value: 'gateway', label: 'Gateway' },
          { value: 'device', label: 'Device' },
        ],
      },
      reach: { label: 'Zone or device' },
      buildingId: { label: 'Building' },
      gridZone: { label: 'Zone of the grid' },
      active: { label: 'On' },
      createdAt: MADE,
      updatedAt: CHANGED,
    },
    beside: (ids) => newestOfSources(prisma, ids),
    computed: {
      topics: { label: 'Topics', select: () => ({ kind: true, reach: true }), value: (row) => topicsOf(row as unknown as Pusher) },
      newest: {
        label: 'Last message (UTC)',
        select: () => ({}),
        value: ({ told }) => (told instanceof Date ? told.toISOString().slice(0, 19).replace('T', ' ') : 'None yet'),
      },
    },
    page: 'PushSource',
    listActions: [
      { name: 'new-source', label: 'New gateway or device', icon: 'Plus', component: 'NewPushSource', permission: 'message:change' },
    ],
    empty:
      'Nobody may push messages yet. A gateway collects the meters of a zone and sends by MQTT on the topics zone/profile/sender/recipient/class; a device sends its own values as JSON, by MQTT or by POST /api/v1/ingest. Make one with New gateway or device: it gets a user name, a password and its topics.',
  };
}
