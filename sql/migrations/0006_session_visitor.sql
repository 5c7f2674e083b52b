-- One statement that cannot run twice a file, so that a migration that was cut off goes on where it stopped.

DELETE FROM session;

ALTER TABLE session
    ADD COLUMN visitor_id BIGINT NOT NULL COMMENT 'visitor.visitor_id' AFTER session_id,
    MODIFY COLUMN token_hash BINARY(32) NOT NULL COMMENT 'keyed BLAKE2b-256 of the cookie; cookie and key are stored nowhere here',
    ADD COLUMN ends_at DATETIME(6) NOT NULL COMMENT 'UTC, end however often it is used (expires_at: end if it is not)' AFTER expires_at,
    ADD COLUMN signed_in_at DATETIME(6) NULL COMMENT 'UTC, when the person last proved who they are; NULL: a guest' AFTER ends_at,
    ADD COLUMN provider VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'how they did' AFTER signed_in_at,
    ADD COLUMN client VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '' COMMENT 'browser and system in two words, for the list of sessions' AFTER provider,
    ADD KEY by_visitor (visitor_id);
