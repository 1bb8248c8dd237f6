CREATE TABLE `data_imports` (
  `id` INT UNSIGNED NOT NULL AUTO_INCREMENT,
  `kind` VARCHAR(20) NOT NULL,
  `files` JSON NOT NULL,
  `options` JSON NOT NULL,
  `state` ENUM('uploading', 'checking', 'checked', 'storing', 'done', 'failed') NOT NULL DEFAULT 'uploading',
  `step` VARCHAR(20) NOT NULL DEFAULT '',
  `progress` TINYINT UNSIGNED NOT NULL DEFAULT 0,
  `problem` VARCHAR(2000) NOT NULL DEFAULT '',
  `report` JSON NULL,
  `building_id` INT UNSIGNED NULL,
  `user_id` INT UNSIGNED NOT NULL,
  `actor` VARCHAR(254) NOT NULL,
  `created_at` DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  `finished_at` DATETIME(3) NULL,

  INDEX `data_imports_user_id_idx`(`user_id`),
  PRIMARY KEY (`id`)
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE `import_parts` (
  `import_id` INT UNSIGNED NOT NULL,
  `file` TINYINT UNSIGNED NOT NULL,
  `part` INT UNSIGNED NOT NULL,
  `bytes` INT UNSIGNED NOT NULL,
  `packed` MEDIUMBLOB NOT NULL,

  PRIMARY KEY (`import_id`, `file`, `part`),
  CONSTRAINT `import_parts_import_id_fkey` FOREIGN KEY (`import_id`) REFERENCES `data_imports`(`id`) ON DELETE CASCADE ON UPDATE CASCADE
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
