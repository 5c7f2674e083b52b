-- What visitors say of themselves, and films that they want to see no more of (decision 46).

CREATE TABLE IF NOT EXISTS profile (
    visitor_id      BIGINT NOT NULL COMMENT 'visitor.visitor_id',
    name            VARCHAR(20) NULL COMMENT 'what they want to be called; NULL: have not said',
    locale          CHAR(2) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'ko or en, as they chose; NULL: have not chosen',
    updated_at      DATETIME(3) NOT NULL COMMENT 'UTC',
    PRIMARY KEY (visitor_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='What visitors say of themselves';

ALTER TABLE mark
    MODIFY COLUMN mark VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'not_me: the character is not like them; seen: they know the film; hidden: they do not want the film',
    MODIFY COLUMN subject_id INT NOT NULL COMMENT 'of not_me film_character.character_id, else movie.movie_id';

CREATE OR REPLACE SQL SECURITY DEFINER VIEW v_mark AS
SELECT m.mark_id, m.visitor_id AS visitor, m.mark, IF(m.mark = 'not_me', m.subject_id, NULL) AS character_id,
       IF(m.mark = 'not_me', NULL, m.subject_id) AS movie_id, m.created_at, DATE(CONVERT_TZ(m.created_at, '+00:00', z.value)) AS day
FROM mark m
JOIN site_setting z ON z.name = 'time_zone';
