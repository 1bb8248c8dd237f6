import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadModel } from '../support/meter-models.ts';
import { writeModel } from '../../src/store/meter-models.ts';
import { logInAs, type TestAgent } from '../support/test-app.ts';
import { makeTwoBuildings, type TwoBuildings } from '../support/two-buildings.ts';
import { openTestOffice, type TestOffice } from './office.ts';

let office: TestOffice;
let house: TwoBuildings;
let administrator: TestAgent;

beforeAll(async () => {
  office = await openTestOffice();
  house = await makeTwoBuildings(office.test);
  administrator = (await logInAs(office.app, house.people.administrator)).agent;
});
afterAll(() => office.close());

async function shown(resource: string, id: number): Promise<Record<string, unknown>> {
  const { body } = await administrator.get(`/admin/api/resources/${resource}/records/${id}/show`).expect(200);
  return (body as { record: { params: Record<string, unknown> } }).record.params;
}

test('an unverified model says so, on its own page and on that of the meter', async () => {
  const { prisma } = office.test.database;
  const { id } = await writeModel(prisma, loadModel('abb-b23'));
  const trust = 'Unverified: not tried against bytes of a real meter';
  expect(await shown('meter-models', id)).toMatchObject({ key: 'abb-b23', trust });
  await prisma.meter.update({ where: { id: house.a.meterId }, data: { modelId: id } });
  expect(await shown('meters', house.a.meterId)).toMatchObject({ trust });
});

test('the doubtful registers of the Eaton are named on the model and marked each', async () => {
  const { prisma } = office.test.database;
  const { id } = await writeModel(prisma, loadModel('eaton-pxm-4000'));
  const { trust } = await shown('meter-models', id);
  expect(trust).toMatch(/^Verified against bytes of a real meter\. Doubtful, compare with the display: power_factor_l2, power_factor_l3, /);
  const registerId = async (quantity: string) => (await prisma.register.findFirstOrThrow({ where: { modelId: id, quantity } })).id;
  expect(await shown('registers', await registerId('power_factor_l2'))).toMatchObject({
    warning: 'Doubtful: compare with the display of the meter',
    description: 'Doubtful: phase 2: power factor; address inferred',
  });
  expect(await shown('registers', await registerId('power_factor_l1'))).toMatchObject({ warning: '' });
});
