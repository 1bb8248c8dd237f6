ALTER TABLE `users` ADD COLUMN `invited_at` DATETIME(3) NULL;

CREATE TABLE `second_factors` (
  `user_id` INT UNSIGNED NOT NULL,
  `secret` VARCHAR(200) NOT NULL,
  `confirmed_at` DATETIME(3) NULL,
  `last_step` INT UNSIGNED NOT NULL DEFAULT 0,

  PRIMARY KEY (`user_id`),
  CONSTRAINT `second_factors_user_id_fkey` FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON DELETE CASCADE ON UPDATE CASCADE
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE `recovery_codes` (
  `id` INT UNSIGNED NOT NULL AUTO_INCREMENT,
  `user_id` INT UNSIGNED NOT NULL,
  `code_hash` CHAR(64) NOT NULL,
  `used_at` DATETIME(3) NULL,

  UNIQUE INDEX `recovery_codes_user_id_code_hash_key`(`user_id`, `code_hash`),
  PRIMARY KEY (`id`),
  CONSTRAINT `recovery_codes_user_id_fkey` FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON DELETE CASCADE ON UPDATE CASCADE
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE `password_links` (
  `id` INT UNSIGNED NOT NULL AUTO_INCREMENT,
  `user_id` INT UNSIGNED NOT NULL,
  `kind` ENUM('reset', 'invitation') NOT NULL,
  `token_hash` CHAR(64) NULL,
  `expires_at` DATETIME(3) NOT NULL,
  `used_at` DATETIME(3) NULL,
  `created_at` DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),

  UNIQUE INDEX `password_links_token_hash_key`(`token_hash`),
  INDEX `password_links_user_id_idx`(`user_id`),
  INDEX `password_links_expires_at_idx`(`expires_at`),
  PRIMARY KEY (`id`),
  CONSTRAINT `password_links_user_id_fkey` FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON DELETE CASCADE ON UPDATE CASCADE
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
