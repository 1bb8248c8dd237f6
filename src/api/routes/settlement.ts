import { kwhOf } from '../../domain/settlement.ts';
import { csvFields, csvStyle } from '../../use-cases/download-input.ts';
import { downloadSettlement, showSettlement, type ShownSettlement } from '../../use-cases/show-settlement.ts';
import { route, type Route } from '../contract.ts';
import { SentFile, TYPE_OF_FORMAT } from '../file.ts';
import { id, idParam, z } from '../schema.ts';

const kwh = z.number().openapi({ description: 'kWh, whole Wh: three decimals' });
const unknownKwh = kwh.nullable().openapi({ description: 'kWh; null when nothing is known of the month, never 0 for it' });

const settlement = z
  .object({
    flats: z.array(
      z.object({
        id,
        name: z.string(),
        consumptionKwh: unknownKwh,
        gridKwh: unknownKwh,
        producers: z.record(z.string(), kwh).openapi({ description: 'What came from each producer, by name' }),
      }),
    ),
  })
  .openapi('Settlement');

const known = (wh: number | null) => (wh === null ? null : kwhOf(wh));

function toSettlement({ settlement: { flats, producers } }: ShownSettlement): z.input<typeof settlement> {
  return {
    flats: flats.map(({ id: flatId, name, consumptionWh, gridWh, ownWh }) => ({
      id: flatId,
      name,
      consumptionKwh: known(consumptionWh),
      gridKwh: known(gridWh),
      producers: Object.fromEntries(producers.map((producer, index) => [producer.name, kwhOf(ownWh[index] ?? 0)])),
    })),
  };
}

export const settlementRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/buildings/:buildingId/settlement',
    name: 'readSettlement',
    summary:
      'What each flat used in a month and where it came from; as csv or xlsx the classic monthly sheet. For whoever may download readings; a tenant has the own flat',
    tags: ['downloads'],
    permission: 'signed-in',
    params: z.object({ buildingId: idParam }),
    query: z.object({
      month: z.string().max(10),
      zone: z.string().max(64).optional().openapi({ description: 'In whose clocks the month is; by default those of the building' }),
      format: z.enum(['json', 'csv', 'xlsx'], 'must be json, csv or xlsx').default('json'),
      ...csvFields,
    }),
    response: settlement,
    files: true,
    async handler({ deps, actor, params, query: { format, separator, decimal, ...asked } }) {
      const input = { ...params, ...asked };
      if (format === 'json') return toSettlement(await showSettlement(deps, actor, input));
      const file = await downloadSettlement(deps, actor, { ...input, format, style: csvStyle({ separator, decimal }) });
      return new SentFile({ ...file, type: TYPE_OF_FORMAT[format] });
    },
  }),
];
