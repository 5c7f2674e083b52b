-- A ban does not end with the account (lib/app/ban_return.h): who was banned and is gone, as nobody but the site can make it out.

CREATE TABLE IF NOT EXISTS ban_identity (
    identity_hash   BINARY(32) NOT NULL COMMENT 'keyed hash of the issuer and the subject of somebody who was banned',
    banned_at       DATETIME(6) NOT NULL COMMENT 'UTC, visitor.banned_at of the account that is gone',
    kept_at         DATETIME(6) NOT NULL COMMENT 'UTC, when the account, or this way into it, was deleted; the row goes a year later',
    PRIMARY KEY (identity_hash),
    KEY by_time (kept_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Identities of banned accounts that were deleted';
