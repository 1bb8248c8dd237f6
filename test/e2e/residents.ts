import { makePerson, type TestPerson } from '../support/test-app.ts';
import type { OpenHouse } from '../support/open-house.ts';
import type { LivedInBuilding } from '../support/lived-in-building.ts';
import type { Visitor } from '../support/browser.ts';

export interface Residents {
  administrator: TestPerson;
  provider: TestPerson;
  viewer: TestPerson;
  tenant: TestPerson;
}

/** One person of each role; the tenant lives in flat 1 left. */
export async function addResidents(house: OpenHouse, { buildingId, flats }: LivedInBuilding): Promise<Residents> {
  const { prisma } = house.database;
  const tenant = await makePerson(house, 'Tessa.Tenant@example.org', { role: 'tenant', buildingId: null });
  await prisma.tenancyUser.create({ data: { tenancyId: flats['Flat 1 left']?.tenancyId ?? 0, userId: tenant.id } });
  const residents = {
    administrator: await makePerson(house, 'Ada.Administrator@example.org', { role: 'administrator', buildingId: null }),
    provider: await makePerson(house, 'Paul.Provider@example.org', { role: 'service-provider', buildingId }),
    viewer: await makePerson(house, 'Vera.Viewer@example.org', { role: 'viewer', buildingId }),
    tenant,
  };
  for (const { email } of Object.values(residents)) {
    const name = (email.split('@')[0] ?? '').replace('.', ' ');
    await prisma.user.update({ where: { email }, data: { name, email: email.toLowerCase() } });
  }
  return residents;
}

/** By the form, as a person does. */
export async function logInByHand({ page }: Visitor, { email, password }: TestPerson, address = '/'): Promise<void> {
  await page.goto(address);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
}

/** The page of somebody who is logged in has the person's menu. */
export async function isLoggedIn({ page }: Visitor): Promise<void> {
  await page.locator('.person > button').waitFor();
}

export async function logOutByHand({ page }: Visitor): Promise<void> {
  await page.locator('.person > button').click();
  await page.getByRole('button', { name: 'Log out', exact: true }).click();
}
