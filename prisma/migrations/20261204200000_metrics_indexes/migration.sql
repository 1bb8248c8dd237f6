CREATE INDEX `meters_state_idx` ON `meters`(`state`);
CREATE INDEX `incidents_closed_at_kind_idx` ON `incidents`(`closed_at`, `kind`);
