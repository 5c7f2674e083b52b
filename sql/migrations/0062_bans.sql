-- Who is banned reads and does nothing else, and what they did no longer counts (lib/store/ban.h).
ALTER TABLE visitor
    ADD COLUMN banned_at DATETIME(6) NULL COMMENT 'UTC, may only read since; NULL: is not banned',
    ADD KEY by_ban (banned_at);
