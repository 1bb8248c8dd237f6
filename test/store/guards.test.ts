import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase } from '../support/services.ts';

let database: Awaited<ReturnType<typeof openTestDatabase>>;

const run = (sql: string) => database.pool.query(sql);

beforeAll(async () => {
  database = await openTestDatabase();
  await run("INSERT INTO buildings (id, name) VALUES (1, 'House'), (2, 'Other')");
  await run("INSERT INTO flats (id, building_id, name) VALUES (1, 1, '1')");
  await run("INSERT INTO points (id, flat_id, name) VALUES (1, 1, 'a'), (2, 1, 'b'), (3, 1, 'c')");
  await run("INSERT INTO `lines` (id, building_id, name) VALUES (1, 1, 'a'), (2, 1, 'b')");
  await run("INSERT INTO meter_models (id, `key`, vendor, name) VALUES (1, 'm', 'v', 'n')");
  await run("INSERT INTO meters (id, serial, model_id) VALUES (1, '1', 1), (2, '2', 1), (3, '3', 1)");
  await run("INSERT INTO users (id, email, name, password_hash) VALUES (1, 'a@example.org', 'A', '')");
  await run("INSERT INTO roles (id, name) VALUES (1, 'viewer')");
  await run('INSERT INTO installations (point_id, meter_id, line_id, unit_id) VALUES (1, 1, 1, 7)');
  await run("INSERT INTO incidents (kind, subject, title, opened_at) VALUES ('meter-silent', 'meter-1', '', '2026-01-01')");
  await run('INSERT INTO memberships (user_id, role_id, building_id) VALUES (1, 1, 1), (1, 1, NULL)');
});

afterAll(() => database.drop());

test.each([
  [
    'two running installations at one point',
    'INSERT INTO installations (point_id, meter_id, line_id, unit_id) VALUES (1, 2, 1, 8)',
    /point_id_live/,
  ],
  [
    'a meter running in two places',
    'INSERT INTO installations (point_id, meter_id, line_id, unit_id) VALUES (2, 1, 1, 8)',
    /meter_id_live/,
  ],
  [
    'two running installations at one unit of a line',
    'INSERT INTO installations (point_id, meter_id, line_id, unit_id) VALUES (2, 2, 1, 7)',
    /unit_id_live/,
  ],
  ['unit 0', 'INSERT INTO installations (point_id, meter_id, line_id, unit_id) VALUES (2, 2, 1, 0)', /installations_unit_id_check/],
  ['unit 248', 'INSERT INTO installations (point_id, meter_id, line_id, unit_id) VALUES (2, 2, 1, 248)', /installations_unit_id_check/],
  [
    'an installation that ends when it starts',
    "UPDATE installations SET from_at = '2026-01-01', to_at = '2026-01-01'",
    /installations_to_at_check/,
  ],
  [
    'a tenancy that ends before it starts',
    "INSERT INTO tenancies (flat_id, name, from_at, to_at) VALUES (1, '', '2026-01-02', '2026-01-01')",
    /tenancies_to_at_check/,
  ],
  [
    'an empty gap',
    "INSERT INTO gaps (meter_id, from_at, to_at, reason) VALUES (1, '2026-01-01', '2026-01-01', 'late')",
    /gaps_to_at_check/,
  ],
  ['a billing month that starts on the 29th', 'UPDATE buildings SET billing_start_day = 29', /buildings_billing_start_day_check/],
  ['a missing interval with energy', "INSERT INTO intervals VALUES (1, 'import', '2026-01-01', 0, 'missing', '')", /intervals_wh_check/],
  [
    'a measured interval without energy',
    "INSERT INTO intervals VALUES (1, 'import', '2026-01-01', NULL, 'measured', '')",
    /intervals_wh_check/,
  ],
  [
    'two open incidents about one thing',
    "INSERT INTO incidents (kind, subject, title, opened_at) VALUES ('meter-silent', 'meter-1', '', '2026-01-02')",
    /subject_open/,
  ],
  ['one membership twice', 'INSERT INTO memberships (user_id, role_id, building_id) VALUES (1, 1, 1)', /role_id_scope/],
  ['one membership everywhere twice', 'INSERT INTO memberships (user_id, role_id) VALUES (1, 1)', /role_id_scope/],
  ['a flat with points is not removed', 'DELETE FROM flats', /points_flat_id_fkey/],
  ['a negative number where none can be', 'UPDATE `lines` SET timeout_ms = -5', /[Oo]ut of range/],
])('%s is refused', async (_, sql, reason) => {
  await expect(run(sql)).rejects.toThrow(reason);
});

test('what has ended makes room', async () => {
  await run('INSERT INTO installations (point_id, meter_id, line_id, unit_id) VALUES (3, 3, 2, 7)');
  await run('UPDATE installations SET running = 0 WHERE point_id = 3');
  await run('INSERT INTO installations (point_id, meter_id, line_id, unit_id) VALUES (3, 3, 2, 7)');
  await run("UPDATE incidents SET closed_at = '2026-01-02'");
  await run("INSERT INTO incidents (kind, subject, title, opened_at) VALUES ('meter-silent', 'meter-1', '', '2026-01-02')");
  await run('INSERT INTO memberships (user_id, role_id, building_id) VALUES (1, 1, 2)');
  await run(
    "INSERT INTO intervals VALUES (1, 'import', '2026-01-01', NULL, 'refused', ''), (1, 'export', '2026-01-01', 0, 'measured', '')",
  );
});

test('a write past Prisma moves updated_at', async () => {
  await run("UPDATE meters SET updated_at = '2026-01-01 00:00:00.000'");
  await run("UPDATE meters SET description = 'cellar' WHERE id = 1");
  const [row] = await run("SELECT SUM(updated_at > '2026-01-02') AS moved FROM meters");
  expect(Number(row.moved)).toBe(1);
});
