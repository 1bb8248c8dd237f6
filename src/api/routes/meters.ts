import { can, ownOf, reach, reachAt, type Actor } from '../../domain/permission.ts';
import { NotFound } from '../../errors.ts';
import { findMeter, listMeters, type MeterRow } from '../../store/meters.ts';
import { changeMeter, changeMeterInput } from '../../use-cases/change-meter.ts';
import { closeMeter } from '../../use-cases/close-meter.ts';
import { closeInput } from '../../use-cases/close-tenancy.ts';
import { exchangeMeter, exchangeMeterInput } from '../../use-cases/exchange-meter.ts';
import { storedName } from '../../use-cases/history-input.ts';
import { findVisibleLatest, type Latest } from '../../use-cases/find-latest.ts';
import { installMeter, installMeterInput } from '../../use-cases/install-meter.ts';
import { readMeterNow } from '../../use-cases/read-meter-now.ts';
import { route, type Route } from '../contract.ts';
import { pageRequest, toList } from '../cursor.ts';
import type { ApiDeps } from '../deps.ts';
import { camelValues } from '../live-items.ts';
import { idParam, listOf, ownOnly, pageQuery, z } from '../schema.ts';
import { meter, meterState, readNowReply } from './meter-schema.ts';

function toPlace(row: MeterRow): z.input<typeof meter>['place'] {
  const place = row.installations.at(-1);
  if (!place) return null;
  const { name: pointName, inverted, flat } = place.point;
  return {
    installationId: place.id,
    pointId: place.pointId,
    pointName,
    inverted,
    flatId: flat.id,
    flatName: flat.name,
    flatKind: flat.kind,
    buildingId: flat.buildingId,
    buildingName: flat.building.name,
    running: place.running,
    fromAt: place.fromAt,
    toAt: place.toAt,
  };
}

function toLatest(latest: Latest): z.input<typeof meter>['latest'] {
  return { at: new Date(latest.atMs), takenAt: new Date(latest.takenAtMs), fresh: latest.fresh, values: camelValues(latest.values) };
}

async function toMeters(deps: ApiDeps, actor: Actor, rows: readonly MeterRow[]): Promise<Map<number, z.input<typeof meter>>> {
  const latest = await findVisibleLatest({ ...deps, readCron: deps.config.READ_CRON }, actor, rows);
  return new Map(
    rows.map((row) => {
      const { model, installations: _, ...columns } = row;
      const known = latest.get(row.id);
      const place = toPlace(row);
      // It tells hosts and unit ids.
      const stateDetail = can(actor, 'line:read', { buildingId: place?.buildingId ?? null }) ? row.stateDetail : '';
      return [
        row.id,
        {
          ...columns,
          stateDetail,
          modelKey: model.key,
          modelName: `${model.vendor} ${model.name}`,
          pushes: row.installations.at(-1)?.line.transport === 'push',
          place: place ?? null,
          latest: known ? toLatest(known) : null,
        },
      ] as const;
    }),
  );
}

async function toMeter(deps: ApiDeps, actor: Actor, row: MeterRow): Promise<z.input<typeof meter>> {
  const shown = (await toMeters(deps, actor, [row])).get(row.id);
  if (!shown) throw new NotFound('This meter');
  return shown;
}

const tags: [string] = ['meters'];
const params = z.object({ meterId: idParam });

export const meterRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/meters',
    summary: 'Meters with their place, state and latest values',
    tags,
    permission: 'meter:read',
    query: z.object({
      ...pageQuery,
      buildingId: idParam.optional(),
      flatId: idParam.optional(),
      state: meterState.optional(),
      own: ownOnly,
    }),
    response: listOf(meter),
    handler: async ({ deps, actor, query: { buildingId, flatId, state, own, ...page } }) => {
      const given = reach(actor, 'meter:read');
      const now = reachAt(own ? ownOf(given) : given, deps.clock());
      const rows = await listMeters(deps.database.prisma, now, { buildingId, flatId, state }, pageRequest(page));
      const shown = await toMeters(deps, actor, rows.items);
      return toList({ ...rows, items: [...shown.values()] }, (item) => item);
    },
  }),
  route({
    method: 'post',
    path: '/meters',
    name: 'installMeter',
    summary: 'Put a meter into a flat: makes what is missing of point, meter and installation',
    tags,
    permission: 'meter:change',
    body: installMeterInput,
    response: meter,
    status: 201,
    handler: async ({ deps, actor, body }) => toMeter(deps, actor, await installMeter(deps, actor, body)),
  }),
  route({
    method: 'get',
    path: '/meters/:meterId',
    summary: 'One meter with its place, state and latest values',
    tags,
    permission: 'meter:read',
    params,
    response: meter,
    handler: async ({ deps, actor, params: { meterId } }) => {
      const row = await findMeter(deps.database.prisma, reach(actor, 'meter:read'), meterId);
      if (row === null) throw new NotFound('This meter');
      return toMeter(deps, actor, row);
    },
  }),
  route({
    method: 'patch',
    path: '/meters/:meterId',
    summary: 'Change a meter',
    tags,
    permission: 'meter:change',
    params,
    body: changeMeterInput,
    response: meter,
    handler: async ({ deps, actor, params: { meterId }, body }) =>
      toMeter(deps, actor, await changeMeter(deps, actor, { ...body, id: meterId })),
  }),
  route({
    method: 'post',
    path: '/meters/:meterId/close',
    name: 'closeMeter',
    summary: 'Take a meter away, now by default: its installation ends, all its readings stay',
    tags,
    permission: 'meter:change',
    params,
    body: closeInput,
    response: meter,
    handler: async ({ deps, actor, params: { meterId }, body }) =>
      toMeter(deps, actor, await closeMeter(deps, actor, { ...body, id: meterId })),
  }),
  route({
    method: 'post',
    path: '/meters/:meterId/exchange',
    name: 'exchangeMeter',
    summary: 'Put a new meter in the place of this one, with the counters of both: the energy of the point stays whole',
    tags,
    permission: 'meter:change',
    params,
    body: exchangeMeterInput,
    response: meter,
    status: 201,
    handler: async ({ deps, actor, params: { meterId }, body }) =>
      toMeter(deps, actor, await exchangeMeter(deps, actor, { ...body, id: meterId })),
  }),
  route({
    method: 'post',
    path: '/meters/:meterId/read-now',
    name: 'readMeterNow',
    summary: 'Read a meter at once and wait for its answer, which is not stored',
    tags,
    permission: 'meter:control',
    params,
    query: z.object({
      quantities: z
        .string()
        .max(2_000)
        .optional()
        .openapi({ description: 'Names of its model separated by commas; by default all standard quantities' }),
    }),
    response: readNowReply,
    refuses: [504],
    handler: async ({ deps, actor, params: { meterId }, query }) => {
      const quantities = query.quantities?.split(',').map((name) => storedName(name.trim()));
      const reply = await readMeterNow(deps, actor, { meterId, quantities });
      return reply.ok ? { ...reply, values: camelValues(reply.values) } : reply;
    },
  }),
];
