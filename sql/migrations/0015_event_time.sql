-- Newest first, and the last minute's alone, without reading the rest.
ALTER TABLE event
    DROP KEY by_visitor,
    ADD KEY by_visitor_time (visitor_id, created_at);
