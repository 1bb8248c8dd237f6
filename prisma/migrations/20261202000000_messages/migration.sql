ALTER TABLE `meter_models` ADD COLUMN `message` VARCHAR(16) NULL;

ALTER TABLE `incidents` MODIFY COLUMN `kind` ENUM('meter-silent', 'meter-alarm') NOT NULL;

CREATE TABLE `push_sources` (
  `id` INT UNSIGNED NOT NULL AUTO_INCREMENT,
  `building_id` INT UNSIGNED NOT NULL,
  `kind` ENUM('gateway', 'device') NOT NULL,
  `name` VARCHAR(80) NOT NULL,
  `reach` VARCHAR(80) NOT NULL,
  `token_hash` CHAR(64) NOT NULL,
  `active` BOOLEAN NOT NULL DEFAULT true,
  `created_at` DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  `updated_at` DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),

  UNIQUE INDEX `push_sources_name_key`(`name`),
  UNIQUE INDEX `push_sources_token_hash_key`(`token_hash`),
  UNIQUE INDEX `push_sources_kind_reach_key`(`kind`, `reach`),
  INDEX `push_sources_building_id_idx`(`building_id`),
  PRIMARY KEY (`id`),
  CONSTRAINT `push_sources_building_id_fkey` FOREIGN KEY (`building_id`) REFERENCES `buildings`(`id`) ON DELETE CASCADE ON UPDATE CASCADE
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE `inbound_messages` (
  `id` INT UNSIGNED NOT NULL AUTO_INCREMENT,
  `hash` BINARY(32) NOT NULL,
  `topic` VARCHAR(512) NOT NULL,
  `payload` MEDIUMBLOB NOT NULL,
  `received_at` DATETIME(3) NOT NULL,
  `repeats` INT UNSIGNED NOT NULL DEFAULT 0,
  `repeated_at` DATETIME(3) NULL,
  `source_id` INT UNSIGNED NULL,
  `kind` TINYINT UNSIGNED NULL,
  `sender` VARCHAR(190) NOT NULL DEFAULT '',
  `measured_at` DATETIME(3) NULL,
  `sent_at` DATETIME(3) NULL,
  `state` ENUM('stored', 'noted', 'unknown-sender', 'refused') NOT NULL,
  `reason` VARCHAR(40) NOT NULL DEFAULT '',
  `detail` VARCHAR(500) NOT NULL DEFAULT '',
  `meter_id` INT UNSIGNED NULL,

  UNIQUE INDEX `inbound_messages_hash_key`(`hash`),
  INDEX `inbound_messages_state_id_idx`(`state`, `id`),
  INDEX `inbound_messages_kind_id_idx`(`kind`, `id`),
  INDEX `inbound_messages_sender_id_idx`(`sender`, `id`),
  INDEX `inbound_messages_meter_id_kind_measured_at_idx`(`meter_id`, `kind`, `measured_at`),
  INDEX `inbound_messages_received_at_idx`(`received_at`),
  INDEX `inbound_messages_source_id_idx`(`source_id`),
  PRIMARY KEY (`id`),
  CONSTRAINT `inbound_messages_source_id_fkey` FOREIGN KEY (`source_id`) REFERENCES `push_sources`(`id`) ON DELETE SET NULL ON UPDATE CASCADE
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
