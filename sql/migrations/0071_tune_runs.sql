-- `mvti tune` is in the book too. The same type: nothing is written anew.
ALTER TABLE training_run
    MODIFY COLUMN command VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'train, evaluate or tune';
