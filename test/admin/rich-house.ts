import { insertReadings } from '../../src/store/readings.ts';
import type { TestApp } from '../support/test-app.ts';
import { makeTwoBuildings, type TwoBuildings } from '../support/two-buildings.ts';

const HOUR_MS = 3_600_000;

/** Two buildings with a row in every table that the back office shows. */
export async function makeRichHouse(test: TestApp): Promise<TwoBuildings> {
  const house = await makeTwoBuildings(test);
  const { prisma, pool } = test.database;
  const { a, b, people } = house;
  const nowMs = test.deps.clock();
  const at = (ms: number): Date => new Date(ms);
  await prisma.building.update({
    where: { id: a.buildingId },
    data: { demo: true, address: 'Lindenstraße 12, Bremen', recipients: 'care@example.org' },
  });
  await prisma.meter.update({
    where: { id: a.meterId },
    data: { state: 'silent', stateSince: at(nowMs - 2 * HOUR_MS), stateReason: 'no-answer', stateDetail: 'no answer within 1000 ms' },
  });
  for (const [index, quantity] of ['active_power_total', 'voltage_l1'].entries()) {
    await prisma.register.create({
      data: {
        modelId: a.modelId,
        quantity,
        unit: index === 0 ? 'W' : 'V',
        address: index * 2,
        function: 4,
        type: 'float32',
        words: 2,
        source: 'a manual',
      },
    });
  }
  await prisma.register.create({
    data: {
      modelId: a.modelId,
      quantity: 'network_node',
      address: 20,
      function: 3,
      type: 'uint16',
      words: 1,
      writable: '1..247',
      description: 'Unit id',
      source: 'a manual',
    },
  });
  await prisma.registerHole.create({ data: { meterId: a.meterId, function: 4, address: 30, count: 2 } });
  for (const { buildingId, meterId, pointId } of [a, b]) {
    const correction = {
      kind: 'override_interval',
      pointId,
      direction: 'import',
      at: at(nowMs),
      wh: 7n,
      reason: 'Display',
      actor: 'x',
    } as const;
    await prisma.correction.create({ data: correction });
    const seen = { openedAt: at(nowMs - HOUR_MS), seenAt: at(nowMs) };
    await prisma.finding.create({ data: { buildingId, pointId, kind: 'value-frozen', detail: '24 readings show the same', ...seen } });
    await prisma.checkThreshold.create({ data: { pointId, kind: 'zero-for-long', value: 500 } });
    await prisma.incident.create({
      data: {
        buildingId,
        kind: 'meter_silent',
        subject: `meter-${meterId}`,
        title: '1 left: meter does not answer',
        cause: 'no-answer',
        openedAt: at(nowMs - HOUR_MS),
      },
    });
    await prisma.userMeter.create({ data: { userId: people.tenantA.id, meterId } });
    const pusher = { name: `gateway-${buildingId}`, reach: `zone-${buildingId}`, tokenHash: `${buildingId}`.repeat(64).slice(0, 64) };
    await prisma.webhook.create({
      data: {
        buildingId,
        url: `https://erp.example/${buildingId}`,
        events: 'bill.issued,day.values',
        sealedSecret: `sealed-${buildingId}`,
      },
    });
    const { id: sourceId } = await prisma.pushSource.create({ data: { buildingId, kind: 'gateway', ...pusher } });
    const message = {
      topic: `zone-${buildingId}/1/new/erp/A`,
      payload: new Uint8Array(42),
      receivedAt: at(nowMs),
      kind: 30,
      sender: 'new',
    };
    await prisma.inboundMessage.create({
      data: { hash: new Uint8Array(32).fill(buildingId), ...message, sourceId, state: 'unknown_sender', reason: 'unknown-sender' },
    });
    const registers = { create: [{ address: 4, quantity: 'voltage_l1', type: 'float32' as const }] };
    await prisma.modbusUnit.create({ data: { buildingId, meterId, unitId: buildingId, registers } });
    await prisma.meterAlias.create({ data: { meterId, kind: 'topic', value: `house-${buildingId}/main` } });
  }
  for (const own of [a, b]) await makeBill(test, own);
  await prisma.mailOutbox.create({
    data: { template: 'meter-silent', recipients: 'care@example.org', data: { serial: 'SN-A', nested: { deep: [1, 2] } } },
  });
  await prisma.apiToken.create({
    data: { userId: people.administrator.id, name: 'ERP', tokenHash: 'f'.repeat(64), scope: 'meter:read reading:read' },
  });
  await prisma.activity.create({
    data: { userId: people.administrator.id, actor: people.administrator.email, action: 'create-building', subject: 'building-1' },
  });
  await prisma.setting.create({ data: { key: 'test-setting', value: 'on' } });
  await prisma.gap.create({
    data: { meterId: a.meterId, fromAt: at(nowMs - HOUR_MS), toAt: at(nowMs), reason: 'no_answer', detail: 'no answer within 1000 ms' },
  });
  const slots = Array.from({ length: 8 }, (_, index) => nowMs - HOUR_MS - ((index + 1) * HOUR_MS) / 4);
  await insertReadings(
    pool,
    slots.map((atMs, index) => ({
      meterId: a.meterId,
      atMs,
      takenAtMs: atMs + 40,
      latencyMs: 40,
      values: { active_power_total: 410.5 + index, import_active_energy_total: 1_000_000 - index * 100, voltage_l1: 230.1 },
      extra: null,
      refused: index === 3 ? { voltage_l1: { reason: 'not-a-number', words: [0x7fc0, 0] } } : null,
    })),
  );
  return house;
}

/** A tariff, and the open bill of a month. */
async function makeBill({ database: { prisma } }: TestApp, { buildingId, flatId, tenancyId }: TwoBuildings['a']): Promise<void> {
  const [fromDay, toDay] = [new Date('2026-01-01'), new Date('2026-02-01')];
  const tariff = await prisma.tariff.create({
    data: {
      buildingId,
      name: 'Standard',
      validFrom: fromDay,
      energyPriceMicro: 300_000n,
      ownPriceMicro: 200_000n,
      bands: [],
      ownPrices: [],
    },
  });
  const report = { kind: 'readings', title: 'Readings of 1 meter', format: 'csv', ask: {}, actor: 'provider', state: 'failed' } as const;
  await prisma.report.create({ data: { buildingId, ...report } });
  const run = await prisma.billRun.create({ data: { buildingId, fromDay, toDay, state: 'done' } });
  const flat = await prisma.flat.findUniqueOrThrow({ where: { id: flatId } });
  const tenancy = await prisma.tenancy.findUniqueOrThrow({ where: { id: tenancyId } });
  const amounts = { netMicro: 30_000_000n, vatMicro: 0n, totalMicro: 30_000_000n, consumptionWh: 100_000n, ownWh: 0n, estimatedWh: 5_000n };
  const vatGroups = [{ vatBasisPoints: 0, net: '30000000', vat: '0', billedNet: '0', billedVat: '0' }];
  const bill = await prisma.bill.create({
    data: {
      ...{ runId: run.id, buildingId, flatId, tenancyId, flatName: flat.name, party: tenancy.name, currency: 'EUR', ...amounts, vatGroups },
      ...{ fromAt: fromDay, toAt: toDay, missingSlots: 3, missingProduction: 1, meters: [], hash: '' },
    },
  });
  const line = { kind: 'grid', label: '', tariffId: tariff.id, tariffName: 'Standard', fromDay, toDay, unit: 'kWh' } as const;
  await prisma.billLine.create({
    data: {
      ...{ billId: bill.id, position: 0, ...line, quantityMicro: 100_000_000n, wh: 100_000n, estimatedWh: 5_000n },
      ...{ priceMicro: 300_000n, amountMicro: 30_000_000n, vatBasisPoints: 0 },
    },
  });
}

/** The first of the users by name: everything that can be done with a user can be done with this one. */
export async function addInvitedPerson({ database: { prisma } }: TestApp): Promise<void> {
  const data = { email: 'aaron@example.org', name: 'Aaron', passwordHash: '', invitedAt: new Date() };
  await prisma.user.create({ data: { ...data, secondFactor: { create: { secret: '', confirmedAt: new Date() } } } });
}
