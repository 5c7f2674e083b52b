ALTER TABLE event
    CHANGE COLUMN session_id visitor_id BIGINT NULL COMMENT 'visitor.visitor_id; NULL: nobody any more',
    DROP KEY by_session,
    ADD KEY by_visitor (visitor_id, event_id);
