CREATE TABLE `tariffs` (
  `id` INT UNSIGNED NOT NULL AUTO_INCREMENT,
  `building_id` INT UNSIGNED NOT NULL,
  `name` VARCHAR(80) NOT NULL,
  `valid_from` DATE NOT NULL,
  `currency` CHAR(3) NOT NULL DEFAULT 'EUR',
  `base_price_micro` BIGINT NOT NULL DEFAULT 0,
  `base_per` ENUM('month', 'day') NOT NULL DEFAULT 'month',
  `energy_price_micro` BIGINT NOT NULL,
  `own_price_micro` BIGINT NOT NULL,
  `bands_of` ENUM('week', 'italy') NOT NULL DEFAULT 'week',
  `bands` JSON NOT NULL,
  `own_prices` JSON NOT NULL,
  `vat_basis_points` SMALLINT UNSIGNED NOT NULL DEFAULT 0,
  `created_at` DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  `updated_at` DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),

  UNIQUE INDEX `tariffs_building_id_valid_from_key`(`building_id`, `valid_from`),
  PRIMARY KEY (`id`),
  CONSTRAINT `tariffs_building_id_fkey` FOREIGN KEY (`building_id`) REFERENCES `buildings`(`id`) ON DELETE RESTRICT ON UPDATE CASCADE
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE `billing_settings` (
  `building_id` INT UNSIGNED NOT NULL,
  `split_kind` ENUM('proportional', 'shares', 'capped') NOT NULL DEFAULT 'proportional',
  `surplus` ENUM('export', 'others') NOT NULL DEFAULT 'export',
  `sender` VARCHAR(250) NOT NULL DEFAULT '',
  `remark` VARCHAR(500) NOT NULL DEFAULT '',

  PRIMARY KEY (`building_id`),
  CONSTRAINT `billing_settings_building_id_fkey` FOREIGN KEY (`building_id`) REFERENCES `buildings`(`id`) ON DELETE CASCADE ON UPDATE CASCADE
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE `split_shares` (
  `id` INT UNSIGNED NOT NULL AUTO_INCREMENT,
  `flat_id` INT UNSIGNED NOT NULL,
  `producer_id` INT UNSIGNED NOT NULL,
  `millionths` INT UNSIGNED NOT NULL,

  UNIQUE INDEX `split_shares_flat_id_producer_id_key`(`flat_id`, `producer_id`),
  INDEX `split_shares_producer_id_idx`(`producer_id`),
  PRIMARY KEY (`id`),
  CONSTRAINT `split_shares_flat_id_fkey` FOREIGN KEY (`flat_id`) REFERENCES `flats`(`id`) ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT `split_shares_producer_id_fkey` FOREIGN KEY (`producer_id`) REFERENCES `flats`(`id`) ON DELETE CASCADE ON UPDATE CASCADE
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE `bill_runs` (
  `id` INT UNSIGNED NOT NULL AUTO_INCREMENT,
  `building_id` INT UNSIGNED NOT NULL,
  `from_day` DATE NOT NULL,
  `to_day` DATE NOT NULL,
  `state` ENUM('waiting', 'running', 'done', 'failed', 'replaced') NOT NULL DEFAULT 'waiting',
  `progress` TINYINT UNSIGNED NOT NULL DEFAULT 0,
  `problem` VARCHAR(2000) NOT NULL DEFAULT '',
  `hash` CHAR(64) NOT NULL DEFAULT '',
  `actor` VARCHAR(254) NOT NULL DEFAULT '',
  `created_at` DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  `finished_at` DATETIME(3) NULL,

  INDEX `bill_runs_building_id_from_day_idx`(`building_id`, `from_day`),
  PRIMARY KEY (`id`),
  CONSTRAINT `bill_runs_to_day_check` CHECK (`to_day` > `from_day`),
  CONSTRAINT `bill_runs_building_id_fkey` FOREIGN KEY (`building_id`) REFERENCES `buildings`(`id`) ON DELETE RESTRICT ON UPDATE CASCADE
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE `bills` (
  `id` INT UNSIGNED NOT NULL AUTO_INCREMENT,
  `run_id` INT UNSIGNED NOT NULL,
  `building_id` INT UNSIGNED NOT NULL,
  `flat_id` INT UNSIGNED NOT NULL,
  `tenancy_id` INT UNSIGNED NULL,
  `number` INT UNSIGNED NULL,
  `state` ENUM('open', 'issued') NOT NULL DEFAULT 'open',
  `corrects_id` INT UNSIGNED NULL,
  `flat_name` VARCHAR(80) NOT NULL,
  `party` VARCHAR(120) NOT NULL,
  `address` VARCHAR(250) NOT NULL DEFAULT '',
  `from_at` DATETIME(3) NOT NULL,
  `to_at` DATETIME(3) NOT NULL,
  `currency` CHAR(3) NOT NULL,
  `net_micro` BIGINT NOT NULL,
  `vat_micro` BIGINT NOT NULL,
  `total_micro` BIGINT NOT NULL,
  `vat_groups` JSON NOT NULL,
  `consumption_wh` BIGINT NOT NULL,
  `own_wh` BIGINT NOT NULL,
  `estimated_wh` BIGINT NOT NULL,
  `missing_slots` INT UNSIGNED NOT NULL,
  `missing_production` INT UNSIGNED NOT NULL,
  `meters` JSON NOT NULL,
  `hash` CHAR(64) NOT NULL,
  `created_at` DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  `issued_at` DATETIME(3) NULL,

  UNIQUE INDEX `bills_building_id_number_key`(`building_id`, `number`),
  INDEX `bills_run_id_idx`(`run_id`),
  INDEX `bills_flat_id_from_at_idx`(`flat_id`, `from_at`),
  INDEX `bills_tenancy_id_idx`(`tenancy_id`),
  INDEX `bills_corrects_id_idx`(`corrects_id`),
  PRIMARY KEY (`id`),
  CONSTRAINT `bills_to_at_check` CHECK (`to_at` > `from_at`),
  CONSTRAINT `bills_number_check` CHECK ((`state` = 'open' AND `number` IS NULL) OR (`state` = 'issued' AND `number` IS NOT NULL)),
  CONSTRAINT `bills_run_id_fkey` FOREIGN KEY (`run_id`) REFERENCES `bill_runs`(`id`) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT `bills_building_id_fkey` FOREIGN KEY (`building_id`) REFERENCES `buildings`(`id`) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT `bills_flat_id_fkey` FOREIGN KEY (`flat_id`) REFERENCES `flats`(`id`) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT `bills_tenancy_id_fkey` FOREIGN KEY (`tenancy_id`) REFERENCES `tenancies`(`id`) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT `bills_corrects_id_fkey` FOREIGN KEY (`corrects_id`) REFERENCES `bills`(`id`) ON DELETE RESTRICT ON UPDATE CASCADE
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE `bill_lines` (
  `id` INT UNSIGNED NOT NULL AUTO_INCREMENT,
  `bill_id` INT UNSIGNED NOT NULL,
  `position` SMALLINT UNSIGNED NOT NULL,
  `kind` ENUM('base', 'grid', 'own') NOT NULL,
  `label` VARCHAR(80) NOT NULL DEFAULT '',
  `producer_id` INT UNSIGNED NULL,
  `tariff_id` INT UNSIGNED NOT NULL,
  `tariff_name` VARCHAR(80) NOT NULL,
  `from_day` DATE NOT NULL,
  `to_day` DATE NOT NULL,
  `unit` ENUM('kWh', 'month', 'day') NOT NULL,
  `quantity_micro` BIGINT NOT NULL,
  `wh` BIGINT NOT NULL,
  `estimated_wh` BIGINT NOT NULL,
  `price_micro` BIGINT NOT NULL,
  `amount_micro` BIGINT NOT NULL,
  `vat_basis_points` SMALLINT UNSIGNED NOT NULL,

  UNIQUE INDEX `bill_lines_bill_id_position_key`(`bill_id`, `position`),
  PRIMARY KEY (`id`),
  CONSTRAINT `bill_lines_bill_id_fkey` FOREIGN KEY (`bill_id`) REFERENCES `bills`(`id`) ON DELETE CASCADE ON UPDATE CASCADE
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE `bill_slots` (
  `bill_id` INT UNSIGNED NOT NULL,
  `packed` MEDIUMBLOB NOT NULL,

  PRIMARY KEY (`bill_id`),
  CONSTRAINT `bill_slots_bill_id_fkey` FOREIGN KEY (`bill_id`) REFERENCES `bills`(`id`) ON DELETE CASCADE ON UPDATE CASCADE
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

-- Roles that were shipped before there were bills; edited ones gain no more than they were made for.
INSERT INTO `permissions` (`role_id`, `name`)
SELECT `roles`.`id`, `added`.`name`
FROM `roles`
JOIN (
  SELECT 'tariff:read' AS `name` UNION ALL SELECT 'tariff:change' UNION ALL
  SELECT 'bill:read' UNION ALL SELECT 'bill:run' UNION ALL SELECT 'bill:issue'
) AS `added`
WHERE `roles`.`name` IN ('administrator', 'service-provider');
