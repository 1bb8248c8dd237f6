-- What stood on a bill beside its numbers when it was issued: a bill that somebody paid is printed the same for ever.
ALTER TABLE `bills` ADD COLUMN `letterhead` JSON NULL;

-- Whether a run still fits what it was made from, and what was made anew of it.
ALTER TABLE `bill_runs`
  MODIFY COLUMN `state` ENUM('waiting', 'running', 'done', 'failed', 'replaced', 'discarded') NOT NULL DEFAULT 'waiting',
  ADD COLUMN `setup_hash` CHAR(64) NOT NULL DEFAULT '',
  ADD COLUMN `energy` ENUM('same', 'touched', 'changed') NOT NULL DEFAULT 'same',
  ADD COLUMN `remade_at` DATETIME(3) NULL,
  ADD COLUMN `remade_for` ENUM('energy', 'setup') NULL,
  ADD COLUMN `remade_from_micro` BIGINT NULL;
