-- Runs from their start: a process that ends without a word is told from one that works by a lock that it holds, and the
-- figures of every epoch are kept. Members of an ensemble are runs of their own.
ALTER TABLE training_run
    MODIFY COLUMN ended_at DATETIME(3) NULL COMMENT 'UTC; NULL: it is running; of a killed run when it last said something',
    MODIFY COLUMN status VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'running, finished, failed, stopped by a signal, or killed: it ended without a word',
    ADD COLUMN parent_id BIGINT NULL COMMENT 'run_id of the ensemble that it was trained for; NULL: none',
    ADD COLUMN lock_name VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'file in state_dir/runs that its process holds locked; NULL: none',
    ADD COLUMN made_by VARCHAR(64) NULL COMMENT 'system user of its process',
    ADD COLUMN mlflow_run VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'its id on the MLflow server; NULL: not there',
    ADD COLUMN mlflow_due TINYINT NOT NULL DEFAULT 0 COMMENT '1: the MLflow server does not know all of it yet',
    ADD KEY by_status (status),
    ADD KEY by_due (mlflow_due, run_id),
    ADD KEY by_parent (parent_id);

CREATE TABLE IF NOT EXISTS training_curve (
    run_id          BIGINT NOT NULL COMMENT 'training_run.run_id',
    name            VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'loss, ndcg.10; of a member of an ensemble: recvae.loss',
    step            INT NOT NULL COMMENT 'epoch, from 1',
    recorded_at     DATETIME(3) NOT NULL COMMENT 'UTC',
    value           DOUBLE NULL COMMENT 'after that epoch; NULL: no number came out',
    PRIMARY KEY (run_id, name, step)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Figures of runs by epoch';

CREATE OR REPLACE SQL SECURITY DEFINER VIEW v_training_curve AS
SELECT c.run_id, c.name, c.step, c.recorded_at, c.value
FROM training_curve c;
