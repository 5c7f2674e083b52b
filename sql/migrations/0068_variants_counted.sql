-- What else is counted of the events: lists by what ordered them and by variants of experiments, and who of those who came took the test. What was
-- counted before knows none of it: after this migration run `mvti rollup --anew` once.

CREATE TABLE IF NOT EXISTS ranker_day (
    day             DATE NOT NULL COMMENT 'in the time zone of the site',
    list            VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'event.list',
    ranker          VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'list_view.ranker, what ordered the list',
    impressions     INT UNSIGNED NOT NULL COMMENT 'events of kind impression',
    clicks          INT UNSIGNED NOT NULL COMMENT 'of kind click',
    likes           INT UNSIGNED NOT NULL COMMENT 'of kind like',
    PRIMARY KEY (day, list, ranker)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Days of lists, by what ordered them';

CREATE TABLE IF NOT EXISTS variant_day (
    day             DATE NOT NULL COMMENT 'in the time zone of the site',
    experiment_id   INT NOT NULL COMMENT 'experiment.experiment_id',
    position        TINYINT UNSIGNED NOT NULL COMMENT 'experiment_variant.position that made the result',
    list            VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'event.list',
    impressions     INT UNSIGNED NOT NULL COMMENT 'events of kind impression',
    clicks          INT UNSIGNED NOT NULL COMMENT 'of kind click',
    likes           INT UNSIGNED NOT NULL COMMENT 'of kind like',
    PRIMARY KEY (day, experiment_id, position, list)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Days of the lists of results, by the variant that made them';

ALTER TABLE first_visit
    ADD COLUMN took_test TINYINT NOT NULL DEFAULT 0 COMMENT '1: had completed a test when mvti rollup counted an event of this visitor',
    ADD KEY by_device (device, app, took_test),
    ADD KEY by_source (utm_source, referrer, took_test);

CREATE OR REPLACE SQL SECURITY DEFINER VIEW v_ranker_day AS
SELECT r.day, r.list, r.ranker, r.impressions, r.clicks, r.likes
FROM ranker_day r;

CREATE OR REPLACE SQL SECURITY DEFINER VIEW v_variant_day AS
SELECT r.day, r.experiment_id, r.position, r.list, r.impressions, r.clicks, r.likes
FROM variant_day r;

CREATE OR REPLACE SQL SECURITY DEFINER VIEW v_source AS
SELECT f.visitor_id AS visitor, f.created_at AS landed_at, f.path, f.referrer, f.utm_source, f.utm_medium, f.utm_campaign, f.device, f.app, f.locale, f.bot,
       f.took_test
FROM first_visit f;
