ALTER TABLE `points`
  ADD COLUMN `settled_until` DATETIME(0) NULL AFTER `max_power_w`;

CREATE TABLE `dirty_windows` (
  `id` INT UNSIGNED NOT NULL AUTO_INCREMENT,
  `point_id` INT UNSIGNED NOT NULL,
  `from_at` DATETIME(3) NOT NULL,
  `to_at` DATETIME(3) NOT NULL,
  `cause` ENUM('history', 'reading', 'installation', 'correction', 'proxy') NOT NULL,

  INDEX `dirty_windows_point_id_from_at_idx`(`point_id`, `from_at`),
  PRIMARY KEY (`id`),
  CONSTRAINT `dirty_windows_to_at_check` CHECK (`to_at` > `from_at`)
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE `energy_hours` (
  `point_id` INT UNSIGNED NOT NULL,
  `flow` VARCHAR(24) NOT NULL,
  `hour` DATETIME(0) NOT NULL,
  `wh` BIGINT NULL,
  `quality` ENUM('measured', 'interpolated', 'estimated', 'missing', 'refused') NOT NULL,
  `slots` TINYINT UNSIGNED NOT NULL,

  PRIMARY KEY (`point_id`, `flow`, `hour`)
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE `energy_days` (
  `point_id` INT UNSIGNED NOT NULL,
  `flow` VARCHAR(24) NOT NULL,
  `day` DATE NOT NULL,
  `wh` BIGINT NULL,
  `quality` ENUM('measured', 'interpolated', 'estimated', 'missing', 'refused') NOT NULL,
  `slots` TINYINT UNSIGNED NOT NULL,

  PRIMARY KEY (`point_id`, `flow`, `day`)
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE `energy_months` (
  `point_id` INT UNSIGNED NOT NULL,
  `flow` VARCHAR(24) NOT NULL,
  `month` DATE NOT NULL,
  `wh` BIGINT NULL,
  `quality` ENUM('measured', 'interpolated', 'estimated', 'missing', 'refused') NOT NULL,
  `slots` SMALLINT UNSIGNED NOT NULL,

  PRIMARY KEY (`point_id`, `flow`, `month`)
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
