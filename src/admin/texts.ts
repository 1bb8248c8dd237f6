import type { LocaleTranslations } from 'adminjs';
import type { ResourceSpec } from './resource-spec.ts';

/** What AdminJS says, in our words. */
export function texts(specs: readonly ResourceSpec[]): LocaleTranslations {
  return {
    labels: { ...Object.fromEntries(specs.map((spec) => [spec.id, spec.label])), dashboard: 'What needs attention', navigation: '' },
    actions: { new: 'New', edit: 'Change', show: 'Details', delete: 'Remove', list: 'All' },
    buttons: { save: 'Save', filter: 'Filter', applyChanges: 'Apply', resetFilter: 'Reset', createFirstRecord: 'Make the first one' },
    messages: {
      successfullyCreated: 'Saved.',
      successfullyUpdated: 'Saved.',
      successfullyDeleted: 'Removed.',
      thereWereValidationErrors: 'Something is not right yet: see the fields below.',
      confirmDelete: 'Remove this for good?',
      noRecords: 'Nothing here.',
    },
    pages: { readings: 'Readings and gaps', keeping: 'Keeping', import: 'Import old data', senders: 'Unknown senders' },
  };
}
