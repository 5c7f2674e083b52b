ALTER TABLE ban_identity
    ADD COLUMN banned_until DATETIME(6) NULL COMMENT 'UTC, visitor.banned_until of the account that is gone',
    ALGORITHM=INPLACE, LOCK=NONE;
