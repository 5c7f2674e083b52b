-- People. Until here a guest session owned what was done in it; from here a visitor does, and a session is only a
-- browser that speaks for one. Stop the workers for 0005 to 0010: an older worker cannot write to these tables, and
-- sessions begin anew, because their hashes were made without a key.

CREATE TABLE IF NOT EXISTS visitor (
    visitor_id      BIGINT NOT NULL AUTO_INCREMENT COMMENT 'number of the person, guest or with an account',
    created_at      DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) COMMENT 'UTC',
    PRIMARY KEY (visitor_id),
    KEY by_time (created_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Who takes tests, likes and votes';

CREATE TABLE IF NOT EXISTS account (
    visitor_id      BIGINT NOT NULL COMMENT 'visitor.visitor_id',
    display_name    VARCHAR(40) NULL COMMENT 'as the provider told at the last login; shown to its owner only',
    created_at      DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) COMMENT 'UTC',
    PRIMARY KEY (visitor_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Visitors who have logged in';

CREATE TABLE IF NOT EXISTS identity (
    identity_id     BIGINT NOT NULL AUTO_INCREMENT COMMENT 'number of the identity',
    visitor_id      BIGINT NOT NULL COMMENT 'account.visitor_id',
    provider        VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'google, kakao, naver',
    issuer          VARCHAR(200) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'who vouches: the issuer identifier',
    subject         VARBINARY(255) NOT NULL COMMENT 'who it is there; unique at the issuer and never used again',
    created_at      DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) COMMENT 'UTC',
    last_used_at    DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) COMMENT 'UTC, last login with it',
    PRIMARY KEY (identity_id),
    UNIQUE KEY by_subject (issuer, subject),
    UNIQUE KEY by_visitor (visitor_id, provider)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Ways to log in; no e-mail is kept';

CREATE TABLE IF NOT EXISTS login_attempt (
    state_hash      BINARY(32) NOT NULL COMMENT 'keyed hash of the state parameter',
    browser_hash    BINARY(32) NOT NULL COMMENT 'keyed hash of the login cookie',
    address_hash    BINARY(32) NOT NULL COMMENT 'keyed hash of the address it came from, for the limit',
    provider        VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'where the visitor was sent',
    return_path     VARCHAR(512) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'page of ours to go back to',
    link_visitor_id BIGINT NULL COMMENT 'account that wants another identity; NULL: a login',
    created_at      DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) COMMENT 'UTC',
    expires_at      DATETIME(6) NOT NULL COMMENT 'UTC',
    used_at         DATETIME(6) NULL COMMENT 'UTC, when the answer came; a second one is refused',
    PRIMARY KEY (state_hash),
    KEY by_browser (browser_hash, created_at),
    KEY by_address (address_hash, created_at),
    KEY by_expiry (expires_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Logins under way';

CREATE TABLE IF NOT EXISTS character_vote (
    visitor_id      BIGINT NOT NULL COMMENT 'account.visitor_id',
    character_id    INT NOT NULL COMMENT 'film_character.character_id',
    mbti            CHAR(4) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'one of the 16 types',
    enneagram       CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'one of the 18 types with wing; NULL: no opinion',
    created_at      DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) COMMENT 'UTC',
    updated_at      DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) COMMENT 'UTC, last change of mind',
    PRIMARY KEY (visitor_id, character_id),
    KEY by_character (character_id, mbti)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='What visitors think a character is: one vote each';

INSERT IGNORE INTO visitor (visitor_id, created_at) SELECT session_id, created_at FROM session;
