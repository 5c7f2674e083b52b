-- What was stored and never read: the mean rating of a film and the number of comments on a typing, where the catalog comes from, and when an
-- identity last signed in.
ALTER TABLE movie DROP COLUMN rating;
ALTER TABLE film_character DROP COLUMN comments;
ALTER TABLE identity DROP COLUMN last_used_at;
