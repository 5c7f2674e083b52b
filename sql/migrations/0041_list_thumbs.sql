-- A thumb for each list of a result. The workers of the version before go on writing the first one.

ALTER TABLE test
    ADD COLUMN feedback_compatible VARCHAR(4) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'none' COMMENT 'thumb on the list compatible: up, down or none' AFTER feedback,
    MODIFY COLUMN feedback VARCHAR(4) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'none' COMMENT 'thumb on the list same: up, down or none; of tests before 0041 on the whole result';

CREATE OR REPLACE SQL SECURITY DEFINER VIEW v_test AS
SELECT t.test_id, t.visitor_id AS visitor, t.created_at, DATE(CONVERT_TZ(t.created_at, '+00:00', z.value)) AS day, t.locale, t.mbti,
       t.axis_ei, t.axis_sn, t.axis_tf, t.axis_jp, t.enneagram, t.survey_version, t.snapshot_id, t.feedback, t.feedback_compatible
FROM test t
JOIN site_setting z ON z.name = 'time_zone';

CREATE OR REPLACE SQL SECURITY DEFINER VIEW v_daily AS
SELECT d.day, SUM(d.tests) AS tests, SUM(d.thumbs_up) AS thumbs_up, SUM(d.thumbs_down) AS thumbs_down,
       SUM(d.visitors) AS new_visitors, SUM(d.likes) AS likes, SUM(d.impressions) AS impressions,
       SUM(d.clicks) AS clicks, SUM(d.shares) AS shares
FROM (
    SELECT day, COUNT(*) AS tests, SUM((feedback = 'up') + (feedback_compatible = 'up')) AS thumbs_up,
           SUM((feedback = 'down') + (feedback_compatible = 'down')) AS thumbs_down, 0 AS visitors, 0 AS likes,
           0 AS impressions, 0 AS clicks, 0 AS shares
    FROM v_test GROUP BY day
    UNION ALL
    SELECT day, 0, 0, 0, COUNT(*), 0, 0, 0, 0 FROM v_visitor GROUP BY day
    UNION ALL
    SELECT day, 0, 0, 0, 0, COUNT(*), 0, 0, 0 FROM v_like GROUP BY day
    UNION ALL
    SELECT day, 0, 0, 0, 0, 0, IF(kind = 'impression', n, 0), IF(kind = 'click', n, 0), IF(kind = 'share', n, 0) FROM event_day
    UNION ALL
    SELECT day, 0, 0, 0, visitors, 0, impressions, clicks, shares FROM day_total
) d
GROUP BY d.day;
