ALTER TABLE character_like CHANGE COLUMN session_id visitor_id BIGINT NOT NULL COMMENT 'visitor.visitor_id';
