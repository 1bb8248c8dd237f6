-- What Grafana and other readers may see: deploy/grafana/README.md lists the columns, and schema-drift.ts holds them fast.
-- Every view but one can be merged into its query, and begins with its largest table, so that its key is used.

CREATE OR REPLACE ALGORITHM = MERGE SQL SECURITY DEFINER VIEW `grafana_buildings` AS
SELECT
  `id` AS `building_id`,
  `name` AS `building`,
  `zone` AS `zone`
FROM `buildings`;

CREATE OR REPLACE ALGORITHM = MERGE SQL SECURITY DEFINER VIEW `grafana_points` AS
SELECT
  p.`id` AS `point_id`,
  CONCAT(f.`name`, ', ', p.`name`) AS `label`,
  p.`name` AS `point`,
  f.`id` AS `flat_id`,
  f.`name` AS `flat`,
  f.`kind` AS `kind`,
  f.`area_m2` AS `area_m2`,
  b.`id` AS `building_id`,
  b.`name` AS `building`,
  p.`settled_until` AS `settled_until`
FROM `points` p
JOIN `flats` f ON f.`id` = p.`flat_id`
JOIN `buildings` b ON b.`id` = f.`building_id`;

CREATE OR REPLACE ALGORITHM = MERGE SQL SECURITY DEFINER VIEW `grafana_meters` AS
SELECT
  m.`id` AS `meter_id`,
  CONCAT(COALESCE(CONCAT(f.`name`, ', '), ''), m.`serial`) AS `label`,
  m.`serial` AS `serial`,
  k.`vendor` AS `vendor`,
  k.`name` AS `model`,
  m.`state` AS `state`,
  m.`state_since` AS `state_since`,
  m.`state_reason` AS `state_reason`,
  l.`name` AS `line`,
  p.`id` AS `point_id`,
  p.`name` AS `point`,
  p.`inverted` AS `inverted`,
  f.`id` AS `flat_id`,
  f.`name` AS `flat`,
  f.`kind` AS `kind`,
  b.`id` AS `building_id`,
  b.`name` AS `building`
FROM `meters` m
JOIN `meter_models` k ON k.`id` = m.`model_id`
LEFT JOIN `installations` i ON i.`meter_id` = m.`id` AND i.`live` = 1
LEFT JOIN `lines` l ON l.`id` = i.`line_id`
LEFT JOIN `points` p ON p.`id` = i.`point_id`
LEFT JOIN `flats` f ON f.`id` = p.`flat_id`
LEFT JOIN `buildings` b ON b.`id` = f.`building_id`;

-- One step back along the key per partition; MAX(at) would read every reading of the meter.
CREATE OR REPLACE SQL SECURITY DEFINER VIEW `grafana_last_seen` AS
SELECT
  m.`id` AS `meter_id`,
  (SELECT r.`at` FROM `readings` r WHERE r.`meter_id` = m.`id` ORDER BY r.`at` DESC LIMIT 1) AS `last_seen`
FROM `meters` m;

CREATE OR REPLACE ALGORITHM = MERGE SQL SECURITY DEFINER VIEW `grafana_readings` AS
SELECT
  `at` AS `time`,
  `meter_id` AS `meter_id`,
  `latency_ms` AS `latency_ms`,
  `voltage_l1` AS `voltage_l1`,
  `voltage_l2` AS `voltage_l2`,
  `voltage_l3` AS `voltage_l3`,
  `voltage_l1_l2` AS `voltage_l1_l2`,
  `voltage_l2_l3` AS `voltage_l2_l3`,
  `voltage_l3_l1` AS `voltage_l3_l1`,
  `current_l1` AS `current_l1`,
  `current_l2` AS `current_l2`,
  `current_l3` AS `current_l3`,
  `current_neutral` AS `current_neutral`,
  `active_power_l1` AS `active_power_l1`,
  `active_power_l2` AS `active_power_l2`,
  `active_power_l3` AS `active_power_l3`,
  `active_power_total` AS `active_power_total`,
  `reactive_power_total` AS `reactive_power_total`,
  `apparent_power_total` AS `apparent_power_total`,
  `power_factor_l1` AS `power_factor_l1`,
  `power_factor_l2` AS `power_factor_l2`,
  `power_factor_l3` AS `power_factor_l3`,
  `power_factor_total` AS `power_factor_total`,
  `frequency` AS `frequency`
FROM `readings`;

CREATE OR REPLACE ALGORITHM = MERGE SQL SECURITY DEFINER VIEW `grafana_gaps` AS
SELECT
  `from_at` AS `time`,
  `to_at` AS `time_end`,
  `meter_id` AS `meter_id`,
  `reason` AS `reason`
FROM `gaps`;

CREATE OR REPLACE ALGORITHM = MERGE SQL SECURITY DEFINER VIEW `grafana_energy_quarters` AS
SELECT
  e.`slot` AS `time`,
  e.`point_id` AS `point_id`,
  e.`flow` AS `flow`,
  CASE
    WHEN e.`flow` = 'import' AND f.`kind` IN ('consumer', 'common', 'ev') THEN 'consumption'
    WHEN e.`flow` = 'export' AND f.`kind` = 'producer' THEN 'production'
    WHEN e.`flow` = 'import' AND f.`kind` = 'grid' THEN 'grid-import'
    WHEN e.`flow` = 'export' AND f.`kind` = 'grid' THEN 'grid-export'
  END AS `part`,
  e.`wh` AS `wh`,
  e.`quality` AS `quality`,
  p.`name` AS `point`,
  f.`id` AS `flat_id`,
  f.`name` AS `flat`,
  f.`kind` AS `kind`,
  f.`building_id` AS `building_id`
FROM `intervals` e
LEFT JOIN `points` p ON p.`id` = e.`point_id`
LEFT JOIN `flats` f ON f.`id` = p.`flat_id`;

CREATE OR REPLACE ALGORITHM = MERGE SQL SECURITY DEFINER VIEW `grafana_energy_hours` AS
SELECT
  e.`hour` AS `time`,
  e.`point_id` AS `point_id`,
  e.`flow` AS `flow`,
  CASE
    WHEN e.`flow` = 'import' AND f.`kind` IN ('consumer', 'common', 'ev') THEN 'consumption'
    WHEN e.`flow` = 'export' AND f.`kind` = 'producer' THEN 'production'
    WHEN e.`flow` = 'import' AND f.`kind` = 'grid' THEN 'grid-import'
    WHEN e.`flow` = 'export' AND f.`kind` = 'grid' THEN 'grid-export'
  END AS `part`,
  e.`wh` AS `wh`,
  e.`quality` AS `quality`,
  e.`slots` AS `slots`,
  p.`name` AS `point`,
  f.`id` AS `flat_id`,
  f.`name` AS `flat`,
  f.`kind` AS `kind`,
  f.`building_id` AS `building_id`
FROM `energy_hours` e
LEFT JOIN `points` p ON p.`id` = e.`point_id`
LEFT JOIN `flats` f ON f.`id` = p.`flat_id`;

-- Noon in UTC lies in that day on nearly all clocks of the world, so a range of local time takes the right days.
CREATE OR REPLACE ALGORITHM = MERGE SQL SECURITY DEFINER VIEW `grafana_energy_days` AS
SELECT
  TIMESTAMP(e.`day`, '12:00:00') AS `time`,
  e.`day` AS `day`,
  e.`point_id` AS `point_id`,
  e.`flow` AS `flow`,
  CASE
    WHEN e.`flow` = 'import' AND f.`kind` IN ('consumer', 'common', 'ev') THEN 'consumption'
    WHEN e.`flow` = 'export' AND f.`kind` = 'producer' THEN 'production'
    WHEN e.`flow` = 'import' AND f.`kind` = 'grid' THEN 'grid-import'
    WHEN e.`flow` = 'export' AND f.`kind` = 'grid' THEN 'grid-export'
  END AS `part`,
  e.`wh` AS `wh`,
  e.`quality` AS `quality`,
  e.`slots` AS `slots`,
  p.`name` AS `point`,
  f.`id` AS `flat_id`,
  f.`name` AS `flat`,
  f.`kind` AS `kind`,
  f.`building_id` AS `building_id`
FROM `energy_days` e
LEFT JOIN `points` p ON p.`id` = e.`point_id`
LEFT JOIN `flats` f ON f.`id` = p.`flat_id`;
