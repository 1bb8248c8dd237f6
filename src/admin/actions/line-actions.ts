import { InvalidInput } from '../../errors.ts';
import type { TestConnectionReply } from '../../queue/contract.ts';
import type { OfficeDeps } from '../office-deps.ts';
import { testConnection } from '../../use-cases/test-connection.ts';
import type { ActionResult, ActionSpec } from './action-spec.ts';
import { scanAction } from './scan-action.ts';
import { setAddressAction } from './write-actions.ts';

export function lineActions(deps: OfficeDeps): ActionSpec[] {
  return [
    scanAction(deps),
    setAddressAction(deps, (_actor, lineId) => Promise.resolve({ lineId, unitId: null, modelId: null })),
    {
      name: 'testConnection',
      label: 'Test connection',
      icon: 'Zap',
      component: 'TestConnection',
      permission: 'meter:control',
      input: ['unitId'],
      async run(actor, lineId, { unitId = '' }) {
        const unit = Number(unitId);
        if (!Number.isInteger(unit) || unit < 1 || unit > 247) throw new InvalidInput({ unitId: 'must be a whole number from 1 to 247' });
        return tested(await testConnection(deps, actor, { lineId, unitId: unit }));
      },
    },
  ];
}

export function tested(reply: TestConnectionReply): ActionResult {
  return { message: reply.ok ? `It answered in ${Math.round(reply.latencyMs)} ms.` : 'It did not answer.', bad: !reply.ok, data: reply };
}
