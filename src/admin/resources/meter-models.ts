import { describeTrust, DOUBTFUL } from '../../domain/meter-model.ts';
import type { Reach } from '../../domain/permission.ts';
import { everywhereOnly } from '../../store/reach.ts';
import { EXPORT_MODEL, IMPORT_MODEL } from '../actions/model-actions.ts';
import type { ResourceSpec } from '../resource-spec.ts';
import type { Row } from '../row.ts';
import { CHANGED } from './words.ts';

/** A model belongs to no building: whoever may read models at all may read each. */
export function anyReach({ everywhere, buildingIds }: Reach): object {
  return everywhere || buildingIds.length > 0 ? {} : { OR: [] };
}

/** What is needed of a model to say how far it can be trusted. */
export const TRUST = {
  verified: true,
  registers: { where: { description: { startsWith: DOUBTFUL } }, select: { quantity: true }, orderBy: { address: 'asc' } },
};

interface Trusted {
  verified: boolean;
  registers: { quantity: string }[];
}

export function trustOf(row: Row): string {
  const { verified, registers } = row as unknown as Trusted;
  return describeTrust({ verified, doubtful: registers.map(({ quantity }) => quantity) });
}

/** For a column: the model's page says it at length. */
function trustInShort(row: Row): string {
  const { verified, registers } = row as unknown as Trusted;
  return (verified ? 'Verified' : 'Unverified') + (registers.length > 0 ? `, ${registers.length} doubtful` : '');
}

const FORM = ['vendor', 'name', 'family', 'manual', 'maxRegisters', 'evenOnly', 'sunspec', 'verified'];

export function meterModels(): ResourceSpec {
  return {
    id: 'meter-models',
    model: 'MeterModel',
    label: 'Meter models',
    one: 'Meter model',
    group: 'Metering',
    title: 'title',
    read: 'model:read',
    change: 'model:change',
    within: anyReach,
    withinChange: everywhereOnly,
    list: ['title', 'key', 'family', 'registers', 'meters', 'proof'],
    show: ['key', 'trust', ...FORM, 'registers', 'meters', 'updatedAt'],
    filter: ['key', 'vendor', 'name', 'family', 'verified'],
    create: ['key', ...FORM],
    edit: FORM,
    remove: true,
    actions: [EXPORT_MODEL],
    listActions: [IMPORT_MODEL],
    sort: { by: 'key', direction: 'asc' },
    fields: {
      key: { help: 'The name of its file in meters/, such as eastron-sdm630.' },
      manual: { help: 'Where the manual is found.' },
      maxRegisters: { label: 'Registers per request', help: 'Most registers the meter answers in one request. Empty for 125.' },
      evenOnly: { label: 'Even counts only', help: 'The meter answers only requests for an even number of registers.' },
      sunspec: {
        label: 'SunSpec model',
        help: 'Such as 203: its block is looked for in each meter, and addresses count from the first register of the block, its id. Empty for fixed addresses.',
      },
      verified: { help: 'Tried against bytes from a manual or a published capture.' },
      updatedAt: CHANGED,
    },
    computed: {
      trust: { label: 'Trust', select: () => TRUST, value: trustOf },
      proof: { label: 'Trust', select: () => TRUST, value: trustInShort },
      title: {
        label: 'Model',
        select: () => ({ vendor: true, name: true }),
        value: (row) => `${String(row['vendor'])} ${String(row['name'])}`,
        search: (text) => ({ OR: [{ vendor: { contains: text } }, { name: { contains: text } }, { key: { contains: text } }] }),
      },
      registers: {
        label: 'Registers',
        select: () => ({ _count: { select: { registers: true, meters: true } } }),
        value: (row) => (row['_count'] as { registers: number }).registers,
      },
      meters: {
        label: 'Meters',
        select: () => ({ _count: { select: { registers: true, meters: true } } }),
        value: (row) => (row['_count'] as { meters: number }).meters,
      },
    },
  };
}
