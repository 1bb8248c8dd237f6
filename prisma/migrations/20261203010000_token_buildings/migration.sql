ALTER TABLE `api_tokens` ADD COLUMN `buildings` VARCHAR(500) NULL;
