-- What visitors allow to be sent to Google Analytics (lib/store/outbox.h): the numbers of events that wait, each until it is sent or taken
-- back. The tables stay empty where the operator names no property.

CREATE TABLE IF NOT EXISTS outbox (
    event_id        BIGINT NOT NULL COMMENT 'event.event_id, of a visitor who agreed to it',
    queued_at       DATETIME(3) NOT NULL COMMENT 'UTC',
    taken_at        DATETIME(3) NULL COMMENT 'UTC, when a request with it was about to be sent; NULL: it waits',
    PRIMARY KEY (event_id),
    KEY by_time (queued_at),
    KEY by_taken (taken_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Events that are not sent to Google Analytics yet';

CREATE TABLE IF NOT EXISTS outbox_session (
    visitor_id      BIGINT NOT NULL COMMENT 'visitor.visitor_id',
    began_ms        BIGINT NOT NULL COMMENT 'milliseconds since 1970 UTC: first event of the session, which is its number',
    last_ms         BIGINT NOT NULL COMMENT 'the same: its last event',
    PRIMARY KEY (visitor_id),
    KEY by_time (last_ms)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Sessions of visitors, as Google Analytics counts them, that may go on';

CREATE TABLE IF NOT EXISTS outbox_state (
    name            VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'google',
    client_key      BINARY(32) NULL COMMENT 'key of the hash that visitors are known by there; made when it is first needed',
    sent            BIGINT NOT NULL COMMENT 'events that were taken there, ever',
    unsure          BIGINT NOT NULL COMMENT 'events of requests that nobody answered: sent once, and perhaps not heard',
    late            BIGINT NOT NULL COMMENT 'events that waited for longer than is taken there',
    sent_at         DATETIME(3) NULL COMMENT 'UTC, of the last that was taken',
    failures        INT NOT NULL COMMENT 'requests in a row that were not',
    retry_at        DATETIME(3) NULL COMMENT 'UTC, before which nothing is tried; NULL: nothing failed',
    problem         VARCHAR(200) NOT NULL COMMENT 'why the last one was not; empty: it was',
    PRIMARY KEY (name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='How far the sending to Google Analytics has come';
INSERT IGNORE INTO outbox_state (name, sent, unsure, late, failures, problem) VALUES ('google', 0, 0, 0, 0, '');
