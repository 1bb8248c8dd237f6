import { Queue, Worker } from 'bullmq';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { redisOptions } from '../../src/queue/redis.ts';
import { redisUrl } from '../support/services.ts';
import { logInAs, makePerson, type TestAgent } from '../support/test-app.ts';
import { openTestOffice, type TestOffice } from './office.ts';

let office: TestOffice;
let administrator: TestAgent;
let failing: Queue[];

beforeAll(async () => {
  failing = ['poller-main', 'store-readings'].map((name) => new Queue(name, { connection: redisOptions(redisUrl()) }));
  office = await openTestOffice({ queues: failing });
  const person = await makePerson(office.test, 'administrator@example.org', { role: 'administrator', buildingId: null });
  administrator = (await logInAs(office.app, person)).agent;
});

afterAll(async () => {
  await Promise.all(failing.map((queue) => queue.close()));
  await office.close();
});

async function firstSteps(): Promise<unknown> {
  const { body } = await administrator.get('/admin/api/dashboard').expect(200);
  return (body as { firstSteps: unknown }).firstSteps;
}

test('the start page leads from the empty house to the first meter, and is silent about it afterwards', async () => {
  const { prisma } = office.test.database;
  expect(await firstSteps()).toEqual({ buildings: 0, flats: 0, lines: 0, meters: 0 });
  const building = await prisma.building.create({ data: { name: 'House' } });
  await prisma.flat.create({ data: { buildingId: building.id, name: '1 left' } });
  await prisma.line.create({ data: { buildingId: building.id, name: 'cellar', host: '127.0.0.1', port: 502 } });
  expect(await firstSteps()).toEqual({ buildings: 1, flats: 1, lines: 1, meters: 0 });
  const model = await prisma.meterModel.create({ data: { key: 'test-meter', vendor: 'Test', name: 'Meter' } });
  await prisma.meter.create({ data: { serial: 'SN-1', modelId: model.id } });
  expect(await firstSteps()).toBeNull();
});

test('energy of older times that is yet to be made is told, and what the next turn makes is not', async () => {
  const { prisma } = office.test.database;
  const flat = await prisma.flat.findFirstOrThrow();
  const { id: pointId } = await prisma.point.create({ data: { flatId: flat.id, name: 'main' } });
  const settling = async () => {
    const { body } = await administrator.get('/admin/api/dashboard').expect(200);
    return (body as { settling: unknown }).settling;
  };
  const window = (from: string, to: string) =>
    prisma.dirtyWindow.create({ data: { pointId, fromAt: new Date(from), toAt: new Date(to), cause: 'history' } });
  await window('2026-03-01T00:00:00Z', '2026-03-01T12:00:00Z');
  expect(await settling()).toEqual([]);
  await window('2026-01-01T00:00:00Z', '2026-02-10T00:00:00Z');
  expect(await settling()).toEqual([{ name: 'House', points: 1, days: 41 }]);
});

test('a read that failed is told by its meter, and is not counted among the failed jobs', async () => {
  const connection = redisOptions(redisUrl());
  for (const queue of failing) {
    const worker = new Worker(queue.name, () => Promise.reject(new Error('no answer')), { connection });
    const failed = new Promise((resolve) => worker.once('failed', resolve));
    await queue.add('job', {});
    await failed;
    await worker.close();
  }
  const { body } = await administrator.get('/admin/api/dashboard').expect(200);
  expect((body as { failedJobs: unknown }).failedJobs).toEqual([{ queue: 'store-readings', failed: 1 }]);
});
