-- What analysts read: facts (tests, events, likes, votes, results) and what they point to (visitors, views, films, characters, snapshots).
-- Days are those of the site's time zone. A view without subqueries among its columns is merged into the query that reads it, so that
-- indexes count; how many films were chosen, and how often a shown character was opened, are counted from v_chosen_film and v_event.

CREATE TABLE IF NOT EXISTS site_setting (
    name            VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'time_zone',
    value           VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'as CONVERT_TZ takes it: +09:00, or a name if the server knows names',
    PRIMARY KEY (name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='What the views need to know of the configuration; mvti migrate keeps it so';
INSERT IGNORE INTO site_setting (name, value) VALUES ('time_zone', '+09:00');

CREATE OR REPLACE SQL SECURITY DEFINER VIEW v_film AS
SELECT m.movie_id, m.title_ko, m.title_en, m.year, m.country, m.popularity,
       (SELECT GROUP_CONCAT(g.genre ORDER BY g.position SEPARATOR '|') FROM movie_genre g WHERE g.movie_id = m.movie_id) AS genres,
       (SELECT GROUP_CONCAT(w.platform ORDER BY w.platform SEPARATOR '|') FROM watch_link w WHERE w.movie_id = m.movie_id) AS platforms
FROM movie m;

CREATE OR REPLACE SQL SECURITY DEFINER VIEW v_character AS
SELECT c.character_id, c.movie_id, c.name_ko, c.name_en, c.mbti, c.enneagram, c.votes
FROM film_character c;

CREATE OR REPLACE SQL SECURITY DEFINER VIEW v_visitor AS
SELECT v.visitor_id AS visitor, v.created_at, DATE(CONVERT_TZ(v.created_at, '+00:00', z.value)) AS day, v.counted,
       a.visitor_id IS NOT NULL AS has_account, f.created_at AS landed_at, f.path, f.referrer, f.utm_source, f.utm_medium, f.utm_campaign,
       f.device, f.app, f.locale, f.bot
FROM visitor v
JOIN site_setting z ON z.name = 'time_zone'
LEFT JOIN account a ON a.visitor_id = v.visitor_id
LEFT JOIN first_visit f ON f.visitor_id = v.visitor_id;

CREATE OR REPLACE SQL SECURITY DEFINER VIEW v_test AS
SELECT t.test_id, t.visitor_id AS visitor, t.created_at, DATE(CONVERT_TZ(t.created_at, '+00:00', z.value)) AS day, t.locale, t.mbti,
       t.axis_ei, t.axis_sn, t.axis_tf, t.axis_jp, t.enneagram, t.survey_version, t.snapshot_id, t.feedback
FROM test t
JOIN site_setting z ON z.name = 'time_zone';

CREATE OR REPLACE SQL SECURITY DEFINER VIEW v_chosen_film AS
SELECT c.test_id, t.visitor_id AS visitor, t.created_at, DATE(CONVERT_TZ(t.created_at, '+00:00', z.value)) AS day, t.mbti, t.enneagram,
       c.position, c.movie_id, m.title_ko, m.title_en, m.year
FROM test_movie c
JOIN test t ON t.test_id = c.test_id
JOIN site_setting z ON z.name = 'time_zone'
LEFT JOIN movie m ON m.movie_id = c.movie_id;

CREATE OR REPLACE SQL SECURITY DEFINER VIEW v_shown AS
SELECT r.test_id, t.visitor_id AS visitor, t.created_at, DATE(CONVERT_TZ(t.created_at, '+00:00', z.value)) AS day, t.snapshot_id, r.list,
       r.position, r.character_id, c.name_ko, c.name_en, c.movie_id, c.mbti, c.enneagram, r.match_type, r.percent, r.enneagram_similarity
FROM test_result r
JOIN test t ON t.test_id = r.test_id
JOIN site_setting z ON z.name = 'time_zone'
LEFT JOIN film_character c ON c.character_id = r.character_id;

CREATE OR REPLACE SQL SECURITY DEFINER VIEW v_view AS
SELECT l.view_id, l.created_at, DATE(CONVERT_TZ(l.created_at, '+00:00', z.value)) AS day, l.list, l.snapshot_id, l.ranker
FROM list_view l
JOIN site_setting z ON z.name = 'time_zone';

CREATE OR REPLACE SQL SECURITY DEFINER VIEW v_event AS
SELECT e.event_id, e.visitor_id AS visitor, e.test_id, e.created_at, e.browser_at, DATE(CONVERT_TZ(e.created_at, '+00:00', z.value)) AS day,
       e.kind, e.character_id, e.movie_id, e.list, e.position, e.view_id, e.value, e.took_ms
FROM event e
JOIN site_setting z ON z.name = 'time_zone';

CREATE OR REPLACE SQL SECURITY DEFINER VIEW v_like AS
SELECT l.visitor_id AS visitor, l.character_id, l.counted, l.created_at, DATE(CONVERT_TZ(l.created_at, '+00:00', z.value)) AS day
FROM character_like l
JOIN site_setting z ON z.name = 'time_zone';

CREATE OR REPLACE SQL SECURITY DEFINER VIEW v_vote AS
SELECT v.visitor_id AS visitor, v.character_id, v.mbti, v.enneagram, v.created_at, v.updated_at,
       DATE(CONVERT_TZ(v.updated_at, '+00:00', z.value)) AS day
FROM character_vote v
JOIN site_setting z ON z.name = 'time_zone';

CREATE OR REPLACE SQL SECURITY DEFINER VIEW v_publication AS
SELECT p.publication_id, p.decided_at, DATE(CONVERT_TZ(p.decided_at, '+00:00', z.value)) AS day, p.action, p.outcome, p.snapshot_id, p.was_live,
       p.decision, p.decided_by, s.people, s.n_people, s.live_ndcg, s.new_ndcg, s.difference, s.low, s.high, p.reason
FROM publication p
JOIN site_setting z ON z.name = 'time_zone'
LEFT JOIN publication_score s ON s.publication_id = p.publication_id;

CREATE OR REPLACE SQL SECURITY DEFINER VIEW v_daily AS
SELECT d.day, SUM(d.tests) AS tests, SUM(d.thumbs_up) AS thumbs_up, SUM(d.thumbs_down) AS thumbs_down,
       SUM(d.visitors) AS new_visitors, SUM(d.likes) AS likes, SUM(d.impressions) AS impressions,
       SUM(d.clicks) AS clicks, SUM(d.shares) AS shares
FROM (
    SELECT day, COUNT(*) AS tests, SUM(feedback = 'up') AS thumbs_up, SUM(feedback = 'down') AS thumbs_down, 0 AS visitors, 0 AS likes,
           0 AS impressions, 0 AS clicks, 0 AS shares
    FROM v_test GROUP BY day
    UNION ALL
    SELECT day, 0, 0, 0, COUNT(*), 0, 0, 0, 0 FROM v_visitor GROUP BY day
    UNION ALL
    SELECT day, 0, 0, 0, 0, COUNT(*), 0, 0, 0 FROM v_like GROUP BY day
    UNION ALL
    SELECT day, 0, 0, 0, 0, 0, SUM(kind = 'impression'), SUM(kind = 'click'), SUM(kind = 'share') FROM v_event GROUP BY day
    UNION ALL
    SELECT day, 0, 0, 0, visitors, 0, impressions, clicks, shares FROM day_total
) d
GROUP BY d.day;

ALTER TABLE day_total MODIFY COLUMN day DATE NOT NULL COMMENT 'in the time zone of the site when the rows were deleted; before 0030 UTC';
