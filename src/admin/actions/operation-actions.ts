import { reach } from '../../domain/permission.ts';
import { recordActivity } from '../../store/activities.ts';
import { transact } from '../../store/prisma-transaction.ts';
import { incidentsWithin } from '../../store/reach.ts';
import { demand, seen } from '../../use-cases/access.ts';
import { revokeToken } from '../../use-cases/revoke-token.ts';
import type { OfficeDeps } from '../office-deps.ts';
import type { ActionSpec } from './action-spec.ts';

export function incidentActions({ database, clock }: OfficeDeps): ActionSpec[] {
  return [
    {
      name: 'acknowledge',
      label: 'Acknowledge',
      icon: 'Check',
      component: 'Confirm',
      permission: 'incident:change',
      input: [],
      isFor: (row) => row['acknowledgedAt'] == null,
      async run(actor, id) {
        await transact(database.prisma, async (tx) => {
          const where = { AND: [incidentsWithin(reach(actor, 'incident:read')), { id }] };
          const incident = seen(await tx.incident.findFirst({ where }), 'This incident');
          demand(actor, 'incident:change', { buildingId: incident.buildingId });
          if (incident.acknowledgedAt !== null) return;
          await tx.incident.update({ where: { id }, data: { acknowledgedAt: new Date(clock()), acknowledgedBy: actor.userId } });
          await recordActivity(tx, actor, { action: 'acknowledge-incident', subject: `incident-${id}`, detail: incident.title });
        });
        return { message: 'Others see now that you look after it.' };
      },
    },
  ];
}

export function tokenActions(deps: OfficeDeps): ActionSpec[] {
  return [
    {
      name: 'revoke',
      label: 'Revoke',
      icon: 'XCircle',
      component: 'Confirm',
      permission: 'token:change',
      input: [],
      isFor: (row) => row['revokedAt'] == null,
      async run(actor, id) {
        await revokeToken(deps, actor, { id });
        return { message: 'The token is worth nothing from now on.' };
      },
    },
  ];
}
