-- What was live when, and why (lib/publish/publisher.h). Times are UTC.

CREATE TABLE IF NOT EXISTS publication (
    publication_id  BIGINT NOT NULL AUTO_INCREMENT COMMENT 'number of the step',
    decided_at      DATETIME(3) NOT NULL COMMENT 'UTC',
    action          VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'publish, rollback, forward, pin, unpin; found: another snapshot than the last step said was live',
    outcome         VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'live: from here on; refused: it was worse; pinned: another one is; same: it was live already',
    snapshot_id     VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'the snapshot that it is about',
    was_live        VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'snapshot that was live before; NULL: none',
    decision        VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'of the comparison: better, same, worse, unknown; NULL: none was made',
    decided_by      VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'people whose figures decided: visitors or all; NULL: nobody',
    held_hash       CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'content of the dataset of the people compared on, hex; NULL: none',
    reason          VARCHAR(500) NOT NULL COMMENT 'a sentence for operators',
    PRIMARY KEY (publication_id),
    KEY by_snapshot (snapshot_id, publication_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Steps by which snapshots became live, or did not';

CREATE TABLE IF NOT EXISTS publication_score (
    publication_id  BIGINT NOT NULL COMMENT 'publication.publication_id',
    people          VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'visitors, ratings (of imported files) or all',
    n_people        INT NOT NULL COMMENT 'held out of the training of both snapshots',
    live_ndcg       DOUBLE NOT NULL COMMENT 'NDCG at 10 of the snapshot that was live',
    new_ndcg        DOUBLE NOT NULL COMMENT 'of the new one, on the same people',
    difference      DOUBLE NOT NULL COMMENT 'new minus live, person by person',
    low             DOUBLE NOT NULL COMMENT '99 % interval of the difference',
    high            DOUBLE NOT NULL COMMENT 'its other end',
    PRIMARY KEY (publication_id, people)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Comparisons behind these steps';

CREATE TABLE IF NOT EXISTS snapshot_model (
    snapshot_id     VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'publication.snapshot_id',
    model_hash      CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'content of a model file it was made of, hex; training_run.model_hash of the run that wrote it',
    kind            VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'kind of model, such as ease',
    dataset_hash    CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'content of the dataset it was trained on, hex',
    weight          DOUBLE NULL COMMENT 'in the ensemble; NULL: the ensemble itself, or no part of it',
    PRIMARY KEY (snapshot_id, model_hash),
    KEY by_model_hash (model_hash)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='From snapshots to models, datasets and runs';

CREATE OR REPLACE SQL SECURITY DEFINER VIEW v_publication AS
SELECT p.publication_id, p.decided_at, DATE(p.decided_at) AS day, p.action, p.outcome, p.snapshot_id, p.was_live, p.decision, p.decided_by,
       s.people, s.n_people, s.live_ndcg, s.new_ndcg, s.difference, s.low, s.high, p.reason
FROM publication p
LEFT JOIN publication_score s ON s.publication_id = p.publication_id;

-- A row a model and run: a snapshot that was live twice has two spans.
CREATE OR REPLACE SQL SECURITY DEFINER VIEW v_lineage AS
SELECT l.snapshot_id, l.live_from, l.live_until, m.kind, m.weight, m.model_hash AS model_file, m.dataset_hash AS dataset, r.run_id
FROM (
    SELECT p.snapshot_id, p.decided_at AS live_from, (
               SELECT MIN(n.decided_at) FROM publication n WHERE n.outcome = 'live' AND n.publication_id > p.publication_id
           ) AS live_until
    FROM publication p WHERE p.outcome = 'live'
) l
JOIN snapshot_model m ON m.snapshot_id = l.snapshot_id
LEFT JOIN training_run r ON r.model_hash = m.model_hash;
