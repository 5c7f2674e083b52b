-- Whose likes everybody sees (lib/store/visitor_like.h). Those that are there stay as they are.

ALTER TABLE character_like
    ADD COLUMN counted TINYINT NOT NULL DEFAULT 1 COMMENT '1: part of the number that everybody sees' AFTER character_id,
    ADD KEY by_character_counted (character_id, counted),
    DROP KEY by_character;
