-- What is counted is kept as a number, so that asking for it costs the same however much there is. The writers change a
-- number in the transaction that changes the rows. Workers of the version before know nothing of it and may go on while
-- this runs; `mvti recount` mends what they did meanwhile.

CREATE TABLE IF NOT EXISTS counter (
    kind            VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'what is counted: tests, likes, votes, visitor.tests and so on',
    subject         BIGINT NOT NULL COMMENT 'of which: a character, a visitor; 0: of the whole site',
    part            VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '' COMMENT 'votes: the two types voted for, INFP4w5',
    slot            TINYINT UNSIGNED NOT NULL COMMENT 'the number is the sum of its slots, so that many at once do not wait for one row',
    n               BIGINT NOT NULL COMMENT 'share of this slot, which may be negative',
    PRIMARY KEY (kind, subject, part, slot)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='How many there are of what';

CREATE TABLE IF NOT EXISTS leaving (
    what            VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'visitor or test',
    id              BIGINT NOT NULL COMMENT 'visitor.visitor_id or test.test_id, whose row is gone already',
    heir            BIGINT NOT NULL COMMENT 'whose the rest becomes: an account, or a number that nothing leads to; 0: nobody',
    merged          TINYINT NOT NULL COMMENT '1: the rest is moved as it is; 0: only what training learned from stays',
    since           DATETIME(6) NOT NULL COMMENT 'UTC',
    PRIMARY KEY (what, id),
    KEY by_heir (heir),
    KEY by_time (since)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='What is too much to delete or move at once; the hourly job goes on';

CREATE TABLE IF NOT EXISTS day_total (
    day             DATE NOT NULL COMMENT 'UTC',
    visitors        BIGINT NOT NULL DEFAULT 0 COMMENT 'who came that day and has left since',
    impressions     BIGINT NOT NULL DEFAULT 0 COMMENT 'events of that day that were deleted for their age',
    clicks          BIGINT NOT NULL DEFAULT 0 COMMENT 'likewise',
    shares          BIGINT NOT NULL DEFAULT 0 COMMENT 'likewise',
    PRIMARY KEY (day)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Numbers of a day that outlive their rows';

-- Reading what others write takes no locks this way.
SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED;

INSERT INTO counter (kind, subject, part, slot, n) SELECT 'tests', 0, '', 0, COUNT(*) FROM test
    ON DUPLICATE KEY UPDATE n = VALUES(n);
INSERT INTO counter (kind, subject, part, slot, n) SELECT 'likes', character_id, '', 0, COUNT(*) FROM character_like WHERE counted = 1 GROUP BY character_id
    ON DUPLICATE KEY UPDATE n = VALUES(n);
INSERT INTO counter (kind, subject, part, slot, n)
    SELECT 'votes', character_id, CONCAT(mbti, COALESCE(enneagram, '')), 0, COUNT(*) FROM character_vote GROUP BY character_id, mbti, enneagram
    ON DUPLICATE KEY UPDATE n = VALUES(n);
INSERT INTO counter (kind, subject, part, slot, n)
    SELECT 'visitor.tests', t.visitor_id, '', 0, COUNT(*) FROM test t JOIN visitor v ON v.visitor_id = t.visitor_id GROUP BY t.visitor_id
    ON DUPLICATE KEY UPDATE n = VALUES(n);
INSERT INTO counter (kind, subject, part, slot, n)
    SELECT 'visitor.likes', l.visitor_id, '', 0, COUNT(*) FROM character_like l JOIN visitor v ON v.visitor_id = l.visitor_id GROUP BY l.visitor_id
    ON DUPLICATE KEY UPDATE n = VALUES(n);
INSERT INTO counter (kind, subject, part, slot, n)
    SELECT 'visitor.votes', w.visitor_id, '', 0, COUNT(*) FROM character_vote w JOIN visitor v ON v.visitor_id = w.visitor_id GROUP BY w.visitor_id
    ON DUPLICATE KEY UPDATE n = VALUES(n);

SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ;

CREATE OR REPLACE SQL SECURITY DEFINER VIEW v_daily AS
SELECT d.day, SUM(d.tests) AS tests, SUM(d.thumbs_up) AS thumbs_up, SUM(d.thumbs_down) AS thumbs_down,
       SUM(d.visitors) AS new_visitors, SUM(d.likes) AS likes, SUM(d.impressions) AS impressions,
       SUM(d.clicks) AS clicks, SUM(d.shares) AS shares
FROM (
    SELECT DATE(created_at) AS day, COUNT(*) AS tests, SUM(feedback = 'up') AS thumbs_up,
           SUM(feedback = 'down') AS thumbs_down, 0 AS visitors, 0 AS likes, 0 AS impressions, 0 AS clicks,
           0 AS shares
    FROM test GROUP BY DATE(created_at)
    UNION ALL
    SELECT DATE(created_at), 0, 0, 0, COUNT(*), 0, 0, 0, 0 FROM visitor GROUP BY DATE(created_at)
    UNION ALL
    SELECT DATE(created_at), 0, 0, 0, 0, COUNT(*), 0, 0, 0 FROM character_like GROUP BY DATE(created_at)
    UNION ALL
    SELECT DATE(created_at), 0, 0, 0, 0, 0, SUM(kind = 'impression'), SUM(kind = 'click'), SUM(kind = 'share')
    FROM event GROUP BY DATE(created_at)
    UNION ALL
    SELECT day, 0, 0, 0, visitors, 0, impressions, clicks, shares FROM day_total
) d
GROUP BY d.day;
