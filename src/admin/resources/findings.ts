import { CHECK_KINDS, CHECKS, isCheckKind, type CheckKind } from '../../domain/check.ts';
import { InvalidInput } from '../../errors.ts';
import { findThreshold } from '../../store/check-thresholds.ts';
import { findingsWithin, pointsWithin } from '../../store/reach.ts';
import { seen, type Deps } from '../../use-cases/access.ts';
import { clearThreshold, setThreshold } from '../../use-cases/set-threshold.ts';
import type { ResourceSpec } from '../resource-spec.ts';
import type { Input } from '../row.ts';
import { at, forUseCase, joined } from './words.ts';

const KINDS = CHECK_KINDS.map((kind) => ({ value: kind, label: CHECKS[kind].label }));

/** Opened and closed by the worker as the data goes. */
export function findings(): ResourceSpec {
  return {
    id: 'findings',
    model: 'Finding',
    label: 'Findings',
    one: 'Finding',
    group: 'Operation',
    title: 'detail',
    read: 'incident:read',
    change: null,
    within: findingsWithin,
    list: ['kind', 'place', 'detail', 'openedAt', 'seenAt', 'closedAt'],
    show: ['kind', 'place', 'pointId', 'buildingId', 'detail', 'openedAt', 'seenAt', 'closedAt'],
    filter: ['buildingId', 'pointId', 'kind', 'openedAt', 'closedAt'],
    sort: { by: 'id', direction: 'desc' },
    fields: {
      kind: { label: 'What', values: KINDS },
      buildingId: { label: 'Building' },
      pointId: { label: 'Point' },
      detail: { label: 'How it shows' },
      openedAt: { label: 'Since' },
      seenAt: { label: 'Seen last' },
      closedAt: { label: 'Until' },
    },
    computed: {
      place: {
        label: 'Where',
        select: () => ({ point: { select: { name: true, flat: { select: { name: true, building: { select: { name: true } } } } } } }),
        value: (row) => joined(at(row, 'point', 'flat', 'building', 'name'), at(row, 'point', 'flat', 'name'), at(row, 'point', 'name')),
      },
    },
    empty: 'Nothing looks wrong in the data, and nothing did. It is looked at every quarter hour.',
  };
}

function meaningOf(text: string): string {
  if (!isCheckKind(text)) return '';
  const { meaning, unit, byDefault } = CHECKS[text];
  return `${meaning}. Usually ${byDefault} ${unit}`;
}

/** From where on something is a finding, where the usual does not fit. */
export function checkThresholds(deps: Deps): ResourceSpec {
  const { prisma } = deps.database;

  async function ownerOf(id: number): Promise<{ kind: CheckKind; pointId?: number; modelId?: number }> {
    const { kind, pointId, modelId } = seen(await findThreshold(prisma, id), 'This threshold');
    if (!isCheckKind(kind)) throw new InvalidInput({ kind: 'is not known any more' });
    return { kind, ...(pointId === null ? {} : { pointId }), ...(modelId === null ? {} : { modelId }) };
  }

  return {
    id: 'check-thresholds',
    model: 'CheckThreshold',
    label: 'Thresholds',
    one: 'Threshold',
    group: 'Operation',
    title: 'kind',
    read: 'incident:read',
    change: 'point:change',
    // What holds for a model is no building's secret. Prisma leaves an empty condition out of an OR.
    within: (reach) => (reach.everywhere ? {} : { OR: [{ pointId: null }, { point: pointsWithin(reach) }] }),
    withinChange: (reach) => (reach.everywhere ? {} : { point: pointsWithin(reach) }),
    list: ['kind', 'pointId', 'modelId', 'value', 'meaning'],
    show: ['kind', 'pointId', 'modelId', 'value', 'meaning'],
    filter: ['kind', 'pointId', 'modelId'],
    create: ['kind', 'pointId', 'modelId', 'value'],
    edit: ['value'],
    remove: true,
    sort: { by: 'id', direction: 'desc' },
    fields: {
      kind: { label: 'What is looked at', values: KINDS },
      pointId: { label: 'Point', help: 'Give a point, or a model, not both. The point stands before its model.' },
      modelId: { label: 'Model', help: 'For all meters of this model.' },
      value: { label: 'From', help: 'In the unit of the check: %, W or hours. Empty: it is not looked at.' },
    },
    computed: { meaning: { label: 'What it means', select: () => ({ kind: true }), value: (row) => meaningOf(at(row, 'kind')) } },
    empty: `The usual thresholds hold everywhere: ${CHECK_KINDS.map((kind) => `${CHECKS[kind].label.toLowerCase()} ${CHECKS[kind].byDefault} ${CHECKS[kind].unit}`).join(', ')}.`,
    onCreate: async (actor, input: Input) => {
      const { pointId, modelId, value, ...rest } = input;
      const owner = { ...(pointId == null ? {} : { pointId }), ...(modelId == null ? {} : { modelId }) };
      return (await setThreshold(deps, actor, forUseCase({ ...rest, ...owner, value: value ?? null }))).id;
    },
    onEdit: async (actor, id, input) =>
      void (await setThreshold(deps, actor, { ...(await ownerOf(Number(id))), value: (input['value'] ?? null) as number | null })),
    onRemove: async (actor, id) => clearThreshold(deps, actor, await ownerOf(Number(id))),
  };
}
