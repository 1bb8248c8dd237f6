import { basename, extname } from 'node:path';
import type { Config } from '../config.ts';
import { consoleActor } from '../domain/permission.ts';
import { InvalidInput } from '../errors.ts';
import { importEmdc } from '../use-cases/import-emdc.ts';
import { importEmm } from '../use-cases/import-emm.ts';
import { importMmetering } from '../use-cases/import-mmetering.ts';
import { runDataImport } from './data-import.ts';

export interface ImportMmeteringOptions {
  file: string;
  zone?: string;
  name?: string;
  clock?: string;
  dryRun?: boolean;
}

function zoneOf(zone: string | undefined): string {
  if (zone === undefined) throw new InvalidInput({ '--zone': 'is needed: the zone of the old clock, such as Europe/Berlin' });
  return zone;
}

/** `wattbook import mmetering DUMP.json` */
export async function runImportMmetering(
  config: Config,
  { file, zone, name, clock, dryRun = false }: ImportMmeteringOptions,
): Promise<void> {
  const input = { zone: zoneOf(zone), name: name ?? basename(file, extname(file)), clock };
  await runDataImport(config, [file], dryRun, (deps, [source], run) => importMmetering(deps, consoleActor(), source!, { input, ...run }));
}

export interface ImportEmdcOptions extends ImportMmeteringOptions {
  topics?: string;
  meta?: string;
  model?: string;
}

/** `wattbook import emdc DATA.csv --topics TOPICS.csv` */
export async function runImportEmdc(config: Config, options: ImportEmdcOptions): Promise<void> {
  const { file, zone, name, clock, topics, meta, model, dryRun = false } = options;
  if (topics === undefined) throw new InvalidInput({ '--topics': 'is needed: the table topics as CSV' });
  if (model === undefined) throw new InvalidInput({ '--model': 'is needed: the model of the panels, such as eaton-pxm-4000' });
  const input = { zone: zoneOf(zone), name: name ?? basename(file, extname(file)), modelKey: model, clock };
  await runDataImport(config, [topics, file, ...(meta === undefined ? [] : [meta])], dryRun, (deps, files, run) => {
    const [first, second, third = null] = files;
    return importEmdc(deps, consoleActor(), { topics: first!, data: second!, meta: third }, { input, ...run });
  });
}

export interface ImportEmmOptions extends ImportMmeteringOptions {
  meters?: string;
  registers?: string;
}

/** `wattbook import emm DATA.csv --meters METERS.csv --registers REGISTERS.csv` */
export async function runImportEmm(config: Config, options: ImportEmmOptions): Promise<void> {
  const { file, zone, name, meters, registers, dryRun = false } = options;
  if (meters === undefined) throw new InvalidInput({ '--meters': 'is needed: the table energy_meters as CSV' });
  if (registers === undefined) throw new InvalidInput({ '--registers': 'is needed: the table registers as CSV' });
  const input = { zone: zoneOf(zone), name: name ?? basename(file, extname(file)) };
  await runDataImport(config, [meters, registers, file], dryRun, (deps, [first, second, third], run) =>
    importEmm(deps, consoleActor(), { meters: first!, registers: second!, data: third! }, { input, ...run }),
  );
}
