import { removeDemoBuilding } from '../../use-cases/remove-demo-building.ts';
import type { OfficeDeps } from '../office-deps.ts';
import type { ActionSpec } from './action-spec.ts';

export function buildingActions(deps: OfficeDeps): ActionSpec[] {
  return [
    {
      name: 'billing',
      label: 'Billing',
      icon: 'FileText',
      component: 'BillingSettings',
      permission: 'tariff:change',
      input: [],
    },
    {
      name: 'modbusMap',
      label: 'Modbus map',
      icon: 'Server',
      component: 'ModbusMap',
      permission: 'installation:change',
      input: [],
    },
    {
      name: 'removeDemo',
      label: 'Remove the demo',
      icon: 'Trash2',
      component: 'Confirm',
      permission: 'building:change',
      input: [],
      isFor: (row) => row['demo'] === true,
      async run(actor) {
        return { message: (await removeDemoBuilding(deps, actor)).summary };
      },
    },
  ];
}
