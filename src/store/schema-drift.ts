import { declaredSchema, type DataModel } from './declared-schema.ts';
import { foundSchema, type Queryable } from './found-schema.ts';
import { GRAFANA_VIEWS } from './grafana-views.ts';

/** What the database has and no Prisma schema can say. Anything else that differs is drift. */
const ONLY_SQL_KNOWS: readonly string[] = [
  'column installations.live: int null as if running,1,null',
  'index installations.installations_point_id_live_key: unique (point_id, live)',
  'index installations.installations_meter_id_live_key: unique (meter_id, live)',
  'index installations.installations_line_id_unit_id_live_key: unique (line_id, unit_id, live)',
  'column incidents.open: int null as if closed_at is null,1,null',
  'index incidents.incidents_kind_subject_open_key: unique (kind, subject, open)',
  'column findings.open: int null as if closed_at is null,1,null',
  'index findings.findings_point_id_kind_open_key: unique (point_id, kind, open)',
  'column memberships.scope: int unsigned null as ifnull building_id,0',
  'index memberships.memberships_user_id_role_id_scope_key: unique (user_id, role_id, scope)',
  'check buildings_billing_start_day_check: billing_start_day between 1 and 28',
  'check installations_unit_id_check: unit_id between 1 and 247',
  'check installations_to_at_check: to_at > from_at',
  'check tenancies_to_at_check: to_at > from_at',
  'check user_meters_to_at_check: to_at > from_at',
  'check gaps_to_at_check: to_at > from_at',
  'check bill_runs_to_day_check: to_day > from_day',
  'check bills_to_at_check: to_at > from_at',
  "check bills_number_check: state = 'open' and number is null or state = 'issued' and number is not null",
  "check corrections_wh_check: kind = 'exclude-reading' and direction is null and wh is null or kind <> 'exclude-reading' and direction is not null and wh >= 0",
  'check dirty_windows_to_at_check: to_at > from_at',
  "check intervals_wh_check: wh is null and quality in 'missing','refused' or wh is not null and quality not in 'missing','refused'",
  'partitions readings: range columns at, the last one p_max',
  'partitions intervals: range columns slot, the last one p_max',
  ...GRAFANA_VIEWS,
];

/** Sentences about what is declared but not there, and what is there but not declared. */
export async function schemaDrift(connection: Queryable, model: DataModel): Promise<{ missing: string[]; undeclared: string[] }> {
  const declared = [...declaredSchema(model), ...ONLY_SQL_KNOWS];
  const found = await foundSchema(connection);
  return {
    missing: declared.filter((fact) => !found.includes(fact)),
    undeclared: found.filter((fact) => !declared.includes(fact)),
  };
}
