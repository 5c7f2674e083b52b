-- Tests that came sooner after the page than anybody answers them count less (lib/data/credit.h).

ALTER TABLE test ADD COLUMN hasty TINYINT NULL COMMENT '1: less than ten seconds lay between the page and this test; NULL: unknown' AFTER crowd;
