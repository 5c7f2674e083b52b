-- Hearts of the last days, counted each hour by `mvti rollup`, so that the ranking of a type by days costs what it shows; and what visitors
-- say is wrong on a page, until somebody has looked. A report leads to nobody: what it is about and what was written is all that is kept.

CREATE TABLE IF NOT EXISTS recent_like (
    days            TINYINT NOT NULL COMMENT '7 or 30: so many days of the site''s time zone, today among them',
    character_id    INT NOT NULL COMMENT 'film_character.character_id',
    likes           INT NOT NULL COMMENT 'people who liked it in these days and count',
    PRIMARY KEY (days, character_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Characters with most hearts of the last days';

CREATE TABLE IF NOT EXISTS error_report (
    report_id       BIGINT NOT NULL AUTO_INCREMENT COMMENT 'number of the report',
    about           VARCHAR(9) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'character or movie',
    subject_id      INT NOT NULL COMMENT 'film_character.character_id or movie.movie_id',
    kind            VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'type, text, picture, link or other',
    said            VARCHAR(300) NOT NULL COMMENT 'what the visitor wrote; empty: nothing',
    created_at      DATETIME(3) NOT NULL COMMENT 'UTC',
    PRIMARY KEY (report_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='What visitors say is wrong, not yet looked at';

ALTER TABLE character_like ADD KEY IF NOT EXISTS by_time (created_at, counted, character_id, visitor_id);
