-- Numbers of visitors are those of the sessions they were (0005), so the rows stay as they are.

ALTER TABLE test
    CHANGE COLUMN session_id visitor_id BIGINT NOT NULL COMMENT 'visitor.visitor_id of who took it',
    DROP KEY by_session,
    ADD KEY by_visitor (visitor_id, test_id);
