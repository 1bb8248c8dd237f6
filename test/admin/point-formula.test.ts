import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TwoBuildings } from '../support/two-buildings.ts';
import { makeRichHouse } from './rich-house.ts';
import { openVisitedOffice, type VisitedOffice } from './visited-office.ts';

let visited: VisitedOffice;
let house: TwoBuildings;

beforeAll(async () => {
  visited = await openVisitedOffice();
  house = await makeRichHouse(visited.office.test);
  await visited.logIn(house.people.administrator);
});
afterAll(() => visited.close());

test('a point is made of others by hand', async () => {
  const { page } = visited.visitor;
  const { prisma } = visited.office.test.database;
  const { flatId, pointId } = house.a;
  const { id } = await prisma.point.create({ data: { flatId, name: 'reckoned' } });
  await page.goto(`/admin/resources/points/records/${id}/formula`);
  await page.getByLabel('Take away: 1 left, main').check();
  await page.getByTestId('formula').getByText('− 1 left, main').waitFor();
  await visited.visitor.photograph('office-point-formula');
  await page.getByTestId('run-action').click();
  await page.getByText('Saved.').first().waitFor();
  expect(await prisma.pointTerm.findMany({ where: { pointId: id } })).toMatchObject([{ partId: pointId, sign: 'minus' }]);
  await page.getByRole('button', { name: 'Remove formula' }).click();
  await page.getByRole('button', { name: 'Remove it' }).click();
  await page.getByText('Removed, with').first().waitFor();
  expect(await prisma.pointTerm.count({ where: { pointId: id } })).toBe(0);
  expect(visited.visitor.complaints()).toEqual([]);
});

test('at a point with a meter the page says at once why there is no formula, and offers a new point', async () => {
  const { page } = visited.visitor;
  const { pointId, meterId } = house.a;
  const { serial } = await visited.office.test.database.prisma.meter.findUniqueOrThrow({ where: { id: meterId } });
  await page.goto(`/admin/resources/points/records/${pointId}/formula`);
  await page.getByText(`This point cannot have a formula: the meter ${serial} hangs here.`).waitFor();
  expect(await page.getByTestId('run-action').count()).toBe(0);
  await visited.visitor.photograph('office-point-formula-metered');
  await page.getByRole('link', { name: 'Make a new point' }).click();
  await page.waitForURL('**/admin/resources/points/actions/new');
  expect(visited.visitor.complaints()).toEqual([]);
});
