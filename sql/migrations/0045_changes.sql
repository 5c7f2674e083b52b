-- What has changed since an export, so that the next one brings that alone (lib/store/change.h). A row says which rows may have changed, not how: an
-- export looks at what there is. Writers append to change_new, whose order means nothing; a batch is what was committed when it was sealed.

CREATE TABLE IF NOT EXISTS change_new (
    change_id       BIGINT NOT NULL AUTO_INCREMENT COMMENT 'order of writing, which is not that of the commits',
    what            VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'event, view, test, like, vote, visitor, visitor_day, day, catalog, rollup or zone',
    a               BIGINT NOT NULL COMMENT 'event: first event.event_id; else its number, its visitor, or its day as TO_DAYS says it',
    b               BIGINT NOT NULL COMMENT 'event: last event.event_id; like and vote: the character; visitor_day: the visitor; else a again',
    PRIMARY KEY (change_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Changes that are in no batch yet';

CREATE TABLE IF NOT EXISTS change_log (
    what            VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'change_new.what',
    a               BIGINT NOT NULL COMMENT 'change_new.a',
    b               BIGINT NOT NULL COMMENT 'change_new.b',
    batch           BIGINT NOT NULL COMMENT 'change_batch.batch',
    PRIMARY KEY (what, a, b, batch),
    KEY by_batch (batch)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Changes by batch';

CREATE TABLE IF NOT EXISTS change_batch (
    batch           BIGINT NOT NULL COMMENT 'watermark of exports: all changes of this batch and those before are in',
    sealed_at       DATETIME(3) NOT NULL COMMENT 'UTC',
    PRIMARY KEY (batch)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Batches of changes that are kept';
INSERT IGNORE INTO change_batch (batch, sealed_at) VALUES (1, UTC_TIMESTAMP(3));
