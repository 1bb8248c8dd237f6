import type { FlatKind } from '../../src/domain/building-flow.ts';
import type { ReadingRow } from '../../src/domain/outcome.ts';
import type { Database } from '../../src/store/database.ts';
import { insertReadings } from '../../src/store/readings.ts';
import { settleRecent } from '../../src/use-cases/settle-recent.ts';
import { loadModel } from './meter-models.ts';

const QUARTER_MS = 15 * 60_000;
const REGISTER_RATIO = { none: 'none', ct: 'ct', pt: 'pt', 'ct*pt': 'ct_pt' } as const;

/** 18 June 2026, 15:07:20 in Berlin. */
export const AFTERNOON_MS = Date.UTC(2026, 5, 18, 13, 7, 20);
const MIDNIGHT_MS = Date.UTC(2026, 5, 17, 22);
const LAST_SLOT_MS = Date.UTC(2026, 5, 18, 13);
const MOVED_IN = new Date('2025-01-01T00:00:00Z');
/** Nobody read anything from 03:00 to 04:00. */
const OUTAGE = { fromMs: MIDNIGHT_MS + 3 * 3_600_000, toMs: MIDNIGHT_MS + 4 * 3_600_000 };
export const SILENT_SINCE_MS = Date.UTC(2026, 5, 18, 9, 15);

export interface LivedInFlat {
  flatId: number;
  meterId: number;
  tenancyId: number;
  serial: string;
}

export interface LivedInBuilding {
  buildingId: number;
  flats: Record<string, LivedInFlat>;
}

function hour(ms: number): number {
  return (ms - MIDNIGHT_MS) / 3_600_000;
}

function bump(ms: number, at: number, width: number): number {
  return Math.exp(-(((hour(ms) - at) / width) ** 2));
}

/** W into the flat; a wave of its own for each, so that no two look alike. */
const POWERS = {
  household: (ms: number, i: number) =>
    90 +
    30 * i +
    60 * Math.sin(hour(ms) * 3 + i * 2) ** 2 +
    (700 + 90 * i) * bump(ms, 6.6 + i * 0.3, 0.6) +
    900 * bump(ms, 12.2 + i * 0.1, 0.5),
  common: (ms: number) => 240 + 60 * Math.sin(hour(ms) * 5) ** 2,
  photovoltaics: (ms: number) => -9_200 * bump(ms, 13.2, 3.1) * (1 - 0.25 * Math.sin(hour(ms) * 4) ** 2),
};

interface Planned {
  name: string;
  kind: FlatKind;
  serial: string;
  power: (ms: number) => number;
}

const HOUSEHOLDS: readonly Planned[] = ['1 left', '1 right', '2 left', '2 right', '3 left', '3 right'].map((name, i) => ({
  name: `Flat ${name}`,
  kind: 'consumer',
  serial: `SDM-20${i + 1}`,
  power: (ms) => POWERS.household(ms, i),
}));
const PLAN: readonly Planned[] = [
  ...HOUSEHOLDS,
  { name: 'Common area', kind: 'common', serial: 'SDM-101', power: POWERS.common },
  { name: 'Photovoltaics', kind: 'producer', serial: 'SDM-102', power: POWERS.photovoltaics },
];
const GRID: Planned = {
  name: 'Grid connection',
  kind: 'grid',
  serial: 'SDM-100',
  power: (ms) => PLAN.reduce((sum, { power }) => sum + power(ms), 0),
};
const SILENT_FLAT = 'Flat 2 right';
const NEW_FLAT = 'Flat 3 right';

/** A quarter hour of its meter's day per row. */
function dayOf(meterId: number, { name, power }: Planned): ReadingRow[] {
  const rows: ReadingRow[] = [];
  let importWh = 4_200_000 + meterId * 91_000;
  let exportWh = 0;
  for (let atMs = MIDNIGHT_MS; atMs <= LAST_SLOT_MS; atMs += QUARTER_MS) {
    const powerW = power(atMs);
    if (powerW > 0) importWh += Math.round(powerW / 4);
    else exportWh += Math.round(-powerW / 4);
    if (atMs >= OUTAGE.fromMs && atMs < OUTAGE.toMs) continue;
    if (name === NEW_FLAT || (name === SILENT_FLAT && atMs >= SILENT_SINCE_MS)) continue;
    const values = { active_power_total: powerW, import_active_energy_total: importWh, export_active_energy_total: exportWh };
    rows.push({ meterId, atMs, takenAtMs: atMs + 1_100, latencyMs: 38, values, extra: null, refused: null });
  }
  return rows;
}

/** A building as people know it, on a June afternoon: one meter silent, one not read yet, an hour of the night missing. */
export async function addLivedInBuilding(database: Database): Promise<LivedInBuilding> {
  const { prisma, pool } = database;
  const { registers, ...model } = loadModel('eastron-sdm630');
  const { id: modelId } = await prisma.meterModel.upsert({
    where: { key: model.key },
    update: {},
    create: { ...model, registers: { create: registers.map((register) => ({ ...register, ratio: REGISTER_RATIO[register.ratio] })) } },
  });
  const building = await prisma.building.create({ data: { name: 'Linden Court', address: 'Lindenstraße 12, Berlin', demo: true } });
  const line = await prisma.line.create({ data: { buildingId: building.id, name: 'Cellar', host: '127.0.0.1', port: 502 } });
  const flats: Record<string, LivedInFlat> = {};
  const rows: ReadingRow[] = [];
  const pointIds: number[] = [];
  for (const [i, planned] of [...PLAN, GRID].entries()) {
    const { name, kind, serial } = planned;
    const { id: flatId } = await prisma.flat.create({ data: { buildingId: building.id, name, kind } });
    const { id: pointId } = await prisma.point.create({ data: { flatId, name: 'main' } });
    pointIds.push(pointId);
    const state =
      name === NEW_FLAT
        ? {}
        : name === SILENT_FLAT
          ? { state: 'silent' as const, stateSince: new Date(SILENT_SINCE_MS), stateReason: 'no-answer' }
          : { state: 'ok' as const, stateSince: MOVED_IN };
    const { id: meterId } = await prisma.meter.create({ data: { serial, modelId, ...state } });
    // It begins with the first value.
    const fromAt = name === NEW_FLAT ? null : MOVED_IN;
    await prisma.installation.create({ data: { pointId, meterId, lineId: line.id, unitId: i + 1, fromAt } });
    const { id: tenancyId } = await prisma.tenancy.create({ data: { flatId, name: `Party of ${name}`, fromAt: MOVED_IN } });
    flats[name] = { flatId, meterId, tenancyId, serial };
    rows.push(...dayOf(meterId, planned));
  }
  await insertReadings(pool, rows);
  await settleRecent({ pool, clock: () => AFTERNOON_MS }, pointIds);
  return { buildingId: building.id, flats };
}
