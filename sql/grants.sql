-- By the administrator, after `mvti migrate` (rights on single tables need the tables). Runs again without harm.
-- The accounts and the rights of mvti_jobs are in database.sql.

-- Workers: what visitors do, and nothing else. Films and characters reach them in the snapshot.
GRANT SELECT, INSERT, UPDATE, DELETE ON mvti.visitor TO mvti_worker@localhost;
GRANT SELECT, INSERT, UPDATE, DELETE ON mvti.session TO mvti_worker@localhost;
GRANT SELECT, INSERT, UPDATE, DELETE ON mvti.account TO mvti_worker@localhost;
GRANT SELECT, INSERT, UPDATE, DELETE ON mvti.identity TO mvti_worker@localhost;
GRANT SELECT, INSERT, UPDATE, DELETE ON mvti.login_attempt TO mvti_worker@localhost;
GRANT SELECT, INSERT, UPDATE, DELETE ON mvti.test TO mvti_worker@localhost;
GRANT SELECT, INSERT, UPDATE, DELETE ON mvti.test_movie TO mvti_worker@localhost;
GRANT SELECT, INSERT, UPDATE, DELETE ON mvti.test_result TO mvti_worker@localhost;
GRANT SELECT, INSERT, UPDATE, DELETE ON mvti.character_like TO mvti_worker@localhost;
GRANT SELECT, INSERT, UPDATE, DELETE ON mvti.mark TO mvti_worker@localhost;
GRANT SELECT, INSERT, UPDATE, DELETE ON mvti.circle_member TO mvti_worker@localhost;
GRANT SELECT, INSERT, UPDATE, DELETE ON mvti.profile TO mvti_worker@localhost;
GRANT SELECT, INSERT, UPDATE, DELETE ON mvti.character_vote TO mvti_worker@localhost;
GRANT SELECT, INSERT, UPDATE, DELETE ON mvti.event TO mvti_worker@localhost;
GRANT SELECT, INSERT, UPDATE, DELETE ON mvti.list_view TO mvti_worker@localhost;
GRANT SELECT, INSERT, UPDATE, DELETE ON mvti.first_visit TO mvti_worker@localhost;
GRANT SELECT ON mvti.recent_like TO mvti_worker@localhost;
GRANT SELECT, INSERT ON mvti.error_report TO mvti_worker@localhost;
GRANT SELECT ON mvti.rollup_state TO mvti_worker@localhost;
GRANT SELECT, INSERT, UPDATE, DELETE ON mvti.ban_identity TO mvti_worker@localhost;
GRANT SELECT, INSERT, UPDATE, DELETE ON mvti.visitor_day TO mvti_worker@localhost;
GRANT SELECT, INSERT, UPDATE, DELETE ON mvti.experiment_exposure TO mvti_worker@localhost;
GRANT SELECT, INSERT, UPDATE, DELETE ON mvti.test_experiment TO mvti_worker@localhost;
GRANT SELECT, INSERT, UPDATE, DELETE ON mvti.arrival TO mvti_worker@localhost;
GRANT SELECT, INSERT, UPDATE, DELETE ON mvti.repeated TO mvti_worker@localhost;
GRANT SELECT, INSERT, UPDATE, DELETE ON mvti.counter TO mvti_worker@localhost;
GRANT SELECT, INSERT, UPDATE, DELETE ON mvti.leaving TO mvti_worker@localhost;
GRANT SELECT, INSERT, UPDATE, DELETE ON mvti.day_total TO mvti_worker@localhost;
GRANT SELECT, DELETE ON mvti.share_day TO mvti_worker@localhost;
GRANT INSERT ON mvti.change_new TO mvti_worker@localhost;
-- What visitors allow to be sent on, and take back.
GRANT SELECT, INSERT, DELETE ON mvti.outbox TO mvti_worker@localhost;

-- What experiments are called, for the export of everything about a visitor.
GRANT SELECT ON mvti.experiment TO mvti_worker@localhost;
GRANT SELECT ON mvti.experiment_variant TO mvti_worker@localhost;

-- Which programs may work with these tables.
GRANT SELECT ON mvti.schema_since TO mvti_worker@localhost;

-- Which day it is.
GRANT SELECT ON mvti.site_setting TO mvti_worker@localhost;

-- Analysts: the views, which show no cookie, no token, no identity and no answers.
GRANT SELECT, SHOW VIEW ON mvti.v_film TO mvti_analyst@localhost;
GRANT SELECT, SHOW VIEW ON mvti.v_character TO mvti_analyst@localhost;
GRANT SELECT, SHOW VIEW ON mvti.v_visitor TO mvti_analyst@localhost;
GRANT SELECT, SHOW VIEW ON mvti.v_test TO mvti_analyst@localhost;
GRANT SELECT, SHOW VIEW ON mvti.v_chosen_film TO mvti_analyst@localhost;
GRANT SELECT, SHOW VIEW ON mvti.v_shown TO mvti_analyst@localhost;
GRANT SELECT, SHOW VIEW ON mvti.v_view TO mvti_analyst@localhost;
GRANT SELECT, SHOW VIEW ON mvti.v_event TO mvti_analyst@localhost;
GRANT SELECT, SHOW VIEW ON mvti.v_like TO mvti_analyst@localhost;
GRANT SELECT, SHOW VIEW ON mvti.v_mark TO mvti_analyst@localhost;
GRANT SELECT, SHOW VIEW ON mvti.v_vote TO mvti_analyst@localhost;
GRANT SELECT, SHOW VIEW ON mvti.v_daily TO mvti_analyst@localhost;
GRANT SELECT, SHOW VIEW ON mvti.v_event_day TO mvti_analyst@localhost;
GRANT SELECT, SHOW VIEW ON mvti.v_event_hour TO mvti_analyst@localhost;
GRANT SELECT, SHOW VIEW ON mvti.v_visitor_day TO mvti_analyst@localhost;
GRANT SELECT, SHOW VIEW ON mvti.v_list_day TO mvti_analyst@localhost;
GRANT SELECT, SHOW VIEW ON mvti.v_character_day TO mvti_analyst@localhost;
GRANT SELECT, SHOW VIEW ON mvti.v_film_day TO mvti_analyst@localhost;
GRANT SELECT, SHOW VIEW ON mvti.v_answer_day TO mvti_analyst@localhost;
GRANT SELECT, SHOW VIEW ON mvti.v_share_day TO mvti_analyst@localhost;
GRANT SELECT, SHOW VIEW ON mvti.v_ranker_day TO mvti_analyst@localhost;
GRANT SELECT, SHOW VIEW ON mvti.v_variant_day TO mvti_analyst@localhost;
GRANT SELECT, SHOW VIEW ON mvti.v_source TO mvti_analyst@localhost;
GRANT SELECT, SHOW VIEW ON mvti.v_experiment TO mvti_analyst@localhost;
GRANT SELECT, SHOW VIEW ON mvti.v_experiment_variant TO mvti_analyst@localhost;
GRANT SELECT, SHOW VIEW ON mvti.v_exposure TO mvti_analyst@localhost;
GRANT SELECT, SHOW VIEW ON mvti.v_test_variant TO mvti_analyst@localhost;
GRANT SELECT, SHOW VIEW ON mvti.v_publication TO mvti_analyst@localhost;
GRANT SELECT, SHOW VIEW ON mvti.v_lineage TO mvti_analyst@localhost;
GRANT SELECT, SHOW VIEW ON mvti.v_training_run TO mvti_analyst@localhost;
GRANT SELECT, SHOW VIEW ON mvti.v_training_run_value TO mvti_analyst@localhost;
GRANT SELECT, SHOW VIEW ON mvti.v_training_curve TO mvti_analyst@localhost;
-- EXPLAIN of a view asks for rights on the tables below it: on the columns that the views show, and no others.
GRANT SELECT (movie_id) ON mvti.movie TO mvti_analyst@localhost;
GRANT SELECT (movie_id) ON mvti.movie_genre TO mvti_analyst@localhost;
GRANT SELECT (movie_id) ON mvti.watch_link TO mvti_analyst@localhost;
GRANT SELECT (character_id) ON mvti.film_character TO mvti_analyst@localhost;
GRANT SELECT (visitor_id) ON mvti.visitor TO mvti_analyst@localhost;
GRANT SELECT (visitor_id) ON mvti.account TO mvti_analyst@localhost;
GRANT SELECT (visitor_id) ON mvti.first_visit TO mvti_analyst@localhost;
GRANT SELECT (test_id) ON mvti.test TO mvti_analyst@localhost;
GRANT SELECT (test_id) ON mvti.test_movie TO mvti_analyst@localhost;
GRANT SELECT (test_id) ON mvti.test_result TO mvti_analyst@localhost;
GRANT SELECT (view_id) ON mvti.list_view TO mvti_analyst@localhost;
GRANT SELECT (event_id) ON mvti.event TO mvti_analyst@localhost;
GRANT SELECT (visitor_id) ON mvti.character_like TO mvti_analyst@localhost;
GRANT SELECT (mark_id) ON mvti.mark TO mvti_analyst@localhost;
GRANT SELECT (visitor_id) ON mvti.character_vote TO mvti_analyst@localhost;
GRANT SELECT (day) ON mvti.day_total TO mvti_analyst@localhost;
GRANT SELECT (publication_id) ON mvti.publication TO mvti_analyst@localhost;
GRANT SELECT (publication_id) ON mvti.publication_score TO mvti_analyst@localhost;
GRANT SELECT (snapshot_id) ON mvti.snapshot_model TO mvti_analyst@localhost;
GRANT SELECT (run_id) ON mvti.training_run TO mvti_analyst@localhost;
GRANT SELECT (run_id) ON mvti.training_run_value TO mvti_analyst@localhost;
GRANT SELECT (run_id) ON mvti.training_curve TO mvti_analyst@localhost;
GRANT SELECT (name) ON mvti.site_setting TO mvti_analyst@localhost;
GRANT SELECT (day) ON mvti.visitor_day TO mvti_analyst@localhost;
GRANT SELECT (day) ON mvti.list_day TO mvti_analyst@localhost;
GRANT SELECT (day) ON mvti.character_day TO mvti_analyst@localhost;
GRANT SELECT (day) ON mvti.event_day TO mvti_analyst@localhost;
GRANT SELECT (day) ON mvti.event_hour TO mvti_analyst@localhost;
GRANT SELECT (day) ON mvti.film_day TO mvti_analyst@localhost;
GRANT SELECT (day) ON mvti.answer_day TO mvti_analyst@localhost;
GRANT SELECT (day) ON mvti.share_day TO mvti_analyst@localhost;
GRANT SELECT (day) ON mvti.ranker_day TO mvti_analyst@localhost;
GRANT SELECT (day) ON mvti.variant_day TO mvti_analyst@localhost;
GRANT SELECT (experiment_id) ON mvti.experiment TO mvti_analyst@localhost;
GRANT SELECT (experiment_id) ON mvti.experiment_variant TO mvti_analyst@localhost;
GRANT SELECT (experiment_id) ON mvti.experiment_exposure TO mvti_analyst@localhost;
GRANT SELECT (experiment_id) ON mvti.test_experiment TO mvti_analyst@localhost;
