-- Who takes a test may skip the Enneagram: then there is no type, and nothing to compare with the characters'.
ALTER TABLE test
    MODIFY COLUMN enneagram CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'one of the 18 types with wing, 4w5; NULL: skipped';
