import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Behaviour } from '../domain/virtual-behaviour.ts';
import { AppError } from '../errors.ts';
import type { CounterBase } from './physics.ts';
import type { PartSpec, ProfileSpec, Site } from './profile.ts';
import { temperaments, type TemperamentName } from './temperaments.ts';

const partSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('household'),
    temperament: z.enum(Object.keys(temperaments) as [TemperamentName, ...TemperamentName[]]),
    areaM2: z.number().positive(),
    seed: z.number().int(),
  }),
  z.object({ kind: z.literal('common'), seed: z.number().int() }),
  z.object({ kind: z.literal('pv'), peakKw: z.number().positive(), tiltDeg: z.number() }),
  z.object({ kind: z.literal('chp'), electricKw: z.number().positive(), seed: z.number().int() }),
]) satisfies z.ZodType<PartSpec>;

const profileSchema = z.union([
  partSchema,
  z.object({ kind: z.literal('grid'), parts: z.array(partSchema) }),
]) satisfies z.ZodType<ProfileSpec>;

const baseSchema = z.object({
  atMs: z.number(),
  importWh: z.number(),
  exportWh: z.number(),
  importVarh: z.number(),
  peakW: z.number(),
}) satisfies z.ZodType<CounterBase>;

const behaviourSchema = z.union([
  z.object({ kind: z.enum(['normal', 'silent', 'garbage']) }),
  z.object({ kind: z.literal('latency'), ms: z.number() }),
  z.object({ kind: z.literal('exception'), code: z.number() }),
]) satisfies z.ZodType<Behaviour>;

const fileSchema = z.object({
  buildingId: z.number().int(),
  site: z.object({ zone: z.string(), latitudeDeg: z.number(), longitudeDeg: z.number(), seed: z.number().int() }) satisfies z.ZodType<Site>,
  meters: z.array(
    z.object({
      serial: z.string(),
      lineId: z.number().int(),
      port: z.number().int(),
      spoken: z.enum(['mbap', 'rtu']).optional(),
      unitId: z.number().int(),
      model: z.string(),
      profile: profileSchema,
      base: baseSchema,
      behaviour: behaviourSchema,
    }),
  ),
});

export type VirtualMeterFile = z.output<typeof fileSchema>;

function pathIn(dataDir: string): string {
  return join(dataDir, 'virtual-meters.json');
}

/** Null when no demo is loaded. */
export async function readVirtualMeterFile(dataDir: string): Promise<VirtualMeterFile | null> {
  const path = pathIn(dataDir);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw err;
  }
  try {
    return fileSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new AppError('bad-file', `${path} is not what the demo wrote. Remove the demo building and load it again.`, { cause });
  }
}

/** Whole or not at all. */
export async function writeVirtualMeterFile(dataDir: string, file: VirtualMeterFile): Promise<void> {
  const path = pathIn(dataDir);
  await writeFile(`${path}.new`, JSON.stringify(file, null, 1));
  await rename(`${path}.new`, path);
}

export async function removeVirtualMeterFile(dataDir: string): Promise<void> {
  await rm(pathIn(dataDir), { force: true });
}
