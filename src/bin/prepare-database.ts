import { fileURLToPath } from 'node:url';
import { openDatabase } from '../store/database.ts';
import { migrate } from '../store/migrations.ts';
import { importShippedModels } from '../use-cases/import-shipped-models.ts';
import { seedRoles } from '../use-cases/seed-roles.ts';

const MODELS = fileURLToPath(new URL('../../meters', import.meta.url));

/** Brings a database up to this version: its tables, the shipped roles that it lacks, the device library. */
export async function prepareDatabase(databaseUrl: string, options: { onStep?(name: string): void } = {}): Promise<{ applied: string[] }> {
  const { applied } = await migrate(databaseUrl, options);
  const database = openDatabase(databaseUrl, { connections: 2 });
  try {
    options.onStep?.('roles and device library');
    await seedRoles({ database });
    await importShippedModels({ database }, { folder: MODELS });
  } finally {
    await database.close();
  }
  return { applied };
}
