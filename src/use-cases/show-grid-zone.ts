import { flowOfPower, sumFlows, type BuildingFlow } from '../domain/building-flow.ts';
import { groupBy } from '../domain/group-by.ts';
import { can, reach, type Actor, type Permission } from '../domain/permission.ts';
import { QUARTER_HOUR_MS } from '../domain/time-bucket.ts';
import { NotFound } from '../errors.ts';
import { energyOfPoints, type BuildingEnergy } from '../store/building-energy.ts';
import { listGridZones, meterOf, metersInZone, openMeterIncidents, type MeterInZone, type OpenIncident } from '../store/grid-zones.ts';
import { sqlTime } from '../store/sql-time.ts';
import { findLatest, type LatestDeps } from './find-latest.ts';

const DAY_MS = 24 * 3_600_000;

/** The quarter hour of the last day in which most was used or made, as the power that it comes to. */
export interface Peak {
  powerW: number;
  atMs: number;
}

export interface GridZoneStatistics {
  atMs: number;
  meters: number;
  online: number;
  offline: number;
  /** Neither answered nor missed yet. */
  unheard: number;
  /** By the fresh values alone: what fell silent is missing. */
  power: BuildingFlow;
  peaks: Record<'consumption' | 'production' | 'gridImport' | 'gridExport', Peak | null>;
  /** Null: for whoever may not see incidents. */
  alarms: number | null;
}

async function metersOf(
  { database: { pool } }: LatestDeps,
  actor: Actor,
  permission: Permission,
  gridZone: string,
): Promise<MeterInZone[]> {
  const given = reach(actor, permission);
  const meters = await metersInZone(pool, given, gridZone);
  if (meters.length === 0 && (await listGridZones(pool, given, gridZone)).length === 0) throw new NotFound('This zone');
  return meters;
}

function peakOf(
  quarters: readonly BuildingEnergy[],
  part: 'consumptionWh' | 'productionWh' | 'gridImportWh' | 'gridExportWh',
): Peak | null {
  const known = quarters.flatMap(({ key, [part]: wh }) => (wh === null ? [] : [{ wh, atMs: Date.parse(`${key.replace(' ', 'T')}Z`) }]));
  const most = known.toSorted((a, b) => b.wh - a.wh || a.atMs - b.atMs)[0];
  return most === undefined ? null : { powerW: (most.wh * 3_600_000) / QUARTER_HOUR_MS, atMs: most.atMs };
}

function incidentsOf({ database: { pool } }: LatestDeps, meters: readonly MeterInZone[]): Promise<OpenIncident[]> {
  const buildingIds = [...new Set(meters.map(({ buildingId }) => buildingId))];
  return openMeterIncidents(
    pool,
    buildingIds,
    meters.map(({ id }) => id),
  );
}

/** How the meters of a part of the grid do, what they tell now, and the most of the last day. */
export async function showGridZone(deps: LatestDeps, actor: Actor, { gridZone }: { gridZone: string }): Promise<GridZoneStatistics> {
  const meters = await metersOf(deps, actor, 'live:read', gridZone);
  const nowMs = deps.clock();
  const points = new Map([...groupBy(meters, ({ kind }) => kind)].map(([kind, there]) => [kind, there.map(({ pointId }) => pointId)]));
  const watched = meters.filter(({ buildingId }) => can(actor, 'incident:read', { buildingId }));
  const [latest, quarters, incidents] = await Promise.all([
    findLatest(deps, meters),
    energyOfPoints(deps.database.pool, 'quarter', points, { from: sqlTime(nowMs - DAY_MS), to: sqlTime(nowMs) }),
    incidentsOf(deps, watched),
  ]);
  const parts = meters.map(({ id: meterId, kind, inverted }) => {
    const reading = latest.get(meterId);
    const values = reading?.fresh ? flowOfPower(reading.values['active_power_total']) : null;
    return { place: { meterId, kind, inverted, fromMs: null, toMs: null }, values };
  });
  const countOf = (state: MeterInZone['state']) => meters.filter((meter) => meter.state === state).length;
  return {
    ...{ atMs: nowMs, meters: meters.length, online: countOf('ok'), offline: countOf('silent'), unheard: countOf('new') },
    power: sumFlows(parts),
    peaks: {
      consumption: peakOf(quarters, 'consumptionWh'),
      production: peakOf(quarters, 'productionWh'),
      gridImport: peakOf(quarters, 'gridImportWh'),
      gridExport: peakOf(quarters, 'gridExportWh'),
    },
    alarms: meters.length > 0 && watched.length === 0 ? null : incidents.length,
  };
}

const TAMPERING = ['manomissione'];
const TOO_MUCH_POWER = ['supero_pmax_%', 'supero_pmax_contr_%', 'intervento_limitatore'];

/** A meter that something is open about. Moments since when, or null. */
export interface AlarmedMeter {
  meter: MeterInZone;
  offlineSince: Date | null;
  tamperingSince: Date | null;
  excessPowerSince: Date | null;
  alarms: { name: string; title: string; since: Date }[];
}

/** The meters of a part of the grid that are silent or report something, by their ids. */
export async function listZoneAlarms(
  deps: LatestDeps,
  actor: Actor,
  { gridZone, afterId, limit }: { gridZone: string; afterId: number; limit: number },
): Promise<{ items: AlarmedMeter[]; nextAfterId: number | null }> {
  const meters = await metersOf(deps, actor, 'incident:read', gridZone);
  const incidents = groupBy(await incidentsOf(deps, meters), ({ subject }) => meterOf(subject));
  const alarmed = meters.filter(({ id }) => id > afterId && incidents.has(id));
  const items = alarmed.slice(0, limit).map((meter) => alarmsOf(meter, incidents.get(meter.id) ?? []));
  return { items, nextAfterId: alarmed.length > limit ? (items.at(-1)?.meter.id ?? null) : null };
}

function alarmsOf(meter: MeterInZone, incidents: readonly OpenIncident[]): AlarmedMeter {
  const alarms = incidents.map(({ kind, subject, title, openedAt }) => ({
    ...{ title, since: openedAt },
    name: kind === 'meter-silent' ? 'offline' : subject.slice(subject.indexOf('/') + 1),
  }));
  const since = (names: readonly string[]) => alarms.filter(({ name }) => names.includes(name)).map((alarm) => alarm.since);
  const earliest = (names: readonly string[]) => since(names).toSorted((a, b) => a.getTime() - b.getTime())[0] ?? null;
  return {
    ...{ meter, alarms, offlineSince: earliest(['offline']) },
    ...{ tamperingSince: earliest(TAMPERING), excessPowerSince: earliest(TOO_MUCH_POWER) },
  };
}
