-- The views of 0003 over visitors: `visitor` is the number of a person, guest or not. No view shows a cookie's hash, an
-- identity, a name, a result's public token or the answers.

CREATE OR REPLACE SQL SECURITY DEFINER VIEW v_test AS
SELECT t.test_id, t.visitor_id AS visitor, t.created_at, DATE(t.created_at) AS day, t.locale, t.mbti,
       t.axis_ei, t.axis_sn, t.axis_tf, t.axis_jp, t.enneagram, t.survey_version, t.snapshot_id, t.feedback,
       (SELECT COUNT(*) FROM test_movie m WHERE m.test_id = t.test_id) AS movies_chosen
FROM test t;

CREATE OR REPLACE SQL SECURITY DEFINER VIEW v_chosen_film AS
SELECT c.test_id, t.visitor_id AS visitor, t.created_at, t.mbti, t.enneagram, c.position, c.movie_id,
       m.title_ko, m.title_en, m.year
FROM test_movie c
JOIN test t ON t.test_id = c.test_id
LEFT JOIN movie m ON m.movie_id = c.movie_id;

CREATE OR REPLACE SQL SECURITY DEFINER VIEW v_shown AS
SELECT r.test_id, t.visitor_id AS visitor, t.created_at, t.snapshot_id, r.list, r.position, r.character_id,
       c.name_ko, c.name_en, c.movie_id, c.mbti, c.enneagram, r.match_type, r.percent, r.enneagram_similarity,
       (SELECT COUNT(*) FROM event e WHERE e.test_id = r.test_id AND e.character_id = r.character_id
        AND e.kind = 'click') AS clicks
FROM test_result r
JOIN test t ON t.test_id = r.test_id
LEFT JOIN film_character c ON c.character_id = r.character_id;

CREATE OR REPLACE SQL SECURITY DEFINER VIEW v_event AS
SELECT e.event_id, e.visitor_id AS visitor, e.test_id, e.created_at, DATE(e.created_at) AS day, e.kind,
       e.character_id, e.movie_id, e.list, e.position
FROM event e;

CREATE OR REPLACE SQL SECURITY DEFINER VIEW v_daily AS
SELECT d.day, SUM(d.tests) AS tests, SUM(d.thumbs_up) AS thumbs_up, SUM(d.thumbs_down) AS thumbs_down,
       SUM(d.visitors) AS new_visitors, SUM(d.likes) AS likes, SUM(d.impressions) AS impressions,
       SUM(d.clicks) AS clicks, SUM(d.shares) AS shares
FROM (
    SELECT DATE(created_at) AS day, COUNT(*) AS tests, SUM(feedback = 'up') AS thumbs_up,
           SUM(feedback = 'down') AS thumbs_down, 0 AS visitors, 0 AS likes, 0 AS impressions, 0 AS clicks,
           0 AS shares
    FROM test GROUP BY DATE(created_at)
    UNION ALL
    SELECT DATE(created_at), 0, 0, 0, COUNT(*), 0, 0, 0, 0 FROM visitor GROUP BY DATE(created_at)
    UNION ALL
    SELECT DATE(created_at), 0, 0, 0, 0, COUNT(*), 0, 0, 0 FROM character_like GROUP BY DATE(created_at)
    UNION ALL
    SELECT DATE(created_at), 0, 0, 0, 0, 0, SUM(kind = 'impression'), SUM(kind = 'click'), SUM(kind = 'share')
    FROM event GROUP BY DATE(created_at)
) d
GROUP BY d.day;

CREATE OR REPLACE SQL SECURITY DEFINER VIEW v_vote AS
SELECT v.visitor_id AS visitor, v.character_id, v.mbti, v.enneagram, v.created_at, v.updated_at
FROM character_vote v;
