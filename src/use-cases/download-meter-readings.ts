import type { CsvStyle } from '../domain/csv-line.ts';
import { reach, type Actor } from '../domain/permission.ts';
import type { Quantity } from '../domain/quantity.ts';
import { localDay } from '../domain/time-bucket.ts';
import { Forbidden } from '../errors.ts';
import { findMeter } from '../store/meters.ts';
import { seen } from './access.ts';
import { readingsTable } from './download-readings.ts';
import { visibleRange, zoneOfMeter, type MeterRange } from './list-meter-readings.ts';
import { openPlan, type OpenDownload, type OpenDownloadDeps } from './open-download.ts';
import { fileNameOf } from './plan-download.ts';

export type MeterDownload = MeterRange & { quantities: readonly Quantity[] | null; format: 'csv' | 'ndjson'; style: CsvStyle };

/** All readings of a meter in [from, to), as a file. */
export async function downloadMeterReadings(
  deps: OpenDownloadDeps,
  actor: Actor,
  { quantities, format, style, ...range }: MeterDownload,
): Promise<OpenDownload> {
  const { prisma } = deps.database;
  seen(await findMeter(prisma, reach(actor, 'reading:read'), range.meterId), 'This meter');
  if ((await findMeter(prisma, reach(actor, 'reading:download'), range.meterId)) === null) throw new Forbidden();
  const { meter, parts } = await visibleRange(deps, actor, range, 'reading:download');
  const zone = zoneOfMeter(meter);
  const table = await readingsTable(deps.database, [{ meterId: meter.id, serial: meter.serial, parts }], { zone, quantities });
  const [first, last] = [parts[0]?.fromMs, parts.at(-1)?.toMs];
  const days = first === undefined || last === undefined ? '' : `${localDay(first, zone)}-to-${localDay(last - 1, zone)}`;
  const buildingId = meter.installations.at(-1)?.point.flat.buildingId ?? 0;
  const detail = `readings of meter ${meter.serial}, ${days.replace('-to-', ' to ')}, ${format}`;
  return openPlan(deps, actor, { ...table, buildingId, detail, name: fileNameOf('readings', meter.serial, days) }, { format, style });
}
