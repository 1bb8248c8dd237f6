import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { familyOf, parseModelFamily } from '../domain/meter-model-family.ts';
import type { MeterModel } from '../domain/meter-model.ts';
import { InvalidInput } from '../errors.ts';
import { recordActivities } from '../store/activities.ts';
import type { Database } from '../store/database.ts';
import { loadedModelFiles, rememberModelFiles, writeModels } from '../store/meter-models.ts';
import { transact } from '../store/prisma-transaction.ts';

// A transaction has 15 s, also on a slow machine that is busy.
const MODELS_A_TRANSACTION = 20;

/**
 * Loads the device library, a file per model. A file is loaded again only when it changed, or one whose registers it
 * takes over, so what people edit in the back office stays. None is loaded while one is wrong. Answers the keys that
 * were loaded.
 */
export async function importShippedModels(deps: { database: Pick<Database, 'prisma'> }, { folder }: { folder: string }): Promise<string[]> {
  const { prisma } = deps.database;
  const texts = await readTexts(folder);
  const loaded = await loadedModelFiles(prisma);
  const store = (some: readonly MeterModel[]) =>
    transact(prisma, async (tx) => {
      const ids = await writeModels(tx, some);
      await rememberModelFiles(tx, new Map(some.map(({ key }) => [key, hashes.get(key)!])));
      const done = some.map(({ key }) => ({ action: 'import-model', subject: `model-${ids.get(key)}`, detail: `${key}.csv` }));
      await recordActivities(tx, null, done);
    });
  const models: MeterModel[] = [];
  const hashes = new Map<string, string>();
  for (const key of texts.keys()) {
    const hash = hashOf(key, texts);
    if (loaded.get(key) === hash) continue;
    const parsed = parseModelFamily(key, (name) => texts.get(name));
    if (!parsed.ok) {
      throw new InvalidInput(
        Object.fromEntries(parsed.errors.map(({ line, column, problem }) => [`${key}.csv line ${line} ${column}`.trim(), problem])),
      );
    }
    models.push(parsed.model);
    hashes.set(key, hash);
  }
  for (let first = 0; first < models.length; first += MODELS_A_TRANSACTION) {
    await store(models.slice(first, first + MODELS_A_TRANSACTION));
  }
  return [...hashes.keys()];
}

async function readTexts(folder: string): Promise<Map<string, string>> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.csv')).toSorted();
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  return new Map(files.map((file, index) => [basename(file, '.csv'), texts[index] ?? '']));
}

function hashOf(key: string, texts: ReadonlyMap<string, string>): string {
  const hash = createHash('sha256');
  for (const { text } of familyOf(key, (name) => texts.get(name))) hash.update(text);
  return hash.digest('hex');
}
