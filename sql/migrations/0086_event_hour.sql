-- Events by the hour: when in the day people come. What was counted before knows no hours: after this migration run `mvti rollup --anew` once.

CREATE TABLE IF NOT EXISTS event_hour (
    day             DATE NOT NULL COMMENT 'in the time zone of the site',
    hour            TINYINT NOT NULL COMMENT 'hour of that day, 0 to 23',
    kind            VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'event.kind',
    n               INT NOT NULL COMMENT 'events of that kind in that hour',
    PRIMARY KEY (day, hour, kind)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Events of an hour, which outlive their rows';

CREATE OR REPLACE SQL SECURITY DEFINER VIEW v_event_hour AS
SELECT r.day, r.hour, r.kind, r.n
FROM event_hour r;
