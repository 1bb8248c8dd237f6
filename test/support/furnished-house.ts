import { LANGUAGES, type Language } from '../../src/domain/language.ts';
import { consoleActor } from '../../src/domain/permission.ts';
import type { Database } from '../../src/store/database.ts';
import { createTariff } from '../../src/use-cases/create-tariff.ts';
import { addEarlierDays } from './earlier-days.ts';
import { addLivedInBuilding, AFTERNOON_MS, type LivedInBuilding } from './lived-in-building.ts';
import type { OpenHouse } from './open-house.ts';
import { makePerson, type TestPerson } from './test-app.ts';

/** `newcomer` is a tenant who was given no flat yet. */
export const ROLES = ['administrator', 'provider', 'viewer', 'tenant', 'newcomer'] as const;
export type Role = (typeof ROLES)[number];
type People = Record<Language, Record<Role, TestPerson & { id: number }>>;

export interface FurnishedHouse extends LivedInBuilding {
  people: People;
  bareBuildingId: number;
  /** What people wrote, in whatever language they speak: names, messages. */
  written: string[];
}

const NAMES: Readonly<Record<Role, string>> = {
  administrator: 'Ada Albers',
  provider: 'Paul Peters',
  viewer: 'Vera Vogt',
  tenant: 'Tessa Thoma',
  newcomer: 'Nils Neumann',
};
const DAY_MS = 86_400_000;

async function addPeople(house: OpenHouse, { buildingId, flats }: LivedInBuilding): Promise<People> {
  const tenancyId = flats['Flat 1 left']!.tenancyId;
  const memberships: Readonly<Record<Role, { role: string; buildingId: number | null }>> = {
    administrator: { role: 'administrator', buildingId: null },
    provider: { role: 'service-provider', buildingId },
    viewer: { role: 'viewer', buildingId },
    tenant: { role: 'tenant', buildingId: null },
    newcomer: { role: 'tenant', buildingId: null },
  };
  const people: Partial<Record<Language, Partial<People[Language]>>> = {};
  for (const language of LANGUAGES) {
    for (const role of ROLES) {
      const person = await makePerson(house, `${role}.${language}@example.org`, memberships[role]);
      const data = { name: NAMES[role], language, createdAt: new Date(AFTERNOON_MS - 90 * DAY_MS) };
      await house.database.prisma.user.update({ where: { id: person.id }, data });
      if (role === 'tenant') await house.database.prisma.tenancyUser.create({ data: { tenancyId, userId: person.id } });
      people[language] = { ...people[language], [role]: person };
    }
  }
  return people as People;
}

async function addBills({ prisma }: Database, { buildingId, flats }: LivedInBuilding): Promise<void> {
  const { flatId, tenancyId } = flats['Flat 1 left']!;
  const common = { buildingId, flatId, tenancyId, flatName: 'Flat 1 left', party: 'Party of Flat 1 left', currency: 'EUR', hash: '' };
  const none = { missingSlots: 0, missingProduction: 0, meters: [], vatGroups: [] };
  const issue = async (month: number, estimatedWh: bigint) => {
    const [fromAt, toAt] = [month - 1, month].map((at) => new Date(Date.UTC(2026, at, 1) - 2 * 3_600_000)) as [Date, Date];
    const run = await prisma.billRun.create({ data: { buildingId, fromDay: fromAt, toDay: toAt, state: 'done' } });
    const sums = { netMicro: 78_040_000n, vatMicro: 14_830_000n, totalMicro: 92_870_000n, consumptionWh: 277_700n, ownWh: 130_000n };
    const issued = { number: month, state: 'issued' as const, issuedAt: new Date(toAt.getTime() + 3 * DAY_MS) };
    await prisma.bill.create({ data: { runId: run.id, ...common, ...none, ...sums, ...issued, estimatedWh, fromAt, toAt } });
  };
  await issue(4, 0n);
  await issue(5, 8_300n);
}

async function addMessages({ prisma }: Database, tenancyId: number, { tenant, provider }: People[Language]): Promise<void> {
  await prisma.conversation.create({ data: { tenancyId, lastSeq: 3 } });
  const said = (seq: number, minutesAgo: number, sender: TestPerson & { id: number }, fromStaff: boolean, text: string, link = '') => ({
    ...{ conversationId: tenancyId, seq, senderId: sender.id, senderName: NAMES[fromStaff ? 'provider' : 'tenant'], fromStaff },
    ...{ clientId: `furnished-${seq}`, text, link, sentAt: new Date(AFTERNOON_MS - minutesAgo * 60_000) },
  });
  await prisma.message.createMany({
    data: [
      said(1, 1_500, tenant, false, 'Guten Tag, im Keller hängt ein neuer Zähler. Ist das unserer?'),
      said(2, 1_440, provider, true, 'Ja, seit gestern. So sah der Tag aus:', '/dashboard?range=own&from=2026-06-17&to=2026-06-17'),
      said(3, 30, tenant, false, 'Danke!'),
    ],
  });
}

async function addNotices({ prisma }: Database, { buildingId, flats }: LivedInBuilding, people: People): Promise<void> {
  const { flatId } = flats['Flat 1 left']!;
  const { id: pointId } = await prisma.point.findFirstOrThrow({ where: { flatId } });
  await prisma.point.update({ where: { id: pointId }, data: { hourlyLimitKwh: 0.5 } });
  const told = LANGUAGES.flatMap((language) => [people[language].tenant, people[language].provider, people[language].administrator]);
  const tell = async (hoursAgo: number, wh: number, readAt: Date | null, withdrawnAt: Date | null) => {
    const fromMs = Math.floor(AFTERNOON_MS / 3_600_000 - hoursAgo) * 3_600_000;
    const recipients = { create: told.map(({ id: userId }) => ({ userId, readAt })) };
    const what = {
      kind: 'over-limit',
      subject: `point-${pointId}`,
      at: new Date(fromMs),
      buildingId,
      flatId,
      withdrawnAt,
      toldAt: new Date(fromMs),
    };
    const data = { pointId, toMs: fromMs + 3_600_000, wh, limitWh: 500 };
    await prisma.notification.create({ data: { ...what, data, createdAt: new Date(fromMs), recipients } });
  };
  await tell(53, 620, new Date(AFTERNOON_MS - DAY_MS), null);
  await tell(29, 590, new Date(AFTERNOON_MS - DAY_MS), new Date(AFTERNOON_MS - DAY_MS));
  await tell(3, 1_093, null, null);
}

async function addFiles({ prisma }: Database, buildingId: number, people: People): Promise<void> {
  const month = { from: '2026-05-01', to: '2026-06-01', bucket: 'day' };
  for (const { id: userId } of LANGUAGES.flatMap((language) => [
    people[language].tenant,
    people[language].provider,
    people[language].administrator,
  ])) {
    const file = (minutesAgo: number) => ({
      ...{ buildingId, userId, title: '', actor: '', format: 'xlsx', createdAt: new Date(AFTERNOON_MS - minutesAgo * 60_000) },
    });
    const expiresAt = new Date(AFTERNOON_MS + 6 * DAY_MS);
    const kept = { fileName: 'energy.xlsx', fileKey: String(userId).padStart(43, 'k'), bytes: 48_200n, expiresAt };
    await prisma.report.createMany({
      data: [
        { ...file(1_445), kind: 'energy', ask: { ...month, format: 'xlsx' }, state: 'done', progress: 100, ...kept },
        { ...file(60), kind: 'readings', ask: { ...month, format: 'xlsx' }, state: 'failed' },
        { ...file(2), kind: 'split', ask: { ...month, format: 'xlsx' }, state: 'running', progress: 65, touchedAt: new Date(AFTERNOON_MS) },
      ],
    });
  }
}

const WRITTEN = [
  ...['SELECT name FROM buildings', 'SELECT address FROM buildings', 'SELECT name FROM flats', 'SELECT name FROM points'],
  ...['SELECT name FROM tenancies', 'SELECT name FROM users', 'SELECT email FROM users', 'SELECT text FROM messages'],
  ...["SELECT CONCAT(vendor, ' ', name) FROM meter_models", 'SELECT name FROM meter_models', 'SELECT name FROM `lines`'],
  ...['SELECT name FROM tariffs', 'SELECT serial FROM meters'],
];

/** A house in which everything that a page can show is there, with a person of each role for each language, and a building without meters. */
export async function furnish(house: OpenHouse): Promise<FurnishedHouse> {
  const { database } = house;
  const { prisma, pool } = database;
  const building = await addLivedInBuilding(database);
  const { buildingId, flats } = building;
  await addEarlierDays(database, 20);
  await prisma.building.update({ where: { id: buildingId }, data: { recipients: 'house@example.org' } });
  await pool.query("UPDATE flats SET area_m2 = 48 + 7 * id WHERE kind = 'consumer'");
  await pool.query(
    `UPDATE readings SET voltage_l1 = 231 + 3 * SIN(MINUTE(at) + HOUR(at)), voltage_l2 = 229 + 2 * COS(HOUR(at)),
     voltage_l3 = 230 + SIN(HOUR(at) / 3), current_l1 = ABS(active_power_total) / 230, power_factor_total = 0.96, frequency = 50.01
     WHERE meter_id = ?`,
    [flats['Flat 1 left']!.meterId],
  );
  const clock = () => AFTERNOON_MS;
  const prices = { basePrice: '10', energyPrice: '0.3537', ownPrice: '0.2000', vatPercent: 19 };
  const tariff = { buildingId, name: 'House', validFrom: '2026-01-01', currency: 'EUR', basePer: 'month' as const, ...prices };
  await createTariff({ database, clock }, consoleActor(), tariff);
  const people = await addPeople(house, building);
  await addBills(database, building);
  await addMessages(database, flats['Flat 1 left']!.tenancyId, people.de);
  await addNotices(database, building, people);
  await addFiles(database, buildingId, people);
  const bare = await prisma.building.create({ data: { name: 'Orchard House' } });
  const written: string[] = [];
  for (const sql of WRITTEN) {
    const rows: Record<string, string>[] = await pool.query(sql);
    written.push(...rows.flatMap((row) => Object.values(row)));
  }
  return { ...building, people, bareBuildingId: bare.id, written: [...new Set(written)].filter((text) => text !== '') };
}
