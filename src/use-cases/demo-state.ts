import { z } from 'zod';
import type { Db } from '../store/prisma-transaction.ts';
import { readSetting, writeSetting } from '../store/settings.ts';

const SETTING = 'demo';

const stateSchema = z.object({ state: z.enum(['absent', 'half-made', 'loaded', 'removed']), userIds: z.array(z.number().int()) });

/** `half-made`: a start was ended in the middle of loading it. `removed`: somebody did not want it any more. */
export type DemoState = z.output<typeof stateSchema>;

export async function readDemoState(db: Db): Promise<DemoState> {
  const text = await readSetting(db, SETTING);
  return text === null ? { state: 'absent', userIds: [] } : stateSchema.parse(JSON.parse(text));
}

export async function writeDemoState(db: Db, state: DemoState): Promise<void> {
  await writeSetting(db, SETTING, JSON.stringify(state));
}
