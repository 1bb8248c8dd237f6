CREATE TABLE `corrections` (
  `id` INT UNSIGNED NOT NULL AUTO_INCREMENT,
  `kind` ENUM('exclude-reading', 'set-counter', 'override-interval') NOT NULL,
  `point_id` INT UNSIGNED NOT NULL,
  `meter_id` INT UNSIGNED NULL,
  `direction` ENUM('import', 'export') NULL,
  `at` DATETIME(3) NOT NULL,
  `wh` BIGINT NULL,
  `reason` VARCHAR(500) NOT NULL,
  `user_id` INT UNSIGNED NULL,
  `actor` VARCHAR(254) NOT NULL,
  `created_at` DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),

  INDEX `corrections_point_id_at_idx`(`point_id`, `at`),
  INDEX `corrections_meter_id_at_idx`(`meter_id`, `at`),
  PRIMARY KEY (`id`),
  CONSTRAINT `corrections_wh_check` CHECK (
    (`kind` = 'exclude-reading' AND `direction` IS NULL AND `wh` IS NULL) OR (`kind` <> 'exclude-reading' AND `direction` IS NOT NULL AND `wh` >= 0)
  ),
  CONSTRAINT `corrections_point_id_fkey` FOREIGN KEY (`point_id`) REFERENCES `points`(`id`) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT `corrections_meter_id_fkey` FOREIGN KEY (`meter_id`) REFERENCES `meters`(`id`) ON DELETE RESTRICT ON UPDATE CASCADE
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE `correction_undos` (
  `correction_id` INT UNSIGNED NOT NULL,
  `reason` VARCHAR(500) NOT NULL,
  `user_id` INT UNSIGNED NULL,
  `actor` VARCHAR(254) NOT NULL,
  `created_at` DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),

  PRIMARY KEY (`correction_id`),
  CONSTRAINT `correction_undos_correction_id_fkey` FOREIGN KEY (`correction_id`) REFERENCES `corrections`(`id`) ON DELETE CASCADE ON UPDATE CASCADE
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
