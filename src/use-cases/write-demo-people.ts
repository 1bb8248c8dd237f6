import type { PasswordHashing } from '../http/password.ts';
import type { Db } from '../store/prisma-transaction.ts';
import { findRole } from '../store/roles.ts';
import { insertUser } from '../store/users.ts';
import { randomPassword } from './user-fields.ts';

export interface DemoLogin {
  role: 'administrator' | 'service-provider' | 'viewer' | 'tenant';
  email: string;
  password: string;
}

export interface DemoPerson extends DemoLogin {
  name: string;
  passwordHash: string;
}

const PEOPLE = [
  { role: 'administrator', email: 'admin@example.org', name: 'Greta Lindner' },
  { role: 'service-provider', email: 'service@example.org', name: 'Oskar Wolff' },
  { role: 'viewer', email: 'viewer@example.org', name: 'Frieda Blum' },
  { role: 'tenant', email: 'tenant@example.org', name: 'Priya Nair' },
] as const;

/** Before the transaction: hashing takes its time. */
export async function inventPeople(hashing: PasswordHashing): Promise<DemoPerson[]> {
  return Promise.all(
    PEOPLE.map(async (person) => {
      const password = randomPassword();
      return { ...person, password, passwordHash: await hashing.hash(password) };
    }),
  );
}

/** Answers the user's id by role. */
export async function writeDemoPeople(tx: Db, people: readonly DemoPerson[], buildingId: number): Promise<Map<DemoLogin['role'], number>> {
  const ids = new Map<DemoLogin['role'], number>();
  for (const { role, email, name, passwordHash } of people) {
    const row = await findRole(tx, { name: role });
    // A role that was removed by hand stays away; then this person may do nothing.
    const memberships = row ? [{ roleId: row.id, buildingId: role === 'administrator' ? null : buildingId }] : [];
    ids.set(role, (await insertUser(tx, { email, name, passwordHash }, memberships)).id);
  }
  return ids;
}
