-- The fifteen questions of docs/analysis.md in DuckDB, on a copy that docs/duckdb/load.sql keeps; the answers are those of the site's database, which a test
-- compares. After the statements of one export:
--
--   duckdb copy.db -f docs/duckdb/questions.sql

-- 1. How was each day?
SELECT day, new_visitors, tests, likes, impressions, clicks, shares, thumbs_up, thumbs_down FROM v_daily ORDER BY day;

-- 1. And when in the day do people come?
SELECT hour, COUNT(DISTINCT day) AS days, COALESCE(SUM(n) FILTER (kind = 'landing'), 0) AS visits, COALESCE(SUM(n) FILTER (kind = 'result'), 0) AS results
FROM v_event_hour WHERE day > (SELECT MAX(day) FROM v_event_hour) - 28 GROUP BY hour ORDER BY hour;

-- 2. How many people came each day?
SELECT day, COUNT(*) AS visitors FROM v_visitor_day GROUP BY day ORDER BY day;

-- 3. Where on the way do people leave?
SELECT COUNT(*) FILTER (landing > 0) AS landing, COUNT(*) FILTER (start > 0) AS start, COUNT(*) FILTER (question > 0) AS answered,
       COUNT(*) FILTER (choose > 0) AS chose, COUNT(*) FILTER (result > 0) AS result, COUNT(*) FILTER (click > 0) AS opened,
       COUNT(*) FILTER (liked > 0) AS liked, COUNT(*) FILTER (watch > 0) AS watch
FROM (
    SELECT visitor, SUM(landing) AS landing, SUM(start) AS start, SUM(question) AS question, SUM(choose) AS choose, SUM(result) AS result,
           SUM(click) AS click, SUM(liked) AS liked, SUM(watch) AS watch
    FROM v_visitor_day GROUP BY visitor
);

-- 4. Which question loses people?
SELECT list, position, SUM(answered) AS answers, 1 - SUM(answered) / LAG(SUM(answered)) OVER (ORDER BY list DESC, position) AS lost
FROM v_list_day WHERE list IN ('survey', 'enneagram') GROUP BY list, position ORDER BY list DESC, position;

-- 5. How long does a question take?
SELECT list, position, SUM(took_ms) / SUM(answered) / 1000 AS mean_seconds
FROM v_list_day WHERE answered > 0 GROUP BY list, position ORDER BY list DESC, position;

-- 5. The middle one
SELECT list, position, MIN(tenths) / 10 AS seconds
FROM (
    SELECT list, position, tenths, SUM(SUM(answers)) OVER (PARTITION BY list, position ORDER BY tenths) AS so_far,
           SUM(SUM(answers)) OVER (PARTITION BY list, position) AS all_of_them
    FROM v_answer_day GROUP BY list, position, tenths
) counted
WHERE so_far * 2 >= all_of_them GROUP BY list, position ORDER BY list DESC, position;

-- 6. Do they come back? Weekly cohorts
SELECT cohort, week, COUNT(DISTINCT visitor) AS visitors
FROM (
    SELECT e.visitor, DATE_TRUNC('week', f.first)::DATE AS cohort, DATE_DIFF('day', DATE_TRUNC('week', f.first)::DATE, e.day) // 7 AS week
    FROM v_visitor_day e
    JOIN (SELECT visitor, MIN(day) AS first FROM v_visitor_day GROUP BY visitor) f ON f.visitor = e.visitor
)
GROUP BY cohort, week ORDER BY cohort, week;

-- 7. Which lists and positions are opened?
SELECT list, position, SUM(impressions) AS shown, SUM(clicks) AS opened, SUM(clicks) / NULLIF(SUM(impressions), 0) AS ctr
FROM v_list_day WHERE list NOT IN ('wall', 'search', 'survey', 'enneagram') GROUP BY list, position ORDER BY list, position;

-- 8. Which model's lists are opened?
SELECT snapshot_id, list, SUM(impressions) AS shown, SUM(clicks) AS opened, SUM(likes) AS likes, SUM(clicks) / NULLIF(SUM(impressions), 0) AS ctr
FROM v_list_day WHERE list IN ('same', 'compatible') GROUP BY snapshot_id, list ORDER BY snapshot_id, list;

-- 8. And what is behind them?
SELECT i.snapshot_id, i.ranker, l.kind AS model, l.weight, l.dataset, l.run_id, i.views, i.opened
FROM (
    SELECT snapshot_id, ranker, COUNT(*) AS views, SUM(opened) AS opened FROM v_view WHERE list IN ('same', 'compatible') GROUP BY snapshot_id, ranker
) i
JOIN (SELECT DISTINCT snapshot_id, kind, weight, dataset, run_id FROM v_lineage) l ON l.snapshot_id = i.snapshot_id
ORDER BY i.snapshot_id, i.ranker, l.weight DESC, l.kind;

-- 9. Is one snapshot better than another? With an interval
WITH arms AS (
    SELECT snapshot_id, COUNT(*) AS n, AVG(opened) AS p, ROW_NUMBER() OVER (ORDER BY COUNT(*) DESC, snapshot_id) AS arm
    FROM v_view WHERE list IN ('same', 'compatible') AND created_at > NOW() - INTERVAL 14 DAY GROUP BY snapshot_id
)
SELECT a.snapshot_id AS one, b.snapshot_id AS other, a.n AS n_one, b.n AS n_other, a.p AS p_one, b.p AS p_other, b.p - a.p AS difference,
       b.p - a.p - 1.96 * SQRT(a.p * (1 - a.p) / a.n + b.p * (1 - b.p) / b.n) AS low,
       b.p - a.p + 1.96 * SQRT(a.p * (1 - a.p) / a.n + b.p * (1 - b.p) / b.n) AS high
FROM arms a LEFT JOIN arms b ON b.arm = 2 WHERE a.arm = 1;

-- 9. And of an experiment
SELECT e.name AS experiment, v.name AS variant, a.n AS visitors, a.p AS liked, c.n AS visitors_control, c.p AS liked_control, a.p - c.p AS difference,
       a.p - c.p - 1.96 * SQRT(a.p * (1 - a.p) / a.n + c.p * (1 - c.p) / c.n) AS low,
       a.p - c.p + 1.96 * SQRT(a.p * (1 - a.p) / a.n + c.p * (1 - c.p) / c.n) AS high
FROM (
    SELECT experiment_id, position, COUNT(*) AS n, AVG(liked) AS p
    FROM (
        SELECT x.experiment_id, x.position, x.visitor, MAX(CASE WHEN l.created_at >= x.first_at THEN 1 ELSE 0 END) AS liked
        FROM v_exposure x LEFT JOIN v_like l ON l.visitor = x.visitor GROUP BY x.experiment_id, x.position, x.visitor
    ) shown GROUP BY experiment_id, position
) a
JOIN v_experiment e ON e.experiment_id = a.experiment_id
JOIN v_experiment_variant v ON v.experiment_id = a.experiment_id AND v.position = a.position AND v.is_control = 0
JOIN (
    SELECT experiment_id, position, COUNT(*) AS n, AVG(liked) AS p
    FROM (
        SELECT x.experiment_id, x.position, x.visitor, MAX(CASE WHEN l.created_at >= x.first_at THEN 1 ELSE 0 END) AS liked
        FROM v_exposure x LEFT JOIN v_like l ON l.visitor = x.visitor GROUP BY x.experiment_id, x.position, x.visitor
    ) shown GROUP BY experiment_id, position
) c ON c.experiment_id = a.experiment_id
JOIN v_experiment_variant w ON w.experiment_id = c.experiment_id AND w.position = c.position AND w.is_control = 1
ORDER BY e.name, v.position;

-- 10. Which types like most?
SELECT t.mbti, COUNT(DISTINCT t.visitor) AS people, COUNT(l.character_id) AS likes, COUNT(l.character_id) / COUNT(DISTINCT t.visitor) AS likes_each
FROM (SELECT visitor, MAX(mbti) AS mbti FROM v_test GROUP BY visitor HAVING COUNT(DISTINCT mbti) = 1) t
LEFT JOIN v_like l ON l.visitor = t.visitor
GROUP BY t.mbti ORDER BY likes_each DESC, t.mbti;

-- 11. Whom does each type open, by week?
SELECT week, mbti, name_ko, opened
FROM (
    SELECT d.week, d.mbti, c.name_ko, d.opened, ROW_NUMBER() OVER (PARTITION BY d.week, d.mbti ORDER BY d.opened DESC, d.character_id) AS place
    FROM (
        SELECT DATE_TRUNC('week', day)::DATE AS week, mbti, character_id, SUM(clicks) AS opened
        FROM v_character_day GROUP BY 1, mbti, character_id HAVING SUM(clicks) > 0
    ) d JOIN v_character c ON c.character_id = d.character_id
)
WHERE place <= 3 ORDER BY week, mbti, place;

-- 12. Do shared results bring friends?
SELECT (SELECT COUNT(DISTINCT test_id) FROM v_share_day WHERE shares > 0) AS shared, (SELECT COUNT(DISTINCT test_id) FROM v_share_day WHERE opens > 0) AS opened,
       SUM(CASE WHEN kind = 'share_open' THEN n ELSE 0 END) AS visits, SUM(CASE WHEN kind = 'friend' THEN n ELSE 0 END) AS friends_who_took_it
FROM v_event_day WHERE kind IN ('share_open', 'friend');

-- 13. On which devices?
SELECT device, COALESCE(app, 'browser') AS from_app, COUNT(*) AS visitors, SUM(took_test) AS took_the_test, AVG(took_test) AS share
FROM v_source GROUP BY device, from_app ORDER BY visitors DESC, device, from_app;

-- 13. And where from?
SELECT COALESCE(utm_source, referrer, 'none told') AS came_from, COUNT(*) AS visitors, SUM(took_test) AS took_the_test, AVG(took_test) AS share
FROM v_source GROUP BY came_from ORDER BY visitors DESC, came_from;

-- 14. Which films are chosen, of those that were seen?
SELECT d.movie_id, f.title_ko, f.title_en, SUM(d.impressions) AS shown, SUM(d.chosen) AS chosen,
       SUM(d.chosen) / NULLIF(SUM(d.impressions), 0) AS share
FROM v_film_day d JOIN v_film f ON f.movie_id = d.movie_id
WHERE d.list = 'wall'
GROUP BY d.movie_id, f.title_ko, f.title_en ORDER BY chosen DESC, d.movie_id LIMIT 20;

-- 15. Does a result lead to watching?
SELECT COUNT(DISTINCT CASE WHEN result > 0 THEN visitor END) AS saw_a_result, COUNT(DISTINCT CASE WHEN watch > 0 THEN visitor END) AS followed_a_link,
       SUM(watch) AS links
FROM v_visitor_day WHERE result > 0 OR watch > 0;
