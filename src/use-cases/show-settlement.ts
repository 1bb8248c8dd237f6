import { isMonth, spanOf } from '../domain/billing-period.ts';
import type { Span } from '../domain/gap.ts';
import { localStamp } from '../domain/local-stamp.ts';
import type { CsvStyle } from '../domain/csv-line.ts';
import type { Actor } from '../domain/permission.ts';
import { say } from '../domain/refusal.ts';
import { settlementCsv } from '../domain/settlement-csv.ts';
import { monthlySheet, sheetFileName } from '../domain/settlement-sheet.ts';
import { addToDay, isZone } from '../domain/time-bucket.ts';
import { InvalidInput } from '../errors.ts';
import { writeSettlementWorkbook } from '../sheets/write-settlement.ts';
import { recordActivity } from '../store/activities.ts';
import type { Building } from '../store/buildings.ts';
import type { Database } from '../store/database.ts';
import { downloadRights } from './download-rights.ts';
import { loadSettlement, type LoadedSettlement } from './load-settlement.ts';

export interface SettlementDeps {
  database: Pick<Database, 'prisma' | 'pool'>;
  clock: () => number;
}

export interface SettlementInput {
  buildingId: number;
  month: string;
  /** The building's, if it is left out. */
  zone?: string | undefined;
}

/** The calendar month; of the one that is running what is over. */
export function monthSpan(month: string, zone: string, nowMs: number): Span {
  if (!isMonth(month)) throw new InvalidInput({ month: say('notAMonth') });
  const first = `${month}-01`;
  const { fromMs, toMs } = spanOf({ from: first, to: addToDay(first, { months: 1 }) }, zone);
  if (fromMs >= nowMs) throw new InvalidInput({ month: say('monthToCome') });
  return { fromMs, toMs: Math.min(toMs, nowMs) };
}

export interface ShownSettlement extends LoadedSettlement {
  building: Building;
  zone: string;
  span: Span;
}

export async function showSettlement({ database, clock }: SettlementDeps, actor: Actor, input: SettlementInput): Promise<ShownSettlement> {
  const { building, sightOf } = await downloadRights(database.prisma, actor, input.buildingId);
  const { month, zone = building.zone } = input;
  if (!isZone(zone)) throw new InvalidInput({ zone: say('notAZone') });
  const span = monthSpan(month, zone, clock());
  return { building, zone, span, ...(await loadSettlement(database, building.id, span, (flatId) => sightOf(flatId, span))) };
}

export interface SettlementFile {
  name: string;
  content: string | Buffer;
}

export async function writeSettlement(
  { settlement, meters, zone }: Pick<ShownSettlement, 'settlement' | 'meters' | 'zone'>,
  { month, format, style, nowMs }: { month: string; format: 'csv' | 'xlsx'; style: CsvStyle; nowMs: number },
): Promise<SettlementFile> {
  const sheet = monthlySheet(settlement, meters);
  return {
    name: sheetFileName(month, localStamp(nowMs, zone), format),
    content: format === 'csv' ? settlementCsv(sheet, zone, style) : await writeSettlementWorkbook(sheet, zone),
  };
}

/** The monthly sheet as a file; who took it is noted. */
export async function downloadSettlement(
  deps: SettlementDeps,
  actor: Actor,
  { format, style, ...input }: SettlementInput & { format: 'csv' | 'xlsx'; style: CsvStyle },
): Promise<SettlementFile> {
  const shown = await showSettlement(deps, actor, input);
  const file = await writeSettlement(shown, { month: input.month, format, style, nowMs: deps.clock() });
  await recordActivity(deps.database.prisma, actor, {
    action: 'download',
    subject: `building-${shown.building.id}`,
    detail: `${shown.building.name}: monthly sheet of ${input.month}, ${format}`,
  });
  return file;
}
