import { expect } from 'vitest';
import { consoleActor } from '../../src/domain/permission.ts';
import { makeLogger } from '../../src/logger.ts';
import type { Database } from '../../src/store/database.ts';
import { createTariff } from '../../src/use-cases/create-tariff.ts';
import { requestBillRun } from '../../src/use-cases/request-bill-run.ts';
import { runBills } from '../../src/use-cases/run-bills.ts';
import { makeBilledBuilding, writeIntervals, type SlotEnergy } from './billed-building.ts';

// Berlin's March 2026 has 743 hours.
export const FROM = Date.parse('2026-02-28T23:00:00Z');
export const TO = Date.parse('2026-03-31T22:00:00Z');
export const SLOTS = 743 * 4;
const NOW = Date.parse('2026-04-02T08:00:00Z');
export const actor = consoleActor();

/** A building in March 2026, with what its tests do again and again. */
export async function makeBilledMonth(database: Database, name: string) {
  const house = await makeBilledBuilding(database, name);
  const deps = { database, clock: () => NOW, log: makeLogger('test', 'silent') };
  const write = (pointId: number, wh: (slotMs: number) => SlotEnergy, flow: 'import' | 'export' = 'import') =>
    writeIntervals(database, { pointId, flow, fromMs: FROM, toMs: TO, wh });
  return {
    house,
    deps,
    write,
    /** 100, 50 and 10 Wh in every quarter hour, and 40 from the roof. */
    async furnish(): Promise<void> {
      await write(house.left.pointId, () => 100);
      await write(house.right.pointId, () => 50);
      await write(house.stairs.pointId, () => 10);
      await write(house.roof.pointId, () => 40, 'export');
    },
    makeTariff(more: object = {}) {
      const tariff = { name: 'Standard', validFrom: '2026-01-01', basePrice: '10', energyPrice: '0.30', ownPrice: '0.20', vatPercent: 19 };
      return createTariff(deps, actor, { buildingId: house.buildingId, ...tariff, ...more });
    },
    async run(period: object = { month: '2026-03' }) {
      const added: number[] = [];
      const queues = { addBillRun: async (runId: number) => void added.push(runId) };
      const asked = await requestBillRun({ database, queues }, actor, { buildingId: house.buildingId, ...period });
      expect(added).toEqual([asked.id]);
      await runBills(deps, asked.id);
      const done = await database.prisma.billRun.findUniqueOrThrow({ where: { id: asked.id } });
      const lines = { orderBy: { position: 'asc' } } as const;
      const bills = await database.prisma.bill.findMany({ where: { runId: asked.id }, include: { lines }, orderBy: { id: 'asc' } });
      return { run: done, bills };
    },
  };
}
