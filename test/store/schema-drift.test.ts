import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DataModel } from '../../src/store/declared-schema.ts';
import { schemaDrift } from '../../src/store/schema-drift.ts';
import { openTestDatabase } from '../support/services.ts';

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let model: DataModel;

beforeAll(async () => {
  model = JSON.parse(await readFile(new URL('../../src/generated/data-model.json', import.meta.url), 'utf8'));
  database = await openTestDatabase();
});

afterAll(() => database.drop());

const drift = () => schemaDrift(database.pool, model);

test('a migrated database is what the data model says, and what only SQL knows is declared', async () => {
  expect(await drift()).toEqual({ missing: [], undeclared: [] });
});

test.each([
  [
    'a column that nobody declared',
    'ALTER TABLE flats ADD COLUMN floor INT NULL',
    'ALTER TABLE flats DROP COLUMN floor',
    { missing: [], undeclared: ['column flats.floor: int null'] },
  ],
  [
    'a lost index',
    'DROP INDEX activities_at_idx ON activities',
    'CREATE INDEX activities_at_idx ON activities (at)',
    { missing: ['index activities.activities_at_idx: (at)'], undeclared: [] },
  ],
  [
    'a lost guard',
    'DROP INDEX installations_point_id_live_key ON installations',
    'CREATE UNIQUE INDEX installations_point_id_live_key ON installations (point_id, live)',
    { missing: ['index installations.installations_point_id_live_key: unique (point_id, live)'], undeclared: [] },
  ],
  [
    'another type, nullability or default',
    "ALTER TABLE buildings MODIFY language VARCHAR(8) NULL DEFAULT 'de'",
    "ALTER TABLE buildings MODIFY language VARCHAR(5) NOT NULL DEFAULT 'en'",
    {
      missing: ['column buildings.language: varchar(5) not null default en'],
      undeclared: ['column buildings.language: varchar(8) null default de'],
    },
  ],
  [
    'a value that an enum does not have',
    "ALTER TABLE flats MODIFY kind ENUM('consumer','producer','common','grid','storage','ev','roof') NOT NULL DEFAULT 'consumer'",
    "ALTER TABLE flats MODIFY kind ENUM('consumer','producer','common','grid','storage','ev') NOT NULL DEFAULT 'consumer'",
    {
      missing: ["column flats.kind: enum('consumer','producer','common','grid','storage','ev') not null default consumer"],
      undeclared: ["column flats.kind: enum('consumer','producer','common','grid','storage','ev','roof') not null default consumer"],
    },
  ],
  [
    'a foreign key with another rule',
    `ALTER TABLE flats DROP FOREIGN KEY flats_building_id_fkey, ADD CONSTRAINT flats_building_id_other
       FOREIGN KEY (building_id) REFERENCES buildings(id) ON DELETE CASCADE ON UPDATE CASCADE`,
    `ALTER TABLE flats DROP FOREIGN KEY flats_building_id_other, ADD CONSTRAINT flats_building_id_fkey
       FOREIGN KEY (building_id) REFERENCES buildings(id) ON DELETE RESTRICT ON UPDATE CASCADE`,
    {
      missing: ['foreign key flats_building_id_fkey: building_id to buildings (id) on delete restrict on update cascade'],
      undeclared: ['foreign key flats_building_id_other: building_id to buildings (id) on delete cascade on update cascade'],
    },
  ],
  [
    'a table that nobody declared',
    'CREATE TABLE notes (id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY)',
    'DROP TABLE notes',
    {
      missing: [],
      undeclared: [
        'table notes: utf8mb4_unicode_ci',
        'column notes.id: int unsigned not null auto_increment',
        'index notes.PRIMARY: unique (id)',
      ],
    },
  ],
  [
    'a view that lost a column',
    'ALTER SQL SECURITY DEFINER VIEW grafana_buildings AS SELECT id AS building_id, name AS building FROM buildings',
    'ALTER SQL SECURITY DEFINER VIEW grafana_buildings AS SELECT id AS building_id, name AS building, zone AS zone FROM buildings',
    {
      missing: ['view grafana_buildings read as its definer: building_id, building, zone'],
      undeclared: ['view grafana_buildings read as its definer: building_id, building'],
    },
  ],
])('%s is found', async (_, change, undo, expected) => {
  await database.pool.query(change);
  try {
    expect(await drift()).toEqual(expected);
  } finally {
    await database.pool.query(undo);
  }
  expect(await drift()).toEqual({ missing: [], undeclared: [] });
});
