-- What was counted of the events, by the day of the site's time zone, so that questions over ten million of them cost what their answer costs.
-- `mvti rollup` goes on from event to event (lib/store/rollup.h). Only a visitor's own days lead to a visitor, and go with them.

CREATE TABLE IF NOT EXISTS visitor_day (
    day             DATE NOT NULL COMMENT 'in the time zone of the site',
    visitor_id      BIGINT NOT NULL COMMENT 'visitor.visitor_id',
    events          INT UNSIGNED NOT NULL COMMENT 'events of that day',
    landing         INT UNSIGNED NOT NULL COMMENT 'of kind landing',
    start           INT UNSIGNED NOT NULL COMMENT 'of kind start',
    question        INT UNSIGNED NOT NULL COMMENT 'of kind question',
    choose          INT UNSIGNED NOT NULL COMMENT 'of kind choose',
    result          INT UNSIGNED NOT NULL COMMENT 'of kind result',
    impression      INT UNSIGNED NOT NULL COMMENT 'of kind impression',
    click           INT UNSIGNED NOT NULL COMMENT 'of kind click',
    liked           INT UNSIGNED NOT NULL COMMENT 'of kind like',
    watch           INT UNSIGNED NOT NULL COMMENT 'of kind watch',
    share           INT UNSIGNED NOT NULL COMMENT 'of kind share',
    PRIMARY KEY (day, visitor_id),
    KEY by_visitor (visitor_id, day)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Days of visitors';

CREATE TABLE IF NOT EXISTS event_day (
    day             DATE NOT NULL COMMENT 'in the time zone of the site',
    kind            VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'event.kind',
    n               BIGINT NOT NULL COMMENT 'events of that kind',
    PRIMARY KEY (day, kind)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Events of a day, which outlive their rows';

CREATE TABLE IF NOT EXISTS list_day (
    day             DATE NOT NULL COMMENT 'in the time zone of the site',
    list            VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'event.list',
    position        SMALLINT NOT NULL COMMENT 'place in the list, from 0; 100: there or behind; -1: none',
    snapshot_id     VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'publication.snapshot_id that made the list; empty: none that was live',
    impressions     INT UNSIGNED NOT NULL COMMENT 'events of kind impression',
    clicks          INT UNSIGNED NOT NULL COMMENT 'of kind click',
    likes           INT UNSIGNED NOT NULL COMMENT 'of kind like',
    chosen          INT UNSIGNED NOT NULL COMMENT 'of kind choose',
    answered        INT UNSIGNED NOT NULL COMMENT 'of kind question',
    took_ms         BIGINT UNSIGNED NOT NULL COMMENT 'milliseconds that these answers took, together',
    PRIMARY KEY (day, list, position, snapshot_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Days of lists, by position and snapshot';

CREATE TABLE IF NOT EXISTS character_day (
    day             DATE NOT NULL COMMENT 'in the time zone of the site',
    mbti            CHAR(4) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'type of the test in whose result it was',
    character_id    INT NOT NULL COMMENT 'film_character.character_id',
    impressions     INT UNSIGNED NOT NULL COMMENT 'events of kind impression',
    clicks          INT UNSIGNED NOT NULL COMMENT 'of kind click',
    likes           INT UNSIGNED NOT NULL COMMENT 'of kind like',
    PRIMARY KEY (day, mbti, character_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Days of characters in results, by the type of who saw them';

CREATE TABLE IF NOT EXISTS rollup_state (
    name            VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'events',
    event_id        BIGINT NOT NULL COMMENT 'last event that is counted',
    PRIMARY KEY (name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='How far mvti rollup has come';
INSERT IGNORE INTO rollup_state (name, event_id) VALUES ('events', 0);

CREATE OR REPLACE SQL SECURITY DEFINER VIEW v_visitor_day AS
SELECT r.day, r.visitor_id AS visitor, r.events, r.landing, r.start, r.question, r.choose, r.result, r.impression, r.click, r.liked, r.watch, r.share
FROM visitor_day r;

CREATE OR REPLACE SQL SECURITY DEFINER VIEW v_list_day AS
SELECT r.day, r.list, r.position, r.snapshot_id, r.impressions, r.clicks, r.likes, r.chosen, r.answered, r.took_ms
FROM list_day r;

CREATE OR REPLACE SQL SECURITY DEFINER VIEW v_character_day AS
SELECT r.day, r.mbti, r.character_id, r.impressions, r.clicks, r.likes
FROM character_day r;

CREATE OR REPLACE SQL SECURITY DEFINER VIEW v_event_day AS
SELECT r.day, r.kind, r.n
FROM event_day r;

CREATE OR REPLACE SQL SECURITY DEFINER VIEW v_daily AS
SELECT d.day, SUM(d.tests) AS tests, SUM(d.thumbs_up) AS thumbs_up, SUM(d.thumbs_down) AS thumbs_down,
       SUM(d.visitors) AS new_visitors, SUM(d.likes) AS likes, SUM(d.impressions) AS impressions,
       SUM(d.clicks) AS clicks, SUM(d.shares) AS shares
FROM (
    SELECT day, COUNT(*) AS tests, SUM(feedback = 'up') AS thumbs_up, SUM(feedback = 'down') AS thumbs_down, 0 AS visitors, 0 AS likes,
           0 AS impressions, 0 AS clicks, 0 AS shares
    FROM v_test GROUP BY day
    UNION ALL
    SELECT day, 0, 0, 0, COUNT(*), 0, 0, 0, 0 FROM v_visitor GROUP BY day
    UNION ALL
    SELECT day, 0, 0, 0, 0, COUNT(*), 0, 0, 0 FROM v_like GROUP BY day
    UNION ALL
    SELECT day, 0, 0, 0, 0, 0, IF(kind = 'impression', n, 0), IF(kind = 'click', n, 0), IF(kind = 'share', n, 0) FROM event_day
    UNION ALL
    SELECT day, 0, 0, 0, visitors, 0, impressions, clicks, shares FROM day_total
) d
GROUP BY d.day;
