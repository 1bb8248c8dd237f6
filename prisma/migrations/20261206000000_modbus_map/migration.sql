CREATE TABLE `modbus_units` (
  `id` INT UNSIGNED NOT NULL AUTO_INCREMENT,
  `building_id` INT UNSIGNED NOT NULL,
  `meter_id` INT UNSIGNED NOT NULL,
  `unit_id` TINYINT UNSIGNED NOT NULL,
  `word_order` ENUM('big', 'little') NOT NULL DEFAULT 'big',
  `no_value` ENUM('exception', 'marker') NOT NULL DEFAULT 'exception',
  `slots` TINYINT UNSIGNED NOT NULL DEFAULT 2,
  `created_at` DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  `updated_at` DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),

  UNIQUE INDEX `modbus_units_unit_id_key`(`unit_id`),
  INDEX `modbus_units_building_id_idx`(`building_id`),
  INDEX `modbus_units_meter_id_idx`(`meter_id`),
  PRIMARY KEY (`id`),
  CONSTRAINT `modbus_units_building_id_fkey` FOREIGN KEY (`building_id`) REFERENCES `buildings`(`id`) ON DELETE CASCADE ON UPDATE CASCADE,
  CONSTRAINT `modbus_units_meter_id_fkey` FOREIGN KEY (`meter_id`) REFERENCES `meters`(`id`) ON DELETE CASCADE ON UPDATE CASCADE
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

CREATE TABLE `modbus_registers` (
  `id` INT UNSIGNED NOT NULL AUTO_INCREMENT,
  `modbus_unit_id` INT UNSIGNED NOT NULL,
  `address` SMALLINT UNSIGNED NOT NULL,
  `quantity` VARCHAR(64) NOT NULL,
  `type` ENUM('float32', 'int32', 'uint32', 'int64', 'uint16') NOT NULL,
  `scale` DOUBLE NOT NULL DEFAULT 1,

  UNIQUE INDEX `modbus_registers_modbus_unit_id_quantity_key`(`modbus_unit_id`, `quantity`),
  PRIMARY KEY (`id`),
  CONSTRAINT `modbus_registers_modbus_unit_id_fkey` FOREIGN KEY (`modbus_unit_id`) REFERENCES `modbus_units`(`id`) ON DELETE CASCADE ON UPDATE CASCADE
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
