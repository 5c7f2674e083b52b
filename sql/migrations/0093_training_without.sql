-- What training leaves out by the owner's word (lib/store/training_without.h). Rows stay when they are lifted: which dataset was built without what can be told from both times.
CREATE TABLE IF NOT EXISTS training_without (
    without_id      INT         NOT NULL AUTO_INCREMENT PRIMARY KEY COMMENT 'the rule, by which it is lifted',
    day_from        DATE        NOT NULL COMMENT 'UTC, of what was chosen from this day on',
    day_to          DATE        NOT NULL COMMENT 'UTC, to this day, itself too',
    visitor_id      BIGINT      NULL COMMENT 'of this visitor alone; NULL: of anybody',
    crowd           INT         NULL COMMENT 'of tests with this test.crowd alone; NULL: of any',
    created_at      DATETIME(6) NOT NULL COMMENT 'UTC, left out since',
    lifted_at       DATETIME(6) NULL COMMENT 'UTC, learned from again since; NULL: is left out'
) COMMENT 'what training leaves out by the owner''s word';
