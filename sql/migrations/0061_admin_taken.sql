-- A request is taken before it is carried out, so that it is carried out once.
ALTER TABLE admin_action
    MODIFY COLUMN outcome VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'asked: the jobs account is to carry it out; taken: it does; done; failed',
    MODIFY COLUMN ended_at DATETIME(3) NULL COMMENT 'UTC; NULL: asked or taken';
