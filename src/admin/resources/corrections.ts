import { CORRECTION_KINDS } from '../../domain/correction.ts';
import { correctionsWithin } from '../../store/reach.ts';
import type { ActionSpec } from '../actions/action-spec.ts';
import type { ResourceSpec } from '../resource-spec.ts';
import type { Row } from '../row.ts';
import { at, joined, MADE } from './words.ts';

const LABELS: Record<(typeof CORRECTION_KINDS)[number], string> = {
  'exclude-reading': 'Reading left out',
  'set-counter': 'Counter set',
  'override-interval': 'Quarter hour overridden',
};

const undo = () => ({ undo: { select: { actor: true, reason: true, createdAt: true } } });

function undoneBy(row: Row): string {
  const { undo: by } = row as { undo?: { actor: string; reason: string; createdAt: Date } | null };
  return by ? `${by.actor}, ${by.createdAt.toISOString().slice(0, 10)}: ${by.reason}` : '';
}

/** Made at a point or a meter, where one sees what they change. */
export function corrections(actions: ActionSpec[]): ResourceSpec {
  return {
    id: 'corrections',
    model: 'Correction',
    label: 'Corrections',
    one: 'Correction',
    group: 'Metering',
    title: 'reason',
    read: 'energy:correct',
    change: null,
    within: correctionsWithin,
    list: ['createdAt', 'place', 'kind', 'moment', 'kwh', 'reason', 'actor', 'undone'],
    show: ['place', 'kind', 'meterId', 'direction', 'moment', 'kwh', 'reason', 'actor', 'createdAt', 'undone'],
    filter: ['pointId', 'meterId', 'kind', 'at', 'actor', 'createdAt'],
    sort: { by: 'id', direction: 'desc' },
    fields: {
      kind: { label: 'What', values: CORRECTION_KINDS.map((kind) => ({ value: kind.replace('-', '_'), label: LABELS[kind] })) },
      pointId: { label: 'Point' },
      meterId: { label: 'Meter' },
      direction: { label: 'Counter or flow' },
      at: { label: 'Moment' },
      reason: { label: 'Why' },
      actor: { label: 'Who' },
      createdAt: MADE,
    },
    computed: {
      place: {
        label: 'Where',
        select: () => ({ point: { select: { name: true, flat: { select: { name: true, building: { select: { name: true } } } } } } }),
        value: (row) => joined(at(row, 'point', 'flat', 'building', 'name'), at(row, 'point', 'flat', 'name'), at(row, 'point', 'name')),
      },
      moment: {
        label: 'Moment',
        select: () => ({ at: true, point: { select: { flat: { select: { building: { select: { zone: true } } } } } } }),
        value: (row) =>
          (row['at'] as Date).toLocaleString('en-GB', {
            timeZone: at(row, 'point', 'flat', 'building', 'zone'),
            dateStyle: 'medium',
            timeStyle: 'short',
          }),
      },
      kwh: {
        label: 'kWh',
        select: () => ({ wh: true }),
        value: (row) => (row['wh'] === null ? '' : (Number(row['wh']) / 1_000).toFixed(3)),
      },
      undone: { label: 'Undone', select: undo, value: undoneBy },
    },
    actions,
    empty:
      'Nothing was corrected. Open a point or a meter and choose Correct energy: you see what a correction changes before you make it.',
  };
}
