-- The votes of the last days, without reading the others.
ALTER TABLE character_vote ADD KEY by_time (updated_at);
