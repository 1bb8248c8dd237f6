/** The views for Grafana with their columns, which others rely on: a column may be added, never renamed or removed. */
export const GRAFANA_VIEWS: readonly string[] = [
  'view grafana_buildings read as its definer: building_id, building, zone',
  'view grafana_points read as its definer: point_id, label, point, flat_id, flat, kind, area_m2, building_id, building, settled_until',
  'view grafana_meters read as its definer: meter_id, label, serial, vendor, model, state, state_since, state_reason, line, point_id, point, inverted, flat_id, flat, kind, building_id, building',
  'view grafana_last_seen read as its definer: meter_id, last_seen',
  'view grafana_readings read as its definer: time, meter_id, latency_ms, voltage_l1, voltage_l2, voltage_l3, voltage_l1_l2, voltage_l2_l3, voltage_l3_l1, current_l1, current_l2, current_l3, current_neutral, active_power_l1, active_power_l2, active_power_l3, active_power_total, reactive_power_total, apparent_power_total, power_factor_l1, power_factor_l2, power_factor_l3, power_factor_total, frequency',
  'view grafana_gaps read as its definer: time, time_end, meter_id, reason',
  'view grafana_energy_quarters read as its definer: time, point_id, flow, part, wh, quality, point, flat_id, flat, kind, building_id',
  'view grafana_energy_hours read as its definer: time, point_id, flow, part, wh, quality, slots, point, flat_id, flat, kind, building_id',
  'view grafana_energy_days read as its definer: time, day, point_id, flow, part, wh, quality, slots, point, flat_id, flat, kind, building_id',
];
