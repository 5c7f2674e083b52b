-- How far behind a replica is, by the writer's own clock: what is asked there is when the newest of these marks was made that has arrived.
CREATE TABLE IF NOT EXISTS heartbeat (
    heartbeat_id TINYINT     NOT NULL PRIMARY KEY COMMENT '1: there is one row',
    beat_at      DATETIME(6) NOT NULL COMMENT 'UTC, by the clock of the writer, when somebody asked last'
) COMMENT 'a mark that is looked for on a replica';
