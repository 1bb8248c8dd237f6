import { reportsOfBuildings } from '../../store/reach.ts';
import type { ResourceSpec } from '../resource-spec.ts';
import { MADE } from './words.ts';

export function reports(): ResourceSpec {
  return {
    id: 'reports',
    model: 'Report',
    label: 'Reports',
    one: 'Report',
    group: 'Bills',
    title: 'title',
    read: 'reading:download',
    change: null,
    within: reportsOfBuildings,
    list: ['title', 'state', 'progress', 'size', 'createdAt', 'expiresAt', 'actor'],
    show: ['title', 'buildingId', 'kind', 'sheetOf'],
    filter: ['buildingId', 'kind', 'state', 'createdAt'],
    sort: { by: 'id', direction: 'desc' },
    fields: {
      title: { label: 'What' },
      buildingId: { label: 'Building' },
      kind: { label: 'Kind' },
      sheetOf: { label: 'Month' },
      progress: { label: 'Done (%)' },
      createdAt: MADE,
      expiresAt: { label: 'Expires' },
      actor: { label: 'Asked for by' },
    },
    computed: {
      size: { label: 'Size', select: () => ({ bytes: true }), value: (row) => sizeOf(row['bytes'] as bigint | null) },
    },
    page: 'Report',
    listActions: [{ name: 'new-report', label: 'New report', icon: 'Plus', component: 'AskReport', permission: 'reading:download' }],
    empty:
      'No file was made yet. Ask for the monthly sheet of last month, or for readings, energy, the split or bills of any time. On the first of a month the sheet comes by itself.',
  };
}

function sizeOf(bytes: bigint | null): string {
  if (bytes === null) return '';
  const kilobytes = Number(bytes) / 1_000;
  if (kilobytes < 1_000) return `${Math.max(1, Math.round(kilobytes))} kB`;
  return `${(kilobytes / 1_000).toFixed(1)} MB`;
}
