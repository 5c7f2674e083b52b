-- What visitors say about a card of their lists: that the character is not like them, that they know the film. Like likes and votes it is what
-- they asked to keep, and it goes with them.

CREATE TABLE IF NOT EXISTS mark (
    mark_id         BIGINT NOT NULL AUTO_INCREMENT COMMENT 'number of the mark',
    visitor_id      BIGINT NOT NULL COMMENT 'visitor.visitor_id',
    mark            VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'not_me: the character is not like them; seen: they know the film',
    subject_id      INT NOT NULL COMMENT 'of not_me film_character.character_id, of seen movie.movie_id',
    created_at      DATETIME(3) NOT NULL COMMENT 'UTC',
    PRIMARY KEY (mark_id),
    UNIQUE KEY by_subject (visitor_id, mark, subject_id),
    KEY by_visitor (visitor_id, mark_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Marks on cards';

CREATE OR REPLACE SQL SECURITY DEFINER VIEW v_mark AS
SELECT m.mark_id, m.visitor_id AS visitor, m.mark, IF(m.mark = 'not_me', m.subject_id, NULL) AS character_id,
       IF(m.mark = 'seen', m.subject_id, NULL) AS movie_id, m.created_at, DATE(CONVERT_TZ(m.created_at, '+00:00', z.value)) AS day
FROM mark m
JOIN site_setting z ON z.name = 'time_zone';
