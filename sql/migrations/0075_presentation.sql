ALTER TABLE film_character
    ADD COLUMN presentation VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '' COMMENT 'how the portrait is drawn: woman, man, neither, creature or robot, child or old, divided by |; empty: unknown';
