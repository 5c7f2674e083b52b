-- Experiments (docs/experiments.md): what is tried, who was shown it, and which variant with which propensity made a stored result. The workers
-- read none of the definitions here, but the small file that `mvti experiment refresh` makes of them.

CREATE TABLE IF NOT EXISTS experiment (
    experiment_id   INT NOT NULL AUTO_INCREMENT COMMENT 'number of the experiment',
    name            VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'short name: small letters, digits and hyphens',
    layer           VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'a visitor is in one experiment of a layer at most; layers are independent',
    salt            VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'goes into the hash that assigns a visitor to a variant',
    kind            VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'split: a visitor keeps a variant; bandit: each test draws one by weights that follow success',
    goal            VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'what is to rise: like, click, engage (like or click), watch, share or up',
    state           VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'draft, running or stopped',
    traffic         DOUBLE NOT NULL COMMENT 'part of the layer that it takes, 0 to 1',
    slot_from       INT NULL COMMENT 'first of its slots among the 10000 of the layer; NULL: has not been started',
    slots           INT NULL COMMENT 'how many slots; NULL: has not been started',
    floor           DOUBLE NOT NULL COMMENT 'least weight of a variant of a bandit',
    min_views       INT NOT NULL COMMENT 'tests of each variant of a bandit before weights move',
    guard_like      DOUBLE NOT NULL COMMENT 'drop of the share of tests with a like, relative to the control, that stops a variant',
    guard_down      DOUBLE NOT NULL COMMENT 'rise of the share of tests with a thumb down, as a difference of shares, that stops a variant',
    guard_alpha     DOUBLE NOT NULL COMMENT 'chance that a variant which is not worse than that is ever stopped; 0: no guard-rail',
    guard_tests     INT NOT NULL COMMENT 'tests of the control and of the variant before it is judged',
    created_at      DATETIME(6) NOT NULL COMMENT 'UTC, first applied',
    starts_at       DATETIME(6) NULL COMMENT 'UTC, nobody is assigned before; NULL: when it is started',
    ends_at         DATETIME(6) NULL COMMENT 'UTC, nobody is assigned from then on; NULL: when it is stopped',
    started_at      DATETIME(6) NULL COMMENT 'UTC, when it was set running; NULL: has not been',
    stopped_at      DATETIME(6) NULL COMMENT 'UTC; NULL: is not stopped',
    stop_reason     VARCHAR(300) NULL COMMENT 'who or what stopped it and why; NULL: is not stopped',
    PRIMARY KEY (experiment_id),
    UNIQUE KEY by_name (name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Experiments';

CREATE TABLE IF NOT EXISTS experiment_variant (
    experiment_id   INT NOT NULL COMMENT 'experiment.experiment_id',
    position        TINYINT UNSIGNED NOT NULL COMMENT 'place among the variants, from 0; 0 is the control',
    name            VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'short name',
    share           DOUBLE NOT NULL COMMENT 'part of the visitors of the experiment that are given it (bandit: part of the tests at first), 0 to 1',
    weight          DOUBLE NOT NULL COMMENT 'part that is given it now: share, or what the bandit has made of it; 0 to 1',
    settings        TEXT NOT NULL COMMENT 'what it does otherwise than the site, JSON; {}: nothing',
    is_control      TINYINT NOT NULL COMMENT '1: what the others are compared with',
    stopped_at      DATETIME(6) NULL COMMENT 'UTC, its visitors have been shown what the site shows since; NULL: is not stopped',
    stop_reason     VARCHAR(300) NULL COMMENT 'why; NULL: is not stopped',
    PRIMARY KEY (experiment_id, position)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Variants of experiments';

CREATE TABLE IF NOT EXISTS experiment_share (
    experiment_id   INT NOT NULL COMMENT 'experiment.experiment_id',
    since           DATETIME(6) NOT NULL COMMENT 'UTC, when the weights became these',
    position        TINYINT UNSIGNED NOT NULL COMMENT 'experiment_variant.position',
    weight          DOUBLE NOT NULL COMMENT 'part that was given it from then on, 0 to 1',
    PRIMARY KEY (experiment_id, since, position)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Weights of variants over time';

CREATE TABLE IF NOT EXISTS experiment_exposure (
    visitor_id      BIGINT NOT NULL COMMENT 'visitor.visitor_id',
    experiment_id   INT NOT NULL COMMENT 'experiment.experiment_id',
    position        TINYINT UNSIGNED NOT NULL COMMENT 'experiment_variant.position that was shown first',
    propensity      DOUBLE NOT NULL COMMENT 'chance of that variant at that moment',
    first_at        DATETIME(6) NOT NULL COMMENT 'UTC, when something of it was shown first',
    PRIMARY KEY (visitor_id, experiment_id),
    KEY by_experiment (experiment_id, position, first_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Visitors who were shown something of an experiment';

CREATE TABLE IF NOT EXISTS test_experiment (
    test_id         BIGINT NOT NULL COMMENT 'test.test_id',
    experiment_id   INT NOT NULL COMMENT 'experiment.experiment_id',
    position        TINYINT UNSIGNED NOT NULL COMMENT 'experiment_variant.position that made the result',
    propensity      DOUBLE NOT NULL COMMENT 'chance of that variant at that moment, 0 to 1',
    PRIMARY KEY (test_id, experiment_id),
    KEY by_experiment (experiment_id, position, test_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Variants that made a result';

ALTER TABLE test_result
    ADD COLUMN propensity DOUBLE NULL COMMENT 'chance that this character stood in this place, given the variants that made the result, 0 to 1; NULL: nothing was drawn, it was certain';
