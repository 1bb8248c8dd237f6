import { existsSync, readFileSync } from 'node:fs';
import { parseModelFamily } from '../../src/domain/meter-model-family.ts';
import type { MeterModel } from '../../src/domain/meter-model.ts';

/** The text of a file of the device library. */
export function modelText(key: string): string | undefined {
  const url = new URL(`../../meters/${key}.csv`, import.meta.url);
  return existsSync(url) ? readFileSync(url, 'utf8') : undefined;
}

/** A model of the device library. */
export function loadModel(key: string): MeterModel {
  const parsed = parseModelFamily(key, modelText);
  if (!parsed.ok) throw new Error(`${key}: ${JSON.stringify(parsed.errors)}`);
  return parsed.model;
}
