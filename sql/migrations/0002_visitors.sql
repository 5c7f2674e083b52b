-- What visitors do: the only tables that the workers write. Times are UTC (the connection's time zone).

CREATE TABLE IF NOT EXISTS session (
    session_id      BIGINT NOT NULL AUTO_INCREMENT COMMENT 'number of the guest session',
    token_hash      BINARY(32) NOT NULL COMMENT 'BLAKE2b-256 of the cookie; the cookie itself is stored nowhere',
    created_at      DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) COMMENT 'UTC',
    last_seen_at    DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) COMMENT 'UTC, last write of this session',
    expires_at      DATETIME(6) NOT NULL COMMENT 'UTC, the cookie is worth nothing after',
    PRIMARY KEY (session_id),
    UNIQUE KEY by_token_hash (token_hash),
    KEY by_expiry (expires_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Guests, known by an opaque cookie';

CREATE TABLE IF NOT EXISTS test (
    test_id         BIGINT NOT NULL AUTO_INCREMENT COMMENT 'number of the completed test',
    token           CHAR(22) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'public name of the result, 128 random bits as base64url',
    session_id      BIGINT NOT NULL COMMENT 'session.session_id of who took it',
    mbti            CHAR(4) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'one of the 16 types, INFP',
    axis_ei         TINYINT UNSIGNED NULL COMMENT 'percent towards I; NULL: the type was chosen, not surveyed',
    axis_sn         TINYINT UNSIGNED NULL COMMENT 'percent towards N; NULL: chosen',
    axis_tf         TINYINT UNSIGNED NULL COMMENT 'percent towards F; NULL: chosen',
    axis_jp         TINYINT UNSIGNED NULL COMMENT 'percent towards P; NULL: chosen',
    enneagram       CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'one of the 18 types with wing, 4w5',
    survey_version  SMALLINT NULL COMMENT 'version of sql/reference/survey.json that was answered; NULL: chosen',
    answers         VARCHAR(1000) NULL COMMENT 'what was answered, JSON: {"survey":[…],"enneagram":[…]}; NULL: chosen',
    locale          CHAR(2) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'language of the page, ko or en',
    snapshot_id     VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'snapshot that answered',
    feedback        VARCHAR(4) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'none' COMMENT 'up, down or none',
    created_at      DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) COMMENT 'UTC',
    PRIMARY KEY (test_id),
    UNIQUE KEY by_token (token),
    KEY by_session (session_id, test_id),
    KEY by_time (created_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Completed tests';

CREATE TABLE IF NOT EXISTS test_movie (
    test_id         BIGINT NOT NULL COMMENT 'test.test_id',
    position        SMALLINT NOT NULL COMMENT 'order of choosing, from 0',
    movie_id        INT NOT NULL COMMENT 'movie.movie_id',
    PRIMARY KEY (test_id, position),
    KEY by_movie (movie_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Films chosen in a test';

CREATE TABLE IF NOT EXISTS test_result (
    test_id                 BIGINT NOT NULL COMMENT 'test.test_id',
    list                    VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'same or compatible',
    position                SMALLINT NOT NULL COMMENT 'place in the list, from 0',
    character_id            INT NOT NULL COMMENT 'film_character.character_id',
    match_type              VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'same, compatible or near',
    percent                 TINYINT UNSIGNED NOT NULL COMMENT 'match, 0 to 100',
    enneagram_similarity    DOUBLE NOT NULL COMMENT '0 to 1',
    because_json            TEXT NOT NULL COMMENT 'chosen films that spoke for it: [{"movie_id":1,"share":0.6}]',
    PRIMARY KEY (test_id, list, position),
    KEY by_character (character_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Characters shown in a result';

CREATE TABLE IF NOT EXISTS character_like (
    session_id      BIGINT NOT NULL COMMENT 'session.session_id',
    character_id    INT NOT NULL COMMENT 'film_character.character_id',
    created_at      DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) COMMENT 'UTC',
    PRIMARY KEY (session_id, character_id),
    KEY by_character (character_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Hearts';

CREATE TABLE IF NOT EXISTS event (
    event_id        BIGINT NOT NULL AUTO_INCREMENT COMMENT 'number of the event',
    session_id      BIGINT NULL COMMENT 'session.session_id; NULL: a guest without a cookie',
    test_id         BIGINT NULL COMMENT 'test.test_id; NULL: not on a result',
    kind            VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'impression, click, like, share, feedback and so on',
    character_id    INT NULL COMMENT 'film_character.character_id; NULL: not about one',
    movie_id        INT NULL COMMENT 'movie.movie_id; NULL: not about one',
    list            VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'same, compatible, ranking, popular or film',
    position        SMALLINT NULL COMMENT 'place in that list, from 0',
    created_at      DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) COMMENT 'UTC',
    PRIMARY KEY (event_id),
    KEY by_time (created_at),
    KEY by_session (session_id),
    KEY by_test (test_id),
    KEY by_character (character_id, kind)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='What visitors saw and touched';
