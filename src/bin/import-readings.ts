import type { Config } from '../config.ts';
import { consoleActor } from '../domain/permission.ts';
import { importReadings } from '../use-cases/import-readings.ts';
import { runDataImport } from './data-import.ts';

export interface ImportReadingsOptions {
  file: string;
  zone?: string;
  moveStart?: boolean;
  dryRun?: boolean;
}

/** `wattbook import-readings FILE.csv` */
export async function runImportReadings(
  config: Config,
  { file, zone, moveStart = false, dryRun = false }: ImportReadingsOptions,
): Promise<void> {
  await runDataImport(config, [file], dryRun, (deps, [source], run) =>
    importReadings(deps, consoleActor(), source!, { zone: zone ?? null, moveStart, ...run }),
  );
}
