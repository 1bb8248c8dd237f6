CREATE TABLE `buildings` (
  `id` INT UNSIGNED NOT NULL AUTO_INCREMENT,
  `name` VARCHAR(120) NOT NULL,
  `address` VARCHAR(250) NOT NULL DEFAULT '',
  `zone` VARCHAR(64) NOT NULL DEFAULT 'Europe/Berlin',
  `billing_start_day` TINYINT UNSIGNED NOT NULL DEFAULT 1,
  `language` VARCHAR(5) NOT NULL DEFAULT 'en',
  `recipients` VARCHAR(1000) NOT NULL DEFAULT '',
  `demo` BOOLEAN NOT NULL DEFAULT false,
  `created_at` DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  `updated_at` DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),

  UNIQUE INDEX `buildings_name_key`(`name`),
  PRIMARY KEY (`id`),
  CONSTRAINT `buildings_billing_start_day_check` CHECK (`billing_start_day` BETWEEN 1 AND 28)
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE `users` (
  `id` INT UNSIGNED NOT NULL AUTO_INCREMENT,
  `email` VARCHAR(254) NOT NULL,
  `name` VARCHAR(120) NOT NULL,
  `language` VARCHAR(5) NOT NULL DEFAULT 'en',
  `active` BOOLEAN NOT NULL DEFAULT true,
  `password_hash` VARCHAR(250) NOT NULL,
  `session_epoch` INT UNSIGNED NOT NULL DEFAULT 0,
  `last_login_at` DATETIME(3) NULL,
  `created_at` DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  `updated_at` DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),

  UNIQUE INDEX `users_email_key`(`email`),
  PRIMARY KEY (`id`)
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE `roles` (
  `id` INT UNSIGNED NOT NULL AUTO_INCREMENT,
  `name` VARCHAR(60) NOT NULL,
  `description` VARCHAR(250) NOT NULL DEFAULT '',
  `created_at` DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  `updated_at` DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),

  UNIQUE INDEX `roles_name_key`(`name`),
  PRIMARY KEY (`id`)
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE `meter_models` (
  `id` INT UNSIGNED NOT NULL AUTO_INCREMENT,
  `key` VARCHAR(80) NOT NULL,
  `vendor` VARCHAR(80) NOT NULL,
  `name` VARCHAR(80) NOT NULL,
  `family` VARCHAR(80) NOT NULL DEFAULT '',
  `manual` VARCHAR(250) NOT NULL DEFAULT '',
  `max_registers` SMALLINT UNSIGNED NOT NULL DEFAULT 125,
  `even_only` BOOLEAN NOT NULL DEFAULT false,
  `verified` BOOLEAN NOT NULL DEFAULT false,
  `created_at` DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  `updated_at` DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),

  UNIQUE INDEX `meter_models_key_key`(`key`),
  PRIMARY KEY (`id`)
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE `flats` (
  `id` INT UNSIGNED NOT NULL AUTO_INCREMENT,
  `building_id` INT UNSIGNED NOT NULL,
  `name` VARCHAR(80) NOT NULL,
  `kind` ENUM('consumer', 'producer', 'common', 'grid', 'storage', 'ev') NOT NULL DEFAULT 'consumer',
  `area_m2` DOUBLE NULL,
  `created_at` DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  `updated_at` DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),

  UNIQUE INDEX `flats_building_id_name_key`(`building_id`, `name`),
  PRIMARY KEY (`id`),
  CONSTRAINT `flats_building_id_fkey` FOREIGN KEY (`building_id`) REFERENCES `buildings`(`id`) ON DELETE RESTRICT ON UPDATE CASCADE
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE `points` (
  `id` INT UNSIGNED NOT NULL AUTO_INCREMENT,
  `flat_id` INT UNSIGNED NOT NULL,
  `name` VARCHAR(80) NOT NULL,
  `inverted` BOOLEAN NOT NULL DEFAULT false,
  `hourly_limit_kwh` DOUBLE NULL,
  `max_power_w` DOUBLE NULL,
  `created_at` DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  `updated_at` DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),

  UNIQUE INDEX `points_flat_id_name_key`(`flat_id`, `name`),
  PRIMARY KEY (`id`),
  CONSTRAINT `points_flat_id_fkey` FOREIGN KEY (`flat_id`) REFERENCES `flats`(`id`) ON DELETE RESTRICT ON UPDATE CASCADE
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE `tenancies` (
  `id` INT UNSIGNED NOT NULL AUTO_INCREMENT,
  `flat_id` INT UNSIGNED NOT NULL,
  `name` VARCHAR(120) NOT NULL,
  `address` VARCHAR(250) NOT NULL DEFAULT '',
  `email` VARCHAR(254) NOT NULL DEFAULT '',
  `from_at` DATETIME(3) NOT NULL,
  `to_at` DATETIME(3) NULL,
  `created_at` DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  `updated_at` DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),

  INDEX `tenancies_flat_id_from_at_idx`(`flat_id`, `from_at`),
  PRIMARY KEY (`id`),
  CONSTRAINT `tenancies_to_at_check` CHECK (`to_at` > `from_at`),
  CONSTRAINT `tenancies_flat_id_fkey` FOREIGN KEY (`flat_id`) REFERENCES `flats`(`id`) ON DELETE RESTRICT ON UPDATE CASCADE
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE `tenancy_users` (
  `id` INT UNSIGNED NOT NULL AUTO_INCREMENT,
  `tenancy_id` INT UNSIGNED NOT NULL,
  `user_id` INT UNSIGNED NOT NULL,

  UNIQUE INDEX `tenancy_users_tenancy_id_user_id_key`(`tenancy_id`, `user_id`),
  INDEX `tenancy_users_user_id_idx`(`user_id`),
  PRIMARY KEY (`id`),
  CONSTRAINT `tenancy_users_tenancy_id_fkey` FOREIGN KEY (`tenancy_id`) REFERENCES `tenancies`(`id`) ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT `tenancy_users_user_id_fkey` FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON DELETE CASCADE ON UPDATE CASCADE
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE `lines` (
  `id` INT UNSIGNED NOT NULL AUTO_INCREMENT,
  `building_id` INT UNSIGNED NOT NULL,
  `name` VARCHAR(80) NOT NULL,
  `transport` ENUM('tcp', 'rtu_over_tcp', 'rtu', 'push') NOT NULL DEFAULT 'tcp',
  `host` VARCHAR(253) NULL,
  `port` SMALLINT UNSIGNED NULL,
  `serial_path` VARCHAR(250) NULL,
  `baud_rate` INT UNSIGNED NULL,
  `parity` VARCHAR(4) NULL,
  `stop_bits` TINYINT UNSIGNED NULL,
  `timeout_ms` INT UNSIGNED NOT NULL DEFAULT 1000,
  `retries` TINYINT UNSIGNED NOT NULL DEFAULT 2,
  `pause_ms` INT UNSIGNED NOT NULL DEFAULT 0,
  `poller` VARCHAR(40) NOT NULL DEFAULT 'main',
  `created_at` DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  `updated_at` DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),

  UNIQUE INDEX `lines_building_id_name_key`(`building_id`, `name`),
  PRIMARY KEY (`id`),
  CONSTRAINT `lines_building_id_fkey` FOREIGN KEY (`building_id`) REFERENCES `buildings`(`id`) ON DELETE RESTRICT ON UPDATE CASCADE
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE `registers` (
  `id` INT UNSIGNED NOT NULL AUTO_INCREMENT,
  `model_id` INT UNSIGNED NOT NULL,
  `quantity` VARCHAR(64) NOT NULL,
  `unit` VARCHAR(12) NOT NULL DEFAULT '',
  `address` SMALLINT UNSIGNED NOT NULL,
  `function` TINYINT UNSIGNED NOT NULL,
  `type` ENUM('uint8', 'int8', 'uint16', 'int16', 'uint32', 'int32', 'uint64', 'int64', 'float32', 'float64', 'bcd', 'bit') NOT NULL,
  `words` TINYINT UNSIGNED NOT NULL,
  `word_order` ENUM('big', 'little') NOT NULL DEFAULT 'big',
  `byte_order` ENUM('big', 'little') NOT NULL DEFAULT 'big',
  `scale` DOUBLE NOT NULL DEFAULT 1,
  `offset` DOUBLE NOT NULL DEFAULT 0,
  `invalid` VARCHAR(64) NOT NULL DEFAULT '',
  `ratio` ENUM('none', 'ct', 'pt', 'ct*pt') NOT NULL DEFAULT 'none',
  `counter` ENUM('lifetime', 'daily', 'delta') NULL,
  `writable` VARCHAR(64) NOT NULL DEFAULT '',
  `description` VARCHAR(250) NOT NULL DEFAULT '',
  `source` VARCHAR(1000) NOT NULL,
  `updated_at` DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),

  UNIQUE INDEX `registers_model_id_quantity_key`(`model_id`, `quantity`),
  PRIMARY KEY (`id`),
  CONSTRAINT `registers_model_id_fkey` FOREIGN KEY (`model_id`) REFERENCES `meter_models`(`id`) ON DELETE CASCADE ON UPDATE CASCADE
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE `meters` (
  `id` INT UNSIGNED NOT NULL AUTO_INCREMENT,
  `serial` VARCHAR(80) NOT NULL,
  `model_id` INT UNSIGNED NOT NULL,
  `description` VARCHAR(250) NOT NULL DEFAULT '',
  `cadence` VARCHAR(64) NOT NULL DEFAULT '',
  `state` ENUM('new', 'ok', 'silent', 'closed') NOT NULL DEFAULT 'new',
  `state_since` DATETIME(3) NULL,
  `state_reason` VARCHAR(64) NOT NULL DEFAULT '',
  `state_detail` VARCHAR(500) NOT NULL DEFAULT '',
  `created_at` DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  `updated_at` DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),

  UNIQUE INDEX `meters_serial_key`(`serial`),
  PRIMARY KEY (`id`),
  CONSTRAINT `meters_model_id_fkey` FOREIGN KEY (`model_id`) REFERENCES `meter_models`(`id`) ON DELETE RESTRICT ON UPDATE CASCADE
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE `installations` (
  `id` INT UNSIGNED NOT NULL AUTO_INCREMENT,
  `point_id` INT UNSIGNED NOT NULL,
  `meter_id` INT UNSIGNED NOT NULL,
  `line_id` INT UNSIGNED NOT NULL,
  `unit_id` TINYINT UNSIGNED NOT NULL,
  `from_at` DATETIME(3) NULL,
  `to_at` DATETIME(3) NULL,
  `running` BOOLEAN NOT NULL DEFAULT true,
  `ct_ratio` DOUBLE NOT NULL DEFAULT 1,
  `pt_ratio` DOUBLE NOT NULL DEFAULT 1,
  `first_import_wh` BIGINT NULL,
  `first_export_wh` BIGINT NULL,
  `last_import_wh` BIGINT NULL,
  `last_export_wh` BIGINT NULL,
  `created_at` DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  `updated_at` DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
  `live` INT GENERATED ALWAYS AS (IF(`running`, 1, NULL)) VIRTUAL,

  INDEX `installations_meter_id_from_at_idx`(`meter_id`, `from_at`),
  INDEX `installations_point_id_from_at_idx`(`point_id`, `from_at`),
  UNIQUE INDEX `installations_point_id_live_key`(`point_id`, `live`),
  UNIQUE INDEX `installations_meter_id_live_key`(`meter_id`, `live`),
  UNIQUE INDEX `installations_line_id_unit_id_live_key`(`line_id`, `unit_id`, `live`),
  PRIMARY KEY (`id`),
  CONSTRAINT `installations_unit_id_check` CHECK (`unit_id` BETWEEN 1 AND 247),
  CONSTRAINT `installations_to_at_check` CHECK (`to_at` > `from_at`),
  CONSTRAINT `installations_point_id_fkey` FOREIGN KEY (`point_id`) REFERENCES `points`(`id`) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT `installations_meter_id_fkey` FOREIGN KEY (`meter_id`) REFERENCES `meters`(`id`) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT `installations_line_id_fkey` FOREIGN KEY (`line_id`) REFERENCES `lines`(`id`) ON DELETE RESTRICT ON UPDATE CASCADE
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE `user_meters` (
  `id` INT UNSIGNED NOT NULL AUTO_INCREMENT,
  `user_id` INT UNSIGNED NOT NULL,
  `meter_id` INT UNSIGNED NOT NULL,
  `from_at` DATETIME(3) NULL,
  `to_at` DATETIME(3) NULL,

  UNIQUE INDEX `user_meters_user_id_meter_id_key`(`user_id`, `meter_id`),
  INDEX `user_meters_meter_id_idx`(`meter_id`),
  PRIMARY KEY (`id`),
  CONSTRAINT `user_meters_to_at_check` CHECK (`to_at` > `from_at`),
  CONSTRAINT `user_meters_user_id_fkey` FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT `user_meters_meter_id_fkey` FOREIGN KEY (`meter_id`) REFERENCES `meters`(`id`) ON DELETE RESTRICT ON UPDATE CASCADE
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE `permissions` (
  `id` INT UNSIGNED NOT NULL AUTO_INCREMENT,
  `role_id` INT UNSIGNED NOT NULL,
  `name` VARCHAR(60) NOT NULL,

  UNIQUE INDEX `permissions_role_id_name_key`(`role_id`, `name`),
  PRIMARY KEY (`id`),
  CONSTRAINT `permissions_role_id_fkey` FOREIGN KEY (`role_id`) REFERENCES `roles`(`id`) ON DELETE CASCADE ON UPDATE CASCADE
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE `memberships` (
  `id` INT UNSIGNED NOT NULL AUTO_INCREMENT,
  `user_id` INT UNSIGNED NOT NULL,
  `role_id` INT UNSIGNED NOT NULL,
  `building_id` INT UNSIGNED NULL,
  `created_at` DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  `scope` INT UNSIGNED GENERATED ALWAYS AS (IFNULL(`building_id`, 0)) VIRTUAL,

  INDEX `memberships_role_id_idx`(`role_id`),
  INDEX `memberships_building_id_idx`(`building_id`),
  UNIQUE INDEX `memberships_user_id_role_id_scope_key`(`user_id`, `role_id`, `scope`),
  PRIMARY KEY (`id`),
  CONSTRAINT `memberships_user_id_fkey` FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT `memberships_role_id_fkey` FOREIGN KEY (`role_id`) REFERENCES `roles`(`id`) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT `memberships_building_id_fkey` FOREIGN KEY (`building_id`) REFERENCES `buildings`(`id`) ON DELETE CASCADE ON UPDATE CASCADE
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE `api_tokens` (
  `id` INT UNSIGNED NOT NULL AUTO_INCREMENT,
  `user_id` INT UNSIGNED NOT NULL,
  `name` VARCHAR(80) NOT NULL,
  `token_hash` CHAR(64) NOT NULL,
  `scope` VARCHAR(500) NOT NULL,
  `expires_at` DATETIME(3) NULL,
  `last_used_at` DATETIME(3) NULL,
  `revoked_at` DATETIME(3) NULL,
  `created_at` DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),

  UNIQUE INDEX `api_tokens_token_hash_key`(`token_hash`),
  INDEX `api_tokens_user_id_idx`(`user_id`),
  PRIMARY KEY (`id`),
  CONSTRAINT `api_tokens_user_id_fkey` FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON DELETE CASCADE ON UPDATE CASCADE
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE `incidents` (
  `id` INT UNSIGNED NOT NULL AUTO_INCREMENT,
  `building_id` INT UNSIGNED NULL,
  `kind` ENUM('meter-silent') NOT NULL,
  `subject` VARCHAR(80) NOT NULL,
  `title` VARCHAR(250) NOT NULL,
  `cause` VARCHAR(500) NOT NULL DEFAULT '',
  `opened_at` DATETIME(3) NOT NULL,
  `closed_at` DATETIME(3) NULL,
  `acknowledged_at` DATETIME(3) NULL,
  `acknowledged_by` INT UNSIGNED NULL,
  `open` INT GENERATED ALWAYS AS (IF(`closed_at` IS NULL, 1, NULL)) VIRTUAL,

  INDEX `incidents_building_id_opened_at_idx`(`building_id`, `opened_at`),
  UNIQUE INDEX `incidents_kind_subject_open_key`(`kind`, `subject`, `open`),
  PRIMARY KEY (`id`),
  CONSTRAINT `incidents_building_id_fkey` FOREIGN KEY (`building_id`) REFERENCES `buildings`(`id`) ON DELETE CASCADE ON UPDATE CASCADE
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE `mail_outbox` (
  `id` INT UNSIGNED NOT NULL AUTO_INCREMENT,
  `incident_id` INT UNSIGNED NULL,
  `template` VARCHAR(60) NOT NULL,
  `language` VARCHAR(5) NOT NULL DEFAULT 'en',
  `recipients` VARCHAR(1000) NOT NULL,
  `data` JSON NOT NULL,
  `created_at` DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  `sent_at` DATETIME(3) NULL,
  `attempts` INT UNSIGNED NOT NULL DEFAULT 0,
  `last_error` VARCHAR(500) NOT NULL DEFAULT '',

  INDEX `mail_outbox_sent_at_id_idx`(`sent_at`, `id`),
  PRIMARY KEY (`id`),
  CONSTRAINT `mail_outbox_incident_id_fkey` FOREIGN KEY (`incident_id`) REFERENCES `incidents`(`id`) ON DELETE SET NULL ON UPDATE CASCADE
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE `activities` (
  `id` INT UNSIGNED NOT NULL AUTO_INCREMENT,
  `at` DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  `user_id` INT UNSIGNED NULL,
  `actor` VARCHAR(254) NOT NULL,
  `action` VARCHAR(60) NOT NULL,
  `subject` VARCHAR(80) NOT NULL DEFAULT '',
  `detail` VARCHAR(1000) NOT NULL DEFAULT '',

  INDEX `activities_at_idx`(`at`),
  PRIMARY KEY (`id`)
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE `settings` (
  `key` VARCHAR(80) NOT NULL,
  `value` VARCHAR(2000) NOT NULL,
  `updated_at` DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),

  PRIMARY KEY (`key`)
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE `readings` (
  `meter_id` INT UNSIGNED NOT NULL,
  `at` DATETIME(3) NOT NULL,
  `taken_at` DATETIME(3) NOT NULL,
  `latency_ms` INT UNSIGNED NULL,
  `voltage_l1` FLOAT NULL,
  `voltage_l2` FLOAT NULL,
  `voltage_l3` FLOAT NULL,
  `voltage_l1_l2` FLOAT NULL,
  `voltage_l2_l3` FLOAT NULL,
  `voltage_l3_l1` FLOAT NULL,
  `current_l1` FLOAT NULL,
  `current_l2` FLOAT NULL,
  `current_l3` FLOAT NULL,
  `current_neutral` FLOAT NULL,
  `active_power_l1` FLOAT NULL,
  `active_power_l2` FLOAT NULL,
  `active_power_l3` FLOAT NULL,
  `active_power_total` FLOAT NULL,
  `reactive_power_l1` FLOAT NULL,
  `reactive_power_l2` FLOAT NULL,
  `reactive_power_l3` FLOAT NULL,
  `reactive_power_total` FLOAT NULL,
  `apparent_power_l1` FLOAT NULL,
  `apparent_power_l2` FLOAT NULL,
  `apparent_power_l3` FLOAT NULL,
  `apparent_power_total` FLOAT NULL,
  `power_factor_l1` FLOAT NULL,
  `power_factor_l2` FLOAT NULL,
  `power_factor_l3` FLOAT NULL,
  `power_factor_total` FLOAT NULL,
  `frequency` FLOAT NULL,
  `import_active_energy_l1` BIGINT NULL,
  `import_active_energy_l2` BIGINT NULL,
  `import_active_energy_l3` BIGINT NULL,
  `import_active_energy_total` BIGINT NULL,
  `export_active_energy_l1` BIGINT NULL,
  `export_active_energy_l2` BIGINT NULL,
  `export_active_energy_l3` BIGINT NULL,
  `export_active_energy_total` BIGINT NULL,
  `import_reactive_energy_l1` BIGINT NULL,
  `import_reactive_energy_l2` BIGINT NULL,
  `import_reactive_energy_l3` BIGINT NULL,
  `import_reactive_energy_total` BIGINT NULL,
  `export_reactive_energy_l1` BIGINT NULL,
  `export_reactive_energy_l2` BIGINT NULL,
  `export_reactive_energy_l3` BIGINT NULL,
  `export_reactive_energy_total` BIGINT NULL,
  `extra` JSON NULL,
  `refused` JSON NULL,

  PRIMARY KEY (`meter_id`, `at`)
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci
PARTITION BY RANGE COLUMNS(`at`) (
  PARTITION `p_202501` VALUES LESS THAN ('2025-02-01'),
  PARTITION `p_202502` VALUES LESS THAN ('2025-03-01'),
  PARTITION `p_202503` VALUES LESS THAN ('2025-04-01'),
  PARTITION `p_202504` VALUES LESS THAN ('2025-05-01'),
  PARTITION `p_202505` VALUES LESS THAN ('2025-06-01'),
  PARTITION `p_202506` VALUES LESS THAN ('2025-07-01'),
  PARTITION `p_202507` VALUES LESS THAN ('2025-08-01'),
  PARTITION `p_202508` VALUES LESS THAN ('2025-09-01'),
  PARTITION `p_202509` VALUES LESS THAN ('2025-10-01'),
  PARTITION `p_202510` VALUES LESS THAN ('2025-11-01'),
  PARTITION `p_202511` VALUES LESS THAN ('2025-12-01'),
  PARTITION `p_202512` VALUES LESS THAN ('2026-01-01'),
  PARTITION `p_202601` VALUES LESS THAN ('2026-02-01'),
  PARTITION `p_202602` VALUES LESS THAN ('2026-03-01'),
  PARTITION `p_202603` VALUES LESS THAN ('2026-04-01'),
  PARTITION `p_202604` VALUES LESS THAN ('2026-05-01'),
  PARTITION `p_202605` VALUES LESS THAN ('2026-06-01'),
  PARTITION `p_202606` VALUES LESS THAN ('2026-07-01'),
  PARTITION `p_202607` VALUES LESS THAN ('2026-08-01'),
  PARTITION `p_202608` VALUES LESS THAN ('2026-09-01'),
  PARTITION `p_202609` VALUES LESS THAN ('2026-10-01'),
  PARTITION `p_202610` VALUES LESS THAN ('2026-11-01'),
  PARTITION `p_202611` VALUES LESS THAN ('2026-12-01'),
  PARTITION `p_202612` VALUES LESS THAN ('2027-01-01'),
  PARTITION `p_202701` VALUES LESS THAN ('2027-02-01'),
  PARTITION `p_202702` VALUES LESS THAN ('2027-03-01'),
  PARTITION `p_202703` VALUES LESS THAN ('2027-04-01'),
  PARTITION `p_202704` VALUES LESS THAN ('2027-05-01'),
  PARTITION `p_max` VALUES LESS THAN (MAXVALUE)
);

CREATE TABLE `gaps` (
  `id` INT UNSIGNED NOT NULL AUTO_INCREMENT,
  `meter_id` INT UNSIGNED NOT NULL,
  `from_at` DATETIME(3) NOT NULL,
  `to_at` DATETIME(3) NOT NULL,
  `reason` ENUM('no-tick', 'late', 'no-answer', 'line-down', 'bad-reply', 'refused', 'not-read', 'not-stored') NOT NULL,
  `detail` VARCHAR(500) NOT NULL DEFAULT '',

  UNIQUE INDEX `gaps_meter_id_from_at_key`(`meter_id`, `from_at`),
  INDEX `gaps_meter_id_to_at_idx`(`meter_id`, `to_at`),
  PRIMARY KEY (`id`),
  CONSTRAINT `gaps_to_at_check` CHECK (`to_at` > `from_at`)
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE `intervals` (
  `point_id` INT UNSIGNED NOT NULL,
  `flow` VARCHAR(24) NOT NULL,
  `slot` DATETIME(0) NOT NULL,
  `wh` BIGINT NULL,
  `quality` ENUM('measured', 'interpolated', 'estimated', 'missing', 'refused') NOT NULL,
  `method` VARCHAR(24) NOT NULL DEFAULT '',

  PRIMARY KEY (`point_id`, `flow`, `slot`),
  CONSTRAINT `intervals_wh_check` CHECK ((`wh` IS NULL AND `quality` IN ('missing', 'refused')) OR (`wh` IS NOT NULL AND `quality` NOT IN ('missing', 'refused')))
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci
PARTITION BY RANGE COLUMNS(`slot`) (
  PARTITION `p_202501` VALUES LESS THAN ('2025-02-01'),
  PARTITION `p_202502` VALUES LESS THAN ('2025-03-01'),
  PARTITION `p_202503` VALUES LESS THAN ('2025-04-01'),
  PARTITION `p_202504` VALUES LESS THAN ('2025-05-01'),
  PARTITION `p_202505` VALUES LESS THAN ('2025-06-01'),
  PARTITION `p_202506` VALUES LESS THAN ('2025-07-01'),
  PARTITION `p_202507` VALUES LESS THAN ('2025-08-01'),
  PARTITION `p_202508` VALUES LESS THAN ('2025-09-01'),
  PARTITION `p_202509` VALUES LESS THAN ('2025-10-01'),
  PARTITION `p_202510` VALUES LESS THAN ('2025-11-01'),
  PARTITION `p_202511` VALUES LESS THAN ('2025-12-01'),
  PARTITION `p_202512` VALUES LESS THAN ('2026-01-01'),
  PARTITION `p_202601` VALUES LESS THAN ('2026-02-01'),
  PARTITION `p_202602` VALUES LESS THAN ('2026-03-01'),
  PARTITION `p_202603` VALUES LESS THAN ('2026-04-01'),
  PARTITION `p_202604` VALUES LESS THAN ('2026-05-01'),
  PARTITION `p_202605` VALUES LESS THAN ('2026-06-01'),
  PARTITION `p_202606` VALUES LESS THAN ('2026-07-01'),
  PARTITION `p_202607` VALUES LESS THAN ('2026-08-01'),
  PARTITION `p_202608` VALUES LESS THAN ('2026-09-01'),
  PARTITION `p_202609` VALUES LESS THAN ('2026-10-01'),
  PARTITION `p_202610` VALUES LESS THAN ('2026-11-01'),
  PARTITION `p_202611` VALUES LESS THAN ('2026-12-01'),
  PARTITION `p_202612` VALUES LESS THAN ('2027-01-01'),
  PARTITION `p_202701` VALUES LESS THAN ('2027-02-01'),
  PARTITION `p_202702` VALUES LESS THAN ('2027-03-01'),
  PARTITION `p_202703` VALUES LESS THAN ('2027-04-01'),
  PARTITION `p_202704` VALUES LESS THAN ('2027-05-01'),
  PARTITION `p_max` VALUES LESS THAN (MAXVALUE)
);

CREATE TABLE `cadences` (
  `pattern` VARCHAR(64) NOT NULL,
  `ticked_until` DATETIME(3) NULL,
  `closed_until` DATETIME(3) NULL,

  PRIMARY KEY (`pattern`)
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
