ALTER TABLE `lines`
  ADD COLUMN `keep_open` BOOLEAN NOT NULL DEFAULT true AFTER `pause_ms`,
  ADD UNIQUE INDEX `lines_poller_host_port_key`(`poller`, `host`, `port`),
  ADD UNIQUE INDEX `lines_poller_serial_path_key`(`poller`, `serial_path`);

ALTER TABLE `meter_models`
  ADD COLUMN `sunspec` SMALLINT UNSIGNED NULL AFTER `verified`;

ALTER TABLE `registers`
  ADD COLUMN `scale_by` VARCHAR(64) NOT NULL DEFAULT '' AFTER `scale`;

CREATE TABLE `register_holes` (
  `id` INT UNSIGNED NOT NULL AUTO_INCREMENT,
  `meter_id` INT UNSIGNED NOT NULL,
  `function` TINYINT UNSIGNED NOT NULL,
  `address` SMALLINT UNSIGNED NOT NULL,
  `count` SMALLINT UNSIGNED NOT NULL,
  `learned_at` DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),

  UNIQUE INDEX `register_holes_meter_id_function_address_key`(`meter_id`, `function`, `address`),
  PRIMARY KEY (`id`),
  CONSTRAINT `register_holes_meter_id_fkey` FOREIGN KEY (`meter_id`) REFERENCES `meters`(`id`) ON DELETE CASCADE ON UPDATE CASCADE
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE `meter_aliases` (
  `id` INT UNSIGNED NOT NULL AUTO_INCREMENT,
  `meter_id` INT UNSIGNED NOT NULL,
  `kind` ENUM('sender', 'uuid', 'topic') NOT NULL,
  `value` VARCHAR(190) NOT NULL,

  UNIQUE INDEX `meter_aliases_kind_value_key`(`kind`, `value`),
  INDEX `meter_aliases_meter_id_idx`(`meter_id`),
  PRIMARY KEY (`id`),
  CONSTRAINT `meter_aliases_meter_id_fkey` FOREIGN KEY (`meter_id`) REFERENCES `meters`(`id`) ON DELETE CASCADE ON UPDATE CASCADE
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
