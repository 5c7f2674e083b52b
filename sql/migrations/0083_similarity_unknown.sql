-- The other half of 0082: characters shown to who has no Enneagram type are similar to none.
ALTER TABLE test_result
    MODIFY COLUMN enneagram_similarity DOUBLE NULL COMMENT '0 to 1; NULL: the Enneagram was skipped';
