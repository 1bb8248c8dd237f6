import { QUANTITIES, unitOf, type Quantity } from '../domain/quantity.ts';
import { isDay, localDay } from '../domain/time-bucket.ts';
import { InvalidInput } from '../errors.ts';
import { reach, type Actor, type Reach } from '../domain/permission.ts';
import { findMeter } from '../store/meters.ts';
import { seen } from '../use-cases/access.ts';
import { listMeterGaps } from '../use-cases/list-meter-gaps.ts';
import { listMeterReadings } from '../use-cases/list-meter-readings.ts';
import type { OfficeDeps } from './office-deps.ts';

const MOST = 3_000;
/** In this order, as far as the meter has them. */
const SHOWN: readonly Quantity[] = [
  'active_power_total',
  'import_active_energy_total',
  'export_active_energy_total',
  'voltage_l1',
  'voltage_l2',
  'voltage_l3',
  'current_l1',
  'current_l2',
  'current_l3',
  'power_factor_total',
  'frequency',
];

function labelOf(quantity: Quantity): string {
  const words = quantity
    .replace(/_total$/, '')
    .replace(/_(l\d)$/, ' $1')
    .replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1).replace(/\bl(\d)/, 'L$1');
}

interface Row {
  atMs: number;
  [field: string]: unknown;
}

/** One day of one meter: what it answered, and why something is missing. */
export async function readingsOfDay(deps: OfficeDeps, actor: Actor, query: { meterId?: unknown; day?: unknown }): Promise<object> {
  const meterId = Number(query.meterId);
  if (!Number.isSafeInteger(meterId) || meterId < 1) throw new InvalidInput({ meterId: 'must be the id of a meter' });
  const within: Reach = reach(actor, 'reading:read');
  const meter = seen(await findMeter(deps.database.prisma, within, meterId), 'This meter');
  const flat = meter.installations.at(-1)?.point.flat;
  const zone = flat?.building.zone ?? 'UTC';
  const day = query.day || localDay(deps.clock(), zone);
  if (typeof day !== 'string' || !isDay(day)) throw new InvalidInput({ day: 'must be a day, such as 2026-01-31' });
  const range = { meterId, from: day, to: nextDay(day) };
  const readings = await listMeterReadings(deps, actor, { ...range, limit: MOST });
  const gaps = await listMeterGaps(deps, actor, { ...range, page: { afterId: 0, limit: MOST } });
  const clockOf = new Intl.DateTimeFormat('en-GB', { timeZone: zone, timeStyle: 'medium' });
  const rows: Row[] = [
    ...readings.items.map((item) => ({
      kind: 'reading',
      atMs: item.atMs,
      at: clockOf.format(item.atMs),
      latencyMs: item.latencyMs,
      values: item.values,
      refused: Object.keys(item.refused ?? {}),
    })),
    ...gaps.items.map((gap) => ({
      kind: 'gap',
      atMs: gap.fromAt.getTime(),
      at: clockOf.format(gap.fromAt),
      until: clockOf.format(gap.toAt),
      reason: gap.reason.replaceAll('_', ' '),
      detail: gap.detail,
    })),
  ];
  const has = (quantity: Quantity): boolean =>
    readings.items.some((item) => item.values[quantity] !== undefined || item.refused?.[quantity]);
  const columns = [...SHOWN, ...QUANTITIES.filter((quantity) => !SHOWN.includes(quantity) && SHOWN.every((one) => !has(one)))].filter(has);
  return {
    meter: { id: meter.id, serial: meter.serial, place: flat ? `${flat.building.name} · ${flat.name}` : '' },
    zone,
    day,
    columns: columns.map((name) => ({ name, label: labelOf(name), unit: unitOf(name) })),
    rows: rows.toSorted((a, b) => a.atMs - b.atMs).map(({ atMs: _, ...row }) => row),
    cut: readings.nextAfterMs !== null || gaps.nextAfterId !== null,
  };
}

function nextDay(day: string): string {
  return new Date(Date.parse(`${day}T12:00:00Z`) + 24 * 3_600_000).toISOString().slice(0, 10);
}
