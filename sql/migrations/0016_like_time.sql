ALTER TABLE character_like 
    ADD KEY by_visitor_time (visitor_id, created_at, character_id),
    ADD KEY by_visitor_counted (visitor_id, counted);
