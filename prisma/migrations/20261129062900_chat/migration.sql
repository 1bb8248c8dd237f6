CREATE TABLE `conversations` (
  `tenancy_id` INT UNSIGNED NOT NULL,
  `last_seq` INT UNSIGNED NOT NULL DEFAULT 0,

  PRIMARY KEY (`tenancy_id`),
  CONSTRAINT `conversations_tenancy_id_fkey` FOREIGN KEY (`tenancy_id`) REFERENCES `tenancies`(`id`) ON DELETE CASCADE ON UPDATE CASCADE
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE `messages` (
  `conversation_id` INT UNSIGNED NOT NULL,
  `seq` INT UNSIGNED NOT NULL,
  `sender_id` INT UNSIGNED NULL,
  `sender_name` VARCHAR(120) NOT NULL,
  `from_staff` BOOLEAN NOT NULL,
  `client_id` VARCHAR(64) NOT NULL,
  `text` VARCHAR(4000) NOT NULL,
  `link` VARCHAR(1000) NOT NULL DEFAULT '',
  `sent_at` DATETIME(3) NOT NULL,

  UNIQUE INDEX `messages_sender_id_client_id_key`(`sender_id`, `client_id`),
  PRIMARY KEY (`conversation_id`, `seq`),
  CONSTRAINT `messages_conversation_id_fkey` FOREIGN KEY (`conversation_id`) REFERENCES `conversations`(`tenancy_id`) ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT `messages_sender_id_fkey` FOREIGN KEY (`sender_id`) REFERENCES `users`(`id`) ON DELETE SET NULL ON UPDATE CASCADE
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE `message_marks` (
  `conversation_id` INT UNSIGNED NOT NULL,
  `user_id` INT UNSIGNED NOT NULL,
  `kind` ENUM('delivered', 'read') NOT NULL,
  `seq` INT UNSIGNED NOT NULL,
  `at` DATETIME(3) NOT NULL,

  INDEX `message_marks_user_id_idx`(`user_id`),
  PRIMARY KEY (`conversation_id`, `user_id`, `kind`, `seq`),
  CONSTRAINT `message_marks_conversation_id_fkey` FOREIGN KEY (`conversation_id`) REFERENCES `conversations`(`tenancy_id`) ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT `message_marks_user_id_fkey` FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON DELETE CASCADE ON UPDATE CASCADE
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
