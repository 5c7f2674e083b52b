ALTER TABLE character_vote ADD KEY by_visitor_time (visitor_id, updated_at, character_id);
