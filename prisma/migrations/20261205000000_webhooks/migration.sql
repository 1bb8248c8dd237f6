CREATE TABLE `webhooks` (
  `id` INT UNSIGNED NOT NULL AUTO_INCREMENT,
  `building_id` INT UNSIGNED NOT NULL,
  `url` VARCHAR(500) NOT NULL,
  `events` VARCHAR(120) NOT NULL,
  `sealed_secret` VARCHAR(250) NOT NULL,
  `active` BOOLEAN NOT NULL DEFAULT true,
  `off_reason` VARCHAR(250) NOT NULL DEFAULT '',
  `day_told` DATE NULL,
  `created_at` DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  `updated_at` DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),

  INDEX `webhooks_building_id_idx`(`building_id`),
  PRIMARY KEY (`id`),
  CONSTRAINT `webhooks_building_id_fkey` FOREIGN KEY (`building_id`) REFERENCES `buildings`(`id`) ON DELETE CASCADE ON UPDATE CASCADE
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE `webhook_deliveries` (
  `id` INT UNSIGNED NOT NULL AUTO_INCREMENT,
  `webhook_id` INT UNSIGNED NOT NULL,
  `uid` CHAR(36) NOT NULL,
  `type` VARCHAR(30) NOT NULL,
  `state` ENUM('waiting', 'delivered', 'given-up') NOT NULL DEFAULT 'waiting',
  `attempts` INT UNSIGNED NOT NULL DEFAULT 0,
  `status_code` SMALLINT UNSIGNED NULL,
  `reason` VARCHAR(250) NOT NULL DEFAULT '',
  `created_at` DATETIME(3) NOT NULL,
  `next_at` DATETIME(3) NOT NULL,
  `ended_at` DATETIME(3) NULL,

  UNIQUE INDEX `webhook_deliveries_uid_key`(`uid`),
  INDEX `webhook_deliveries_webhook_id_id_idx`(`webhook_id`, `id`),
  INDEX `webhook_deliveries_state_next_at_idx`(`state`, `next_at`),
  PRIMARY KEY (`id`),
  CONSTRAINT `webhook_deliveries_webhook_id_fkey` FOREIGN KEY (`webhook_id`) REFERENCES `webhooks`(`id`) ON DELETE CASCADE ON UPDATE CASCADE
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE `webhook_events` (
  `id` INT UNSIGNED NOT NULL AUTO_INCREMENT,
  `webhook_id` INT UNSIGNED NOT NULL,
  `type` VARCHAR(30) NOT NULL,
  `about` VARCHAR(60) NOT NULL,
  `at` DATETIME(3) NOT NULL,
  `data` JSON NOT NULL,
  `delivery_id` INT UNSIGNED NULL,

  UNIQUE INDEX `webhook_events_webhook_id_type_about_key`(`webhook_id`, `type`, `about`),
  INDEX `webhook_events_delivery_id_id_idx`(`delivery_id`, `id`),
  PRIMARY KEY (`id`),
  CONSTRAINT `webhook_events_webhook_id_fkey` FOREIGN KEY (`webhook_id`) REFERENCES `webhooks`(`id`) ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT `webhook_events_delivery_id_fkey` FOREIGN KEY (`delivery_id`) REFERENCES `webhook_deliveries`(`id`) ON DELETE CASCADE ON UPDATE CASCADE
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
