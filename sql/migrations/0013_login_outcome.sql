-- What came of a login, so that an answer which comes a second time is answered as the first one was. Nothing here could finish
-- one. The workers of before may go on writing meanwhile.

ALTER TABLE login_attempt
    ADD COLUMN outcome VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'what came of it: fine, or why not; NULL: under way' AFTER used_at,
    ADD COLUMN finished_at DATETIME(6) NULL COMMENT 'UTC, when that was known' AFTER outcome,
    ADD COLUMN visitor_id BIGINT NULL COMMENT 'account that asked to link, or that was signed in' AFTER finished_at,
    ADD COLUMN session_id BIGINT NULL COMMENT 'session that it began' AFTER visitor_id,
    ADD KEY by_visitor (visitor_id);
