-- What of a visitor's marks kept characters and films out of a result, so that the page can say so.

ALTER TABLE test
    ADD COLUMN left_out_characters SMALLINT UNSIGNED NULL COMMENT 'characters left out of the lists because they were marked not_me; NULL: from before' AFTER crowd,
    ADD COLUMN left_out_movies SMALLINT UNSIGNED NULL COMMENT 'films left out because they were marked seen; NULL: from before' AFTER left_out_characters;
