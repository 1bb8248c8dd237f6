CREATE TABLE `notifications` (
  `id` INT UNSIGNED NOT NULL AUTO_INCREMENT,
  `kind` VARCHAR(32) NOT NULL,
  `subject` VARCHAR(80) NOT NULL,
  `at` DATETIME(3) NOT NULL,
  `building_id` INT UNSIGNED NULL,
  `flat_id` INT UNSIGNED NULL,
  `data` JSON NOT NULL,
  `created_at` DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  `told_at` DATETIME(3) NULL,
  `withdrawn_at` DATETIME(3) NULL,

  UNIQUE INDEX `notifications_kind_subject_at_key`(`kind`, `subject`, `at`),
  INDEX `notifications_told_at_id_idx`(`told_at`, `id`),
  INDEX `notifications_building_id_idx`(`building_id`),
  INDEX `notifications_flat_id_idx`(`flat_id`),
  PRIMARY KEY (`id`),
  CONSTRAINT `notifications_building_id_fkey` FOREIGN KEY (`building_id`) REFERENCES `buildings`(`id`) ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT `notifications_flat_id_fkey` FOREIGN KEY (`flat_id`) REFERENCES `flats`(`id`) ON DELETE CASCADE ON UPDATE CASCADE
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE `notification_recipients` (
  `notification_id` INT UNSIGNED NOT NULL,
  `user_id` INT UNSIGNED NOT NULL,
  `read_at` DATETIME(3) NULL,

  INDEX `notification_recipients_notification_id_idx`(`notification_id`),
  PRIMARY KEY (`user_id`, `notification_id`),
  CONSTRAINT `notification_recipients_notification_id_fkey` FOREIGN KEY (`notification_id`) REFERENCES `notifications`(`id`) ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT `notification_recipients_user_id_fkey` FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON DELETE CASCADE ON UPDATE CASCADE
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
