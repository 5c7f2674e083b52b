-- A ban may be for a time (lib/store/ban.h); `mvti sessions` ends it.
ALTER TABLE visitor
    ADD COLUMN banned_until DATETIME(6) NULL COMMENT 'UTC, when the ban ends; NULL: it does not, or there is none',
    ALGORITHM=INPLACE, LOCK=NONE;
