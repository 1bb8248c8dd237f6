CREATE TABLE `once_keys` (
  `user_id` INT UNSIGNED NOT NULL,
  `key_hash` CHAR(64) NOT NULL,
  `asked_hash` CHAR(64) NOT NULL,
  `status` SMALLINT UNSIGNED NULL,
  `answer` MEDIUMTEXT NULL,
  `created_at` DATETIME(3) NOT NULL,

  INDEX `once_keys_created_at_idx`(`created_at`),
  PRIMARY KEY (`user_id`, `key_hash`),
  CONSTRAINT `once_keys_user_id_fkey` FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON DELETE CASCADE ON UPDATE CASCADE
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
