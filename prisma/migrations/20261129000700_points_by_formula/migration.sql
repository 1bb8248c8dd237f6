CREATE TABLE `point_terms` (
  `id` INT UNSIGNED NOT NULL AUTO_INCREMENT,
  `point_id` INT UNSIGNED NOT NULL,
  `part_id` INT UNSIGNED NOT NULL,
  `sign` ENUM('plus', 'minus') NOT NULL,

  UNIQUE INDEX `point_terms_point_id_part_id_key`(`point_id`, `part_id`),
  INDEX `point_terms_part_id_idx`(`part_id`),
  PRIMARY KEY (`id`),
  CONSTRAINT `point_terms_point_id_fkey` FOREIGN KEY (`point_id`) REFERENCES `points`(`id`) ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT `point_terms_part_id_fkey` FOREIGN KEY (`part_id`) REFERENCES `points`(`id`) ON DELETE RESTRICT ON UPDATE CASCADE
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

ALTER TABLE `dirty_windows`
  MODIFY `cause` ENUM('history', 'reading', 'installation', 'correction', 'proxy', 'formula') NOT NULL;
