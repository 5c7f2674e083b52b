-- People who compare their results: up to eight, who came by one link. There is no row of a circle itself: it is there as long as somebody is
-- in it, so whoever is the last to leave leaves nothing.

CREATE TABLE IF NOT EXISTS circle_member (
    member_id       BIGINT NOT NULL AUTO_INCREMENT COMMENT 'number of the membership; the order of joining',
    circle          CHAR(22) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'public name of the circle, 128 random bits as base64url',
    test_id         BIGINT NOT NULL COMMENT 'test.test_id, what they compare',
    founder         TINYINT NOT NULL COMMENT '1: began the circle',
    name            VARCHAR(20) NOT NULL COMMENT 'what they want to be called in it; empty: nothing',
    joined_at       DATETIME(3) NOT NULL COMMENT 'UTC',
    PRIMARY KEY (member_id),
    UNIQUE KEY by_circle (circle, test_id),
    KEY by_test (test_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Who compares with whom';
