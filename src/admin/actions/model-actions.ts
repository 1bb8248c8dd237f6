import type { ActionSpec, ListActionSpec } from './action-spec.ts';

export const EXPORT_MODEL: ActionSpec = {
  name: 'exportModel',
  label: 'Export',
  icon: 'Download',
  component: 'ExportModel',
  permission: 'model:read',
  input: [],
};

export const IMPORT_MODEL: ListActionSpec = {
  name: 'importModel',
  label: 'Import',
  icon: 'Upload',
  component: 'ImportModel',
  permission: 'model:change',
};
