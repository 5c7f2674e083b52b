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
