-- The answers of survey version 2 say which statements were not asked.
ALTER TABLE test
    MODIFY COLUMN answers VARCHAR(1000) NULL COMMENT 'what was answered, JSON: {"survey":[…],"enneagram":[…]}, the survey''s in the order of its items, null where nothing was asked; NULL: chosen';
