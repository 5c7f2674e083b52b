-- Experiments for analysts (docs/experiments.md): what is tried, who was shown it, which variant made a result, and the chance of each place.

CREATE OR REPLACE SQL SECURITY DEFINER VIEW v_experiment AS
SELECT x.experiment_id, x.name, x.layer, x.kind, x.goal, x.state, x.traffic, x.created_at, x.starts_at, x.ends_at, x.started_at, x.stopped_at
FROM experiment x;

CREATE OR REPLACE SQL SECURITY DEFINER VIEW v_experiment_variant AS
SELECT v.experiment_id, v.position, v.name, v.share, v.weight, v.is_control, v.settings, v.stopped_at
FROM experiment_variant v;

CREATE OR REPLACE SQL SECURITY DEFINER VIEW v_exposure AS
SELECT x.visitor_id AS visitor, x.experiment_id, x.position, x.propensity, x.first_at, DATE(CONVERT_TZ(x.first_at, '+00:00', z.value)) AS day
FROM experiment_exposure x
JOIN site_setting z ON z.name = 'time_zone';

CREATE OR REPLACE SQL SECURITY DEFINER VIEW v_test_variant AS
SELECT m.test_id, t.visitor_id AS visitor, t.created_at, DATE(CONVERT_TZ(t.created_at, '+00:00', z.value)) AS day, m.experiment_id, m.position, m.propensity
FROM test_experiment m
JOIN test t ON t.test_id = m.test_id
JOIN site_setting z ON z.name = 'time_zone';

CREATE OR REPLACE SQL SECURITY DEFINER VIEW v_shown AS
SELECT r.test_id, t.visitor_id AS visitor, t.created_at, DATE(CONVERT_TZ(t.created_at, '+00:00', z.value)) AS day, t.snapshot_id, r.list,
       r.position, r.character_id, c.name_ko, c.name_en, c.movie_id, c.mbti, c.enneagram, r.match_type, r.percent, r.enneagram_similarity, r.propensity
FROM test_result r
JOIN test t ON t.test_id = r.test_id
JOIN site_setting z ON z.name = 'time_zone'
LEFT JOIN film_character c ON c.character_id = r.character_id;
