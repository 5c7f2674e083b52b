-- The owner's console (lib/app/console.h): who was there, and what they did.

CREATE TABLE IF NOT EXISTS admin_action (
    action_id       BIGINT NOT NULL AUTO_INCREMENT COMMENT 'number of the action',
    asked_at        DATETIME(3) NOT NULL COMMENT 'UTC',
    visitor_id      BIGINT NOT NULL COMMENT 'account.visitor_id of who did it',
    admin           VARCHAR(300) NOT NULL COMMENT 'the same person as the setting admins names them',
    action          VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'enter, rollback, forward, pin, unpin, ban, unban and so on',
    subject         VARCHAR(100) NOT NULL DEFAULT '' COMMENT 'on what: a snapshot, visitor 17, test 4; empty: the whole site',
    before_text     VARCHAR(500) NULL COMMENT 'how it was; NULL: nothing was changed',
    after_text      VARCHAR(500) NULL COMMENT 'how it is since; NULL likewise, or while it is asked',
    outcome         VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'asked: the jobs account is to carry it out; done; failed',
    ended_at        DATETIME(3) NULL COMMENT 'UTC; NULL: asked',
    said            VARCHAR(500) NOT NULL DEFAULT '' COMMENT 'what came of it, a sentence for people',
    PRIMARY KEY (action_id),
    KEY by_outcome (outcome, action_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='What was done in the owner''s console';

ALTER TABLE session ADD COLUMN console_seen_at DATETIME(6) NULL COMMENT 'UTC, last request to the owner''s console; NULL: none';
