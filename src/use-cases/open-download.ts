import type { CsvStyle } from '../domain/csv-line.ts';
import type { DownloadPlan, PlannedTable } from '../domain/download-plan.ts';
import type { Actor } from '../domain/permission.ts';
import { localDay } from '../domain/time-bucket.ts';
import { recordActivity } from '../store/activities.ts';
import type { Exports, FileOrder } from '../sheets/export-process.ts';
import type { Sink, TableFormat } from '../sheets/write-table.ts';
import { planBills } from './download-bills.ts';
import { planEnergy } from './download-energy.ts';
import { csvStyle, quantitiesOf, type DownloadInput, type DownloadKind } from './download-input.ts';
import { planReadings } from './download-readings.ts';
import { downloadRights, type DownloadRights } from './download-rights.ts';
import { planSplit } from './download-split.ts';
import { fileNameOf, type DownloadDeps } from './plan-download.ts';
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
): Promise<PlannedTable> {
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

export interface Written {
  format: TableFormat;
  style: CsvStyle;
}

export function orderOf({ columns, source, name }: DownloadPlan, { format, style }: Written): FileOrder {
  return { columns, source, format, style, title: name.split('-')[1] ?? '' };
}

export interface OpenDownloadDeps extends DownloadDeps {
  exports: Pick<Exports, 'write'>;
}

export interface OpenDownload {
  name: string;
  format: TableFormat;
  send(sink: Sink, signal?: AbortSignal): Promise<void>;
}

/** A download that is noted with who takes it, and then sent. */
export async function openDownload(deps: OpenDownloadDeps, actor: Actor, input: Whole): Promise<OpenDownload> {
  const style = csvStyle(input);
  return openPlan(deps, actor, await planDownload(deps, actor, input), { format: input.format, style });
}

export async function openPlan(deps: OpenDownloadDeps, actor: Actor, plan: DownloadPlan, how: Written): Promise<OpenDownload> {
  await recordActivity(deps.database.prisma, actor, { action: 'download', subject: `building-${plan.buildingId}`, detail: plan.detail });
  return {
    name: `${plan.name}.${how.format}`,
    format: how.format,
    send: (sink, signal) => deps.exports.write(orderOf(plan, how), sink, { signal }),
  };
}
