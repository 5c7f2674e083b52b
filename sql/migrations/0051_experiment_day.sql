-- What became of the results of variants, counted by `mvti experiment refresh` while it may still change, so that weights and guard-rail cost two days of tests each time.

CREATE TABLE IF NOT EXISTS experiment_day (
    experiment_id   INT NOT NULL COMMENT 'experiment.experiment_id',
    position        TINYINT UNSIGNED NOT NULL COMMENT 'experiment_variant.position',
    day             DATE NOT NULL COMMENT 'UTC day of the tests',
    tests           INT NOT NULL COMMENT 'results that the variant made',
    liked           INT NOT NULL COMMENT 'of these, with a like of a character in it',
    engaged         INT NOT NULL COMMENT 'of these, with such a like or a click',
    down            INT NOT NULL COMMENT 'of these, with a thumb down',
    PRIMARY KEY (experiment_id, position, day)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='What became of the results of variants, by day';
