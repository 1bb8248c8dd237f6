import { CELL_STATES } from '../../domain/coverage.ts';
import { csvFields, csvStyle } from '../../use-cases/download-input.ts';
import { downloadCoverage } from '../../use-cases/download-coverage.ts';
import { showBalance } from '../../use-cases/show-balance.ts';
import { showCoverage, type CoveredMeter } from '../../use-cases/show-coverage.ts';
import { flatKind } from '../../use-cases/create-flat.ts';
import { route, type Route } from '../contract.ts';
import { StreamedFile, TYPE_OF_FORMAT } from '../file.ts';
import { id, idParam, time, z } from '../schema.ts';
import { gapReason } from './meter-schema.ts';

const run = z.object({
  state: z.enum(CELL_STATES).openapi({
    description:
      'read; partial: some readings are missing; estimated: none, but its energy is told by those around; gap: nothing is known; ahead: not yet; absent: it does not hang here',
  }),
  reason: gapReason.nullable(),
  count: z.number().int().openapi({ description: 'Quarter hours in a row' }),
});

const coverage = z
  .object({
    zone: z.string(),
    day: z.string(),
    from: time.openapi({ description: 'The beginning of the first quarter hour' }),
    quarters: z.number().int().openapi({ description: '96; 92 and 100 on the days of the switch' }),
    items: z.array(
      z.object({
        meterId: id,
        serial: z.string(),
        flatName: z.string(),
        flatKind,
        runs: z.array(run),
        health: z
          .object({
            lastAnswerAt: time.nullable(),
            lastFailure: z.object({ at: time, reason: z.string(), detail: z.string() }).nullable(),
            slots: z.number().int(),
            answered: z.number().int(),
            latencyMedianMs: z.number().nullable(),
            latencyP95Ms: z.number().nullable(),
          })
          .nullable(),
      }),
    ),
  })
  .openapi('BuildingCoverage');

const wattHours = z.number().int().nullable().openapi({ description: 'Wh; null when unknown, never 0 for it' });

const balance = z
  .object({
    zone: z.string(),
    from: time,
    to: time,
    until: time.openapi({ description: 'Up to here the energy is worked out' }),
    slots: z.number().int().openapi({ description: 'Quarter hours from `from` to `until`' }),
    gridImportWh: wattHours,
    gridExportWh: wattHours,
    productionWh: wattHours,
    storageWh: wattHours.openapi({ description: 'Wh; what storages gave beyond what they took' }),
    flatsWh: wattHours,
    commonWh: wattHours,
    carsWh: wattHours,
    fedWh: wattHours.openapi({ description: 'Wh; what came in and stayed' }),
    usedWh: wattHours,
    differenceWh: wattHours,
    missing: z.array(z.object({ name: z.string(), slots: z.number().int() })).openapi({
      description: 'Flats whose energy is unknown in so many quarter hours: the sums lack it',
    }),
    verdict: z.enum(['no-main-meter', 'nothing-known', 'missing', 'even', 'more-in', 'more-used']),
  })
  .openapi('BuildingBalance');

const at = (ms: number | null) => (ms === null ? null : new Date(ms));

function toItem({ meterId, serial, flat, runs, health }: CoveredMeter) {
  const failure = health?.lastFailure ?? null;
  return {
    ...{ meterId, serial, flatName: flat.name, flatKind: flat.kind, runs },
    health: health && {
      ...health,
      lastAnswerAt: at(health.lastAnswerMs),
      lastFailure: failure && { ...failure, at: new Date(failure.atMs) },
    },
  };
}

const params = z.object({ buildingId: idParam });

export const coverageRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/buildings/:buildingId/coverage',
    name: 'readCoverage',
    summary:
      'How each meter of a building was read on a day, by the quarter hour, and how it does in its last slots; as csv for whoever may download',
    tags: ['buildings'],
    permission: 'reading:read',
    params,
    query: z.object({
      day: z.string().max(10).optional().openapi({ description: 'A day in the zone of the building; today by default' }),
      format: z.enum(['json', 'csv'], 'must be json or csv').default('json'),
      ...csvFields,
    }),
    response: coverage,
    files: true,
    handler: async ({ deps, actor, params: { buildingId }, query: { format, separator, decimal, ...query } }) => {
      if (format === 'csv') {
        const { name, send } = await downloadCoverage(deps, actor, { buildingId, ...query, style: csvStyle({ separator, decimal }) });
        return new StreamedFile({
          name,
          type: TYPE_OF_FORMAT.csv,
          write: (sink, signal) => deps.downloads.within(() => send(sink, signal)),
        });
      }
      const { fromMs, items, ...day } = await showCoverage(deps, actor, { buildingId, ...query });
      return { ...day, from: new Date(fromMs), items: items.map(toItem) };
    },
  }),
  route({
    method: 'get',
    path: '/buildings/:buildingId/balance',
    name: 'readBalance',
    summary: 'The main meter against all other meters in the days [from, to): what came in, what was used, what is missing',
    tags: ['buildings'],
    permission: 'reading:read',
    params,
    query: z.object({
      from: z.string().max(10).optional().openapi({ description: 'A day in the zone of the building; today by default' }),
      to: z.string().max(10).optional().openapi({ description: 'Not included; by default the day after `from`' }),
    }),
    response: balance,
    handler: async ({ deps, actor, params: { buildingId }, query }) => {
      const { fromMs, toMs, untilMs, ...shown } = await showBalance(deps, actor, { buildingId, ...query });
      return { ...shown, from: new Date(fromMs), to: new Date(toMs), until: new Date(untilMs) };
    },
  }),
];
