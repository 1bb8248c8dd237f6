CREATE TABLE `findings` (
  `id` INT UNSIGNED NOT NULL AUTO_INCREMENT,
  `building_id` INT UNSIGNED NOT NULL,
  `point_id` INT UNSIGNED NOT NULL,
  `kind` VARCHAR(32) NOT NULL,
  `detail` VARCHAR(500) NOT NULL DEFAULT '',
  `opened_at` DATETIME(3) NOT NULL,
  `seen_at` DATETIME(3) NOT NULL,
  `closed_at` DATETIME(3) NULL,
  `open` INT GENERATED ALWAYS AS (IF(`closed_at` IS NULL, 1, NULL)) VIRTUAL,

  UNIQUE INDEX `findings_point_id_kind_open_key`(`point_id`, `kind`, `open`),
  INDEX `findings_building_id_opened_at_idx`(`building_id`, `opened_at`),
  PRIMARY KEY (`id`),
  CONSTRAINT `findings_building_id_fkey` FOREIGN KEY (`building_id`) REFERENCES `buildings`(`id`) ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT `findings_point_id_fkey` FOREIGN KEY (`point_id`) REFERENCES `points`(`id`) ON DELETE CASCADE ON UPDATE CASCADE
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE `check_thresholds` (
  `id` INT UNSIGNED NOT NULL AUTO_INCREMENT,
  `kind` VARCHAR(32) NOT NULL,
  `model_id` INT UNSIGNED NULL,
  `point_id` INT UNSIGNED NULL,
  `value` DOUBLE NULL,

  UNIQUE INDEX `check_thresholds_model_id_kind_key`(`model_id`, `kind`),
  UNIQUE INDEX `check_thresholds_point_id_kind_key`(`point_id`, `kind`),
  PRIMARY KEY (`id`),
  CONSTRAINT `check_thresholds_model_id_fkey` FOREIGN KEY (`model_id`) REFERENCES `meter_models`(`id`) ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT `check_thresholds_point_id_fkey` FOREIGN KEY (`point_id`) REFERENCES `points`(`id`) ON DELETE CASCADE ON UPDATE CASCADE
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
