ALTER TABLE `activities`
  ADD COLUMN `building_id` INT UNSIGNED NULL,
  ADD INDEX `activities_building_id_id_idx`(`building_id`, `id`);
