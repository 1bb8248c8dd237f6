import { fileURLToPath } from 'node:url';
import { Conflict } from '../errors.ts';
import type { PasswordHashing } from '../http/password.ts';
import { pastOf, type PastMeter } from '../simulator/demo-history.ts';
import { planDemo, type DemoMeter, type DemoPlan } from '../simulator/demo-plan.ts';
import { freePorts } from '../simulator/free-ports.ts';
import { readModelFile } from '../simulator/model-file.ts';
import { writeVirtualMeterFile } from '../simulator/virtual-meter-file.ts';
import { recordActivity } from '../store/activities.ts';
import type { Database } from '../store/database.ts';
import { transact } from '../store/prisma-transaction.ts';
import { writeDemoLogins } from './demo-logins.ts';
import { readDemoState, writeDemoState } from './demo-state.ts';
import { eraseDemo } from './erase-demo.ts';
import { importShippedModels } from './import-shipped-models.ts';
import { seedRoles } from './seed-roles.ts';
import { writeDemoHistory } from './write-demo-history.ts';
import { inventPeople, writeDemoPeople, type DemoLogin } from './write-demo-people.ts';
import { writeDemoBuilding, writeDemoRows, type WrittenMeter } from './write-demo-rows.ts';
import { writeDemoTariffs } from './write-demo-tariffs.ts';

const MODELS = fileURLToPath(new URL('../../meters/', import.meta.url));
const HISTORY_DAYS = 400;
/** Some hundred rows one by one, at the first start of a house: nobody else waits for them. */
const ROWS_WITHIN_MS = 600_000;

export interface DemoProgress {
  step: 'clearing what a killed start left' | 'building' | 'history' | 'log-ins';
  done: number;
  total: number;
}

export interface LoadDemoInput {
  database: Database;
  /** Gets `virtual-meters.json` and `logins.json`. */
  dataDir: string;
  nowMs: number;
  hashing: PasswordHashing;
  historyDays?: number;
  onProgress?(progress: DemoProgress): void;
}

/**
 * The demo building with its past. Whole or begun again: until the last step it counts as half-made, and the next call
 * removes what a killed one left.
 */
export async function loadDemoBuilding(input: LoadDemoInput): Promise<{ logins: DemoLogin[]; readings: number }> {
  const { database, dataDir, nowMs, onProgress = () => {} } = input;
  const { prisma } = database;
  const before = await readDemoState(prisma);
  if (before.state === 'loaded') throw new Conflict('The demo building is there already.');
  if (before.state === 'half-made') {
    onProgress({ step: 'clearing what a killed start left', done: 0, total: 1 });
    await eraseDemo({ database, dataDir }, { userIds: before.userIds, afterwards: 'absent' });
  }
  onProgress({ step: 'building', done: 0, total: 1 });
  await importShippedModels({ database }, { folder: MODELS });
  await seedRoles({ database });
  const plan = planDemo(nowMs, input.historyDays ?? HISTORY_DAYS);
  const pasts = await pastsOf(plan);
  const people = await inventPeople(input.hashing);
  const ports = await freePorts(plan.lines.length);

  const { buildingId, userIds, written } = await transact(
    prisma,
    async (tx) => {
      const id = await writeDemoBuilding(tx);
      const users = await writeDemoPeople(tx, people, id);
      const shown = (meter: DemoMeter, ms: number) => pasts.get(meter)!.shown(ms);
      const meters = await writeDemoRows(tx, id, users.get('tenant')!, { plan, ports, shown });
      await writeDemoTariffs(tx, id, nowMs);
      await writeDemoState(tx, { state: 'half-made', userIds: [...users.values()] });
      return { buildingId: id, userIds: [...users.values()], written: meters };
    },
    ROWS_WITHIN_MS,
  );

  const meters = written.map(({ meter, meterId }) => ({ meterId, past: pasts.get(meter)! }));
  const readings = await writeDemoHistory(database.pool, meters, (done, total) => onProgress({ step: 'history', done, total }));

  onProgress({ step: 'log-ins', done: 0, total: 1 });
  const logins = people.map(({ role, email, password }) => ({ role, email, password }));
  await writeFiles(dataDir, { buildingId, plan, written, pasts, logins });
  await transact(prisma, async (tx) => {
    await writeDemoState(tx, { state: 'loaded', userIds });
    await recordActivity(tx, null, { action: 'load-demo-building', subject: `building-${buildingId}`, detail: `${readings} readings` });
  });
  return { logins, readings };
}

async function pastsOf(plan: DemoPlan): Promise<Map<DemoMeter, PastMeter>> {
  const meters = plan.flats.flatMap((flat) => flat.meters);
  const keys = [...new Set(meters.map((meter) => meter.model))];
  const models = new Map(await Promise.all(keys.map(async (key) => [key, await readModelFile(MODELS, key)] as const)));
  return new Map(meters.map((meter) => [meter, pastOf(meter, models.get(meter.model)!, plan.site, plan.history)]));
}

interface Made {
  buildingId: number;
  plan: DemoPlan;
  written: WrittenMeter[];
  pasts: Map<DemoMeter, PastMeter>;
  logins: DemoLogin[];
}

/** Before the building counts as loaded: nobody could log in to one whose passwords were lost. */
async function writeFiles(dataDir: string, { buildingId, plan, written, pasts, logins }: Made): Promise<void> {
  const running = written.filter(({ meter }) => meter.toMs === null);
  await writeVirtualMeterFile(dataDir, {
    buildingId,
    site: plan.site,
    meters: running.map(({ meter, lineId, port }) => ({
      serial: meter.serial,
      lineId,
      port,
      unitId: meter.unitId,
      model: meter.model,
      profile: meter.profile,
      base: pasts.get(meter)!.base(plan.history.toMs),
      behaviour: meter.behaviour ?? { kind: 'normal' },
    })),
  });
  await writeDemoLogins(dataDir, logins);
}
