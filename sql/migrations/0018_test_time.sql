-- The tests of the last hour are found without reading the others.
ALTER TABLE test ADD KEY by_visitor_time (visitor_id, created_at);
