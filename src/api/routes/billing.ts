import { reach } from '../../domain/permission.ts';
import { SPLIT_KINDS } from '../../domain/split-rule.ts';
import { NotFound } from '../../errors.ts';
import { readBillingSettings, type BillingSettings } from '../../store/billing-settings.ts';
import { findBuilding } from '../../store/buildings.ts';
import { changeBilling, changeBillingInput, percentOf } from '../../use-cases/change-billing.ts';
import { route, type Route } from '../contract.ts';
import { id, idParam, money, z } from '../schema.ts';

const billing = z
  .object({
    kind: z.enum(SPLIT_KINDS).openapi({
      description:
        'How the own production is split: in proportion to what each flat uses in the quarter hour, by fixed shares, or by each flat’s part of the consumption of the whole period, capped at what it uses',
    }),
    surplus: z.enum(['export', 'others']).openapi({ description: 'Where a flat’s unused fixed share goes' }),
    shares: z.array(z.object({ flatId: id, producerId: id, percent: money })),
    sender: z.string().openapi({ description: 'Who sends the bills' }),
    remark: z.string().openapi({ description: 'Under every bill' }),
  })
  .openapi('Billing');

function toBilling({ shares, ...settings }: BillingSettings): z.input<typeof billing> {
  return {
    ...settings,
    shares: shares.map((share) => ({ flatId: share.flatId, producerId: share.producerId, percent: percentOf(share) })),
  };
}

const tags: [string] = ['tariffs'];
const params = z.object({ buildingId: idParam });

export const billingRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/buildings/:buildingId/billing',
    summary: 'How a building splits its own production, and what stands on its bills',
    tags,
    permission: 'tariff:read',
    params,
    response: billing,
    handler: async ({ deps, actor, params: { buildingId } }) => {
      const building = await findBuilding(deps.database.prisma, reach(actor, 'tariff:read'), buildingId);
      if (building === null) throw new NotFound('This building');
      return toBilling(await readBillingSettings(deps.database.prisma, buildingId));
    },
  }),
  route({
    method: 'patch',
    path: '/buildings/:buildingId/billing',
    summary: 'Change it; a list of shares replaces the one before',
    tags,
    permission: 'tariff:change',
    params,
    body: changeBillingInput,
    response: billing,
    handler: async ({ deps, actor, params: { buildingId }, body }) => toBilling(await changeBilling(deps, actor, { ...body, buildingId })),
  }),
];
