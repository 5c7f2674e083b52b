-- What `mvti train` and `mvti evaluate` did and reached; `mvti runs` reads it. Times are UTC.

CREATE TABLE IF NOT EXISTS training_run (
    run_id          BIGINT NOT NULL AUTO_INCREMENT COMMENT 'number of the run, as mvti runs shows it',
    started_at      DATETIME(3) NOT NULL COMMENT 'UTC',
    ended_at        DATETIME(3) NOT NULL COMMENT 'UTC',
    seconds         DOUBLE NOT NULL COMMENT 'of the whole command, by a clock that is never set',
    command         VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'train or evaluate',
    model           VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'kind of model, such as ease',
    dataset_hash    CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'content of the dataset, hex; NULL: benchmark files, or it could not be read',
    model_hash      CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'content of the model file written, hex; NULL: none was',
    seed            BIGINT NOT NULL COMMENT 'for all that was drawn',
    status          VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'finished, failed or stopped',
    snapshot_id     VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'last snapshot published with this model; NULL: none',
    PRIMARY KEY (run_id),
    KEY by_model (model, run_id),
    KEY by_model_hash (model_hash)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Runs of mvti train and mvti evaluate';

CREATE TABLE IF NOT EXISTS training_run_value (
    run_id          BIGINT NOT NULL COMMENT 'training_run.run_id',
    kind            VARCHAR(6) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'param: what it was told; metric: what it reached',
    name            VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'lambda, ndcg.10',
    value           DOUBLE NULL COMMENT 'the number; NULL: a word, or no number came out',
    word            VARCHAR(500) NULL COMMENT 'the word, such as a file name; NULL: a number',
    PRIMARY KEY (run_id, kind, name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Parameters and metrics of runs';

-- For analysts: one row a run with its metrics at 10, and one row a value.
CREATE OR REPLACE SQL SECURITY DEFINER VIEW v_training_run AS
SELECT r.run_id, r.started_at, r.ended_at, DATE(r.started_at) AS day, r.seconds, r.command, r.model, r.dataset_hash AS dataset,
       r.seed, r.status, r.snapshot_id,
       MAX(CASE WHEN v.name = 'recall.10' THEN v.value END) AS recall_10,
       MAX(CASE WHEN v.name = 'ndcg.10' THEN v.value END) AS ndcg_10,
       MAX(CASE WHEN v.name = 'hit.10' THEN v.value END) AS hit_10,
       MAX(CASE WHEN v.name = 'mrr.10' THEN v.value END) AS mrr_10,
       MAX(CASE WHEN v.name = 'precision.10' THEN v.value END) AS precision_10,
       MAX(CASE WHEN v.name = 'map.10' THEN v.value END) AS map_10
FROM training_run r
LEFT JOIN training_run_value v ON v.run_id = r.run_id AND v.kind = 'metric'
GROUP BY r.run_id, r.started_at, r.ended_at, r.seconds, r.command, r.model, r.dataset_hash, r.seed, r.status,
         r.snapshot_id;

CREATE OR REPLACE SQL SECURITY DEFINER VIEW v_training_run_value AS
SELECT v.run_id, v.kind, v.name, v.value, v.word
FROM training_run_value v;
