-- What else is counted of the events (0035), so that no question of docs/analysis.md reads all of them. After it run `mvti rollup --anew` once.

CREATE TABLE IF NOT EXISTS film_day (
    day             DATE NOT NULL COMMENT 'in the time zone of the site',
    list            VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'event.list, such as wall',
    movie_id        INT NOT NULL COMMENT 'movie.movie_id',
    impressions     INT UNSIGNED NOT NULL COMMENT 'events of kind impression',
    clicks          INT UNSIGNED NOT NULL COMMENT 'of kind click',
    chosen          INT UNSIGNED NOT NULL COMMENT 'of kind choose',
    PRIMARY KEY (day, list, movie_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Days of films in lists';

CREATE TABLE IF NOT EXISTS answer_day (
    day             DATE NOT NULL COMMENT 'in the time zone of the site',
    list            VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'survey or enneagram',
    position        SMALLINT NOT NULL COMMENT 'question in it, from 0',
    tenths          SMALLINT UNSIGNED NOT NULL COMMENT 'tenths of a second that an answer took, rounded down; 65535: that or more',
    answers         INT UNSIGNED NOT NULL COMMENT 'answers that took so long',
    PRIMARY KEY (day, list, position, tenths)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='How long questions took, by the day';

CREATE TABLE IF NOT EXISTS share_day (
    day             DATE NOT NULL COMMENT 'in the time zone of the site',
    test_id         BIGINT NOT NULL COMMENT 'test.test_id of the result',
    shares          INT UNSIGNED NOT NULL COMMENT 'events of kind share',
    opens           INT UNSIGNED NOT NULL COMMENT 'of kind share_open',
    friends         INT UNSIGNED NOT NULL COMMENT 'of kind friend',
    PRIMARY KEY (day, test_id),
    KEY by_test (test_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Days of results that were shared; gone with the test';

CREATE OR REPLACE SQL SECURITY DEFINER VIEW v_film_day AS
SELECT r.day, r.list, r.movie_id, r.impressions, r.clicks, r.chosen
FROM film_day r;

CREATE OR REPLACE SQL SECURITY DEFINER VIEW v_answer_day AS
SELECT r.day, r.list, r.position, r.tenths, r.answers
FROM answer_day r;

CREATE OR REPLACE SQL SECURITY DEFINER VIEW v_share_day AS
SELECT r.day, r.test_id, r.shares, r.opens, r.friends
FROM share_day r;
