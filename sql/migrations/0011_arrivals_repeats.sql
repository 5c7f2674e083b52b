-- New guests: who has worked for it (lib/auth/guest.h), how many of one network, and whose likes everybody sees. And
-- requests that may be sent again without being done again (lib/app/once.h).

ALTER TABLE visitor ADD COLUMN counted TINYINT NOT NULL DEFAULT 1
    COMMENT '0: one of many new guests of one network; their likes count for others only with an account' AFTER visitor_id;

CREATE TABLE IF NOT EXISTS arrival (
    proof_hash      BINARY(32) NOT NULL COMMENT 'keyed hash of the proof of work, which makes one guest only',
    network_hash    BINARY(32) NOT NULL COMMENT 'keyed hash of the network it came from, for the limit',
    created_at      DATETIME(6) NOT NULL COMMENT 'UTC',
    PRIMARY KEY (proof_hash),
    KEY by_network (network_hash, created_at),
    KEY by_time (created_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='New guests of the last day; nothing leads to them';

CREATE TABLE IF NOT EXISTS repeated (
    key_hash        BINARY(32) NOT NULL COMMENT 'keyed hash of the Idempotency-Key',
    content_hash    BINARY(32) NOT NULL COMMENT 'keyed hash of what was asked with it',
    visitor_id      BIGINT NOT NULL COMMENT 'visitor.visitor_id of who asked',
    made_visitor    TINYINT NOT NULL COMMENT '1: the request made that guest',
    result          CHAR(22) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'test.token; NULL: events',
    created_at      DATETIME(6) NOT NULL COMMENT 'UTC',
    PRIMARY KEY (key_hash),
    KEY by_visitor (visitor_id),
    KEY by_time (created_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Requests of the last day that may be sent again';
