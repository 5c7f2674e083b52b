-- What an event was about: the rendering of the list in which it happened, and so the snapshot and the ranker behind
-- it; what was said; how long it took; the browser's own time. And where a visitor came from the first time.
-- The workers of the version before go on writing meanwhile and leave the new columns empty.

CREATE TABLE IF NOT EXISTS list_view (
    view_id         BIGINT NOT NULL COMMENT 'drawn at random by the browser, 1 to 2^53 - 1',
    list            VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'same, compatible, ranking, popular, mine, film, similar, liked, wall or search',
    snapshot_id     VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'snapshot that made the list; NULL: not made from one',
    ranker          VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'what ordered the list, such as ensemble or votes; NULL: nothing did',
    created_at      DATETIME(3) NOT NULL COMMENT 'UTC, when the first event in it came',
    PRIMARY KEY (view_id),
    KEY by_time (created_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Renderings of lists: one each time that a list is drawn on a page';

CREATE TABLE IF NOT EXISTS first_visit (
    visitor_id      BIGINT NOT NULL COMMENT 'visitor.visitor_id',
    path            VARCHAR(60) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'kind of page, as the address says: /, /r, /c, /m, /t, /test and so on',
    referrer        VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'host of the page that led here; NULL: none was told',
    utm_source      VARCHAR(60) NULL COMMENT 'utm_source of the address',
    utm_medium      VARCHAR(60) NULL COMMENT 'utm_medium of the address',
    utm_campaign    VARCHAR(60) NULL COMMENT 'utm_campaign of the address',
    device          VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'phone, tablet or desktop, by the user agent',
    app             VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'app whose browser it was, such as kakaotalk; NULL: a browser',
    locale          CHAR(2) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'language of the page, ko or en',
    bot             TINYINT NOT NULL COMMENT '1: the user agent says that it is a program',
    created_at      DATETIME(3) NOT NULL COMMENT 'UTC',
    PRIMARY KEY (visitor_id),
    KEY by_time (created_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Where visitors came from the first time';

ALTER TABLE event
    ADD COLUMN view_id BIGINT NULL COMMENT 'list_view.view_id; NULL: not in a list',
    ADD COLUMN value VARCHAR(60) NULL COMMENT 'what was said or taken: up, down, none; sheet, copy; the streaming service',
    ADD COLUMN took_ms INT UNSIGNED NULL COMMENT 'milliseconds from the question to the answer',
    ADD COLUMN browser_at DATETIME(3) NULL COMMENT 'UTC by the clock of the browser, which may be wrong; NULL: the server saw it itself',
    MODIFY COLUMN kind VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'landing, start, question, impression, click, like and so on; docs/events.md has all',
    MODIFY COLUMN list VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'where it was: a list of list_view, survey or enneagram; NULL: in none';
