-- What a result says of each character is kept with it: weights and models may be others by the time it is opened again.
ALTER TABLE test_result
    ADD COLUMN film TINYINT UNSIGNED NULL COMMENT 'affinity of the film that was told, 0 to 100; NULL: the result is older than this column',
    ADD COLUMN points TINYINT UNSIGNED NULL COMMENT 'sum of the parts of the match that was told, 0 to 100; NULL: as film',
    ADD COLUMN above TINYINT UNSIGNED NULL COMMENT 'share of the characters of types as near with less points, 0 to 100; NULL: as film',
    ADD COLUMN strange BOOLEAN NULL COMMENT 'whether no chosen film had the tone of this one; NULL: as film';
