import type { Actor } from '../domain/permission.ts';
import { localDay } from '../domain/time-bucket.ts';
import { recordActivity } from '../store/activities.ts';
import { inSnapshot } from '../store/snapshot.ts';
import { writeTable, type Sink, type TableFormat } from '../sheets/write-table.ts';
import { planBills } from './download-bills.ts';
import { planEnergy } from './download-energy.ts';
import { csvStyle, quantitiesOf, type DownloadInput, type DownloadKind } from './download-input.ts';
import { planReadings } from './download-readings.ts';
import { downloadRights, type DownloadRights } from './download-rights.ts';
import { planSplit } from './download-split.ts';
import { fileNameOf, type DownloadDeps, type DownloadPlan } from './plan-download.ts';
import { rangeOf } from './time-range.ts';

const LONGEST_DAYS = 80_000;

type Whole = DownloadInput & { buildingId: number; what: DownloadKind };

/** Rights and input are checked before a byte leaves. */
export async function planDownload(deps: DownloadDeps, actor: Actor, input: Whole): Promise<DownloadPlan> {
  const { database, clock } = deps;
  const rights = await downloadRights(database.prisma, actor, input.buildingId);
  const { building } = rights;
  const zone = input.zone ?? building.zone;
  const span = rangeOf(input, zone, { nowMs: clock(), longestDays: LONGEST_DAYS });
  const { what, ...plan } = await planKind(deps, actor, rights, { ...input, zone, span });
  const days = `${localDay(span.fromMs, zone)}-to-${localDay(span.toMs - 1, zone)}`;
  return {
    ...plan,
    buildingId: building.id,
    name: fileNameOf(input.what, building.name, days),
    detail: `${building.name}: ${what}, ${days.replace('-to-', ' to ')}, ${input.format}`,
  };
}

function planKind(
  { database, clock }: DownloadDeps,
  actor: Actor,
  rights: DownloadRights,
  wanted: Whole & { zone: string; span: { fromMs: number; toMs: number } },
): Promise<Pick<DownloadPlan, 'columns' | 'read'> & { what: string }> {
  switch (wanted.what) {
    case 'readings':
      return planReadings(database, rights, { ...wanted, quantities: quantitiesOf(wanted.quantities) });
    case 'energy':
      return planEnergy(database, rights, wanted);
    case 'split':
      return planSplit(database, rights, { ...wanted, nowMs: clock() });
    case 'bills':
      return planBills(database, actor, rights, wanted);
  }
}

export interface Sending {
  format: TableFormat;
  style: ReturnType<typeof csvStyle>;
  /** Whoever waits for it has gone. */
  signal?: AbortSignal | undefined;
  onProgress?(done: number): Promise<void>;
}

/** Of one moment, in constant memory. */
export async function writePlan({ database }: DownloadDeps, plan: DownloadPlan, { signal, ...how }: Sending, sink: Sink): Promise<void> {
  await inSnapshot(
    database.pool,
    (connection) =>
      writeTable({ columns: plan.columns, batches: plan.read(connection) }, { ...how, title: plan.name.split('-')[1] ?? '' }, sink),
    signal,
  );
}

export interface OpenDownload {
  name: string;
  format: TableFormat;
  send(sink: Sink, signal?: AbortSignal): Promise<void>;
}

/** A download that is noted with who takes it, and then sent. */
export async function openDownload(deps: DownloadDeps, actor: Actor, input: Whole): Promise<OpenDownload> {
  const style = csvStyle(input);
  return openPlan(deps, actor, await planDownload(deps, actor, input), { format: input.format, style });
}

export async function openPlan(deps: DownloadDeps, actor: Actor, plan: DownloadPlan, how: Sending): Promise<OpenDownload> {
  await recordActivity(deps.database.prisma, actor, { action: 'download', subject: `building-${plan.buildingId}`, detail: plan.detail });
  return {
    name: `${plan.name}.${how.format}`,
    format: how.format,
    send: (sink, signal) => writePlan(deps, plan, { ...how, signal }, sink),
  };
}
