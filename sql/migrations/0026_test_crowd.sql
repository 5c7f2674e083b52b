-- Which tests of a day came from one place, so that a crowd of made-up guests is heard as few (lib/data/credit.h).

ALTER TABLE test ADD COLUMN crowd SMALLINT UNSIGNED NULL COMMENT 'two bytes of a keyed hash of network block and day: tests of one place share it that day, and 65,536 networks do; NULL: from before';
