-- Nothing personal is stored of who says that they are under 14 (decision 46). What the others have said stands here.

ALTER TABLE visitor ADD COLUMN over14_at DATETIME NULL COMMENT 'UTC, when they said that they are 14 or older; NULL: were not asked';
