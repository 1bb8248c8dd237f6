import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseModelFamily } from '../domain/meter-model-family.ts';
import { baseKeyOf } from '../domain/meter-model-header.ts';
import type { MeterModel } from '../domain/meter-model.ts';
import { AppError } from '../errors.ts';

/** A virtual meter is what its file says, whatever people make of the model in the back office. */
export async function readModelFile(folder: string, key: string): Promise<MeterModel> {
  const pathOf = (name: string) => join(folder, `${name}.csv`);
  const texts = new Map<string, string>();
  for (let next: string | null = key; next !== null && !texts.has(next);) {
    const text = await readFile(pathOf(next), 'utf8');
    texts.set(next, text);
    next = baseKeyOf(text);
  }
  const parsed = parseModelFamily(key, (name) => texts.get(name));
  if (parsed.ok) return parsed.model;
  const [first] = parsed.errors;
  throw new AppError('bad-model', `${pathOf(key)} line ${first?.line}, ${first?.column}: ${first?.problem}`);
}

/** The keys of all models in the folder. */
export async function modelKeys(folder: string): Promise<string[]> {
  const files = await readdir(folder);
  return files
    .filter((file) => file.endsWith('.csv'))
    .map((file) => file.slice(0, -'.csv'.length))
    .toSorted();
}
