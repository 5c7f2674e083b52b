-- One export of MVTI into a DuckDB database: what is gone goes, what is new or changed comes, all or nothing. Exports are loaded in the order of
-- their names; each once is enough, and twice does no harm.
--
--   SET VARIABLE export = '/srv/exports/0000000000-0000000042-all-parquet';
--   .read docs/duckdb/load.sql
--
-- Each table has the columns of docs/tables.md. Its key may be of several rows: the rows of a test, or of a day, are replaced together.

CREATE OR REPLACE TEMP MACRO rows_of(name) AS TABLE
    SELECT * FROM read_parquet(getvariable('export') || '/' || name || '/rows/**/*.parquet', hive_partitioning = true);
CREATE OR REPLACE TEMP MACRO gone_of(name) AS TABLE SELECT * FROM read_parquet(getvariable('export') || '/' || name || '/gone/*.parquet');
CREATE OR REPLACE TEMP TABLE told AS
    SELECT t.table AS name, t.whole FROM (SELECT unnest(tables) AS t FROM read_json(getvariable('export') || '/manifest.json'));
CREATE OR REPLACE TEMP MACRO is_whole(asked) AS (SELECT whole FROM told WHERE name = asked);

BEGIN;

CREATE TABLE IF NOT EXISTS v_event AS FROM rows_of('event') LIMIT 0;
DELETE FROM v_event WHERE is_whole('event') OR event_id IN (SELECT event_id FROM gone_of('event') UNION ALL SELECT event_id FROM rows_of('event'));
INSERT INTO v_event BY NAME FROM rows_of('event');

CREATE TABLE IF NOT EXISTS v_view AS FROM rows_of('view') LIMIT 0;
DELETE FROM v_view WHERE is_whole('view') OR view_id IN (SELECT view_id FROM gone_of('view') UNION ALL SELECT view_id FROM rows_of('view'));
INSERT INTO v_view BY NAME FROM rows_of('view');

CREATE TABLE IF NOT EXISTS v_visitor AS FROM rows_of('visitor') LIMIT 0;
DELETE FROM v_visitor WHERE is_whole('visitor') OR visitor IN (SELECT visitor FROM gone_of('visitor') UNION ALL SELECT visitor FROM rows_of('visitor'));
INSERT INTO v_visitor BY NAME FROM rows_of('visitor');

CREATE TABLE IF NOT EXISTS v_source AS FROM rows_of('source') LIMIT 0;
DELETE FROM v_source WHERE is_whole('source') OR visitor IN (SELECT visitor FROM gone_of('source') UNION ALL SELECT visitor FROM rows_of('source'));
INSERT INTO v_source BY NAME FROM rows_of('source');

CREATE TABLE IF NOT EXISTS v_test AS FROM rows_of('test') LIMIT 0;
DELETE FROM v_test WHERE is_whole('test') OR test_id IN (SELECT test_id FROM gone_of('test') UNION ALL SELECT test_id FROM rows_of('test'));
INSERT INTO v_test BY NAME FROM rows_of('test');

CREATE TABLE IF NOT EXISTS v_chosen_film AS FROM rows_of('chosen_film') LIMIT 0;
DELETE FROM v_chosen_film WHERE is_whole('chosen_film') OR test_id IN (SELECT test_id FROM gone_of('chosen_film') UNION ALL SELECT test_id FROM rows_of('chosen_film'));
INSERT INTO v_chosen_film BY NAME FROM rows_of('chosen_film');

CREATE TABLE IF NOT EXISTS v_shown AS FROM rows_of('shown') LIMIT 0;
DELETE FROM v_shown WHERE is_whole('shown') OR test_id IN (SELECT test_id FROM gone_of('shown') UNION ALL SELECT test_id FROM rows_of('shown'));
INSERT INTO v_shown BY NAME FROM rows_of('shown');

CREATE TABLE IF NOT EXISTS v_like AS FROM rows_of('like') LIMIT 0;
DELETE FROM v_like WHERE is_whole('like') OR (visitor, character_id) IN (SELECT (visitor, character_id) FROM gone_of('like') UNION ALL SELECT (visitor, character_id) FROM rows_of('like'));
INSERT INTO v_like BY NAME FROM rows_of('like');

CREATE TABLE IF NOT EXISTS v_vote AS FROM rows_of('vote') LIMIT 0;
DELETE FROM v_vote WHERE is_whole('vote') OR (visitor, character_id) IN (SELECT (visitor, character_id) FROM gone_of('vote') UNION ALL SELECT (visitor, character_id) FROM rows_of('vote'));
INSERT INTO v_vote BY NAME FROM rows_of('vote');

CREATE TABLE IF NOT EXISTS v_mark AS FROM rows_of('mark') LIMIT 0;
DELETE FROM v_mark WHERE is_whole('mark') OR mark_id IN (SELECT mark_id FROM gone_of('mark') UNION ALL SELECT mark_id FROM rows_of('mark'));
INSERT INTO v_mark BY NAME FROM rows_of('mark');

CREATE TABLE IF NOT EXISTS v_exposure AS FROM rows_of('exposure') LIMIT 0;
DELETE FROM v_exposure WHERE is_whole('exposure') OR (visitor, experiment_id) IN (SELECT (visitor, experiment_id) FROM gone_of('exposure') UNION ALL SELECT (visitor, experiment_id) FROM rows_of('exposure'));
INSERT INTO v_exposure BY NAME FROM rows_of('exposure');

CREATE TABLE IF NOT EXISTS v_test_variant AS FROM rows_of('test_variant') LIMIT 0;
DELETE FROM v_test_variant WHERE is_whole('test_variant') OR test_id IN (SELECT test_id FROM gone_of('test_variant') UNION ALL SELECT test_id FROM rows_of('test_variant'));
INSERT INTO v_test_variant BY NAME FROM rows_of('test_variant');

CREATE TABLE IF NOT EXISTS v_experiment AS FROM rows_of('experiment') LIMIT 0;
DELETE FROM v_experiment WHERE is_whole('experiment') OR experiment_id IN (SELECT experiment_id FROM gone_of('experiment') UNION ALL SELECT experiment_id FROM rows_of('experiment'));
INSERT INTO v_experiment BY NAME FROM rows_of('experiment');

CREATE TABLE IF NOT EXISTS v_experiment_variant AS FROM rows_of('experiment_variant') LIMIT 0;
DELETE FROM v_experiment_variant WHERE is_whole('experiment_variant') OR experiment_id IN (SELECT experiment_id FROM gone_of('experiment_variant') UNION ALL SELECT experiment_id FROM rows_of('experiment_variant'));
INSERT INTO v_experiment_variant BY NAME FROM rows_of('experiment_variant');

CREATE TABLE IF NOT EXISTS v_visitor_day AS FROM rows_of('visitor_day') LIMIT 0;
DELETE FROM v_visitor_day WHERE is_whole('visitor_day') OR (day, visitor) IN (SELECT (day, visitor) FROM gone_of('visitor_day') UNION ALL SELECT (day, visitor) FROM rows_of('visitor_day'));
INSERT INTO v_visitor_day BY NAME FROM rows_of('visitor_day');

CREATE TABLE IF NOT EXISTS v_list_day AS FROM rows_of('list_day') LIMIT 0;
DELETE FROM v_list_day WHERE is_whole('list_day') OR day IN (SELECT day FROM gone_of('list_day') UNION ALL SELECT day FROM rows_of('list_day'));
INSERT INTO v_list_day BY NAME FROM rows_of('list_day');

CREATE TABLE IF NOT EXISTS v_character_day AS FROM rows_of('character_day') LIMIT 0;
DELETE FROM v_character_day WHERE is_whole('character_day') OR day IN (SELECT day FROM gone_of('character_day') UNION ALL SELECT day FROM rows_of('character_day'));
INSERT INTO v_character_day BY NAME FROM rows_of('character_day');

CREATE TABLE IF NOT EXISTS v_event_day AS FROM rows_of('event_day') LIMIT 0;
DELETE FROM v_event_day WHERE is_whole('event_day') OR day IN (SELECT day FROM gone_of('event_day') UNION ALL SELECT day FROM rows_of('event_day'));
INSERT INTO v_event_day BY NAME FROM rows_of('event_day');

CREATE TABLE IF NOT EXISTS v_event_hour AS FROM rows_of('event_hour') LIMIT 0;
DELETE FROM v_event_hour WHERE is_whole('event_hour') OR day IN (SELECT day FROM gone_of('event_hour') UNION ALL SELECT day FROM rows_of('event_hour'));
INSERT INTO v_event_hour BY NAME FROM rows_of('event_hour');

CREATE TABLE IF NOT EXISTS v_film_day AS FROM rows_of('film_day') LIMIT 0;
DELETE FROM v_film_day WHERE is_whole('film_day') OR day IN (SELECT day FROM gone_of('film_day') UNION ALL SELECT day FROM rows_of('film_day'));
INSERT INTO v_film_day BY NAME FROM rows_of('film_day');

CREATE TABLE IF NOT EXISTS v_answer_day AS FROM rows_of('answer_day') LIMIT 0;
DELETE FROM v_answer_day WHERE is_whole('answer_day') OR day IN (SELECT day FROM gone_of('answer_day') UNION ALL SELECT day FROM rows_of('answer_day'));
INSERT INTO v_answer_day BY NAME FROM rows_of('answer_day');

CREATE TABLE IF NOT EXISTS v_share_day AS FROM rows_of('share_day') LIMIT 0;
DELETE FROM v_share_day WHERE is_whole('share_day') OR day IN (SELECT day FROM gone_of('share_day') UNION ALL SELECT day FROM rows_of('share_day'));
INSERT INTO v_share_day BY NAME FROM rows_of('share_day');

CREATE TABLE IF NOT EXISTS v_ranker_day AS FROM rows_of('ranker_day') LIMIT 0;
DELETE FROM v_ranker_day WHERE is_whole('ranker_day') OR day IN (SELECT day FROM gone_of('ranker_day') UNION ALL SELECT day FROM rows_of('ranker_day'));
INSERT INTO v_ranker_day BY NAME FROM rows_of('ranker_day');

CREATE TABLE IF NOT EXISTS v_variant_day AS FROM rows_of('variant_day') LIMIT 0;
DELETE FROM v_variant_day WHERE is_whole('variant_day') OR day IN (SELECT day FROM gone_of('variant_day') UNION ALL SELECT day FROM rows_of('variant_day'));
INSERT INTO v_variant_day BY NAME FROM rows_of('variant_day');

CREATE TABLE IF NOT EXISTS v_daily AS FROM rows_of('daily') LIMIT 0;
DELETE FROM v_daily WHERE is_whole('daily') OR day IN (SELECT day FROM gone_of('daily') UNION ALL SELECT day FROM rows_of('daily'));
INSERT INTO v_daily BY NAME FROM rows_of('daily');

CREATE TABLE IF NOT EXISTS v_film AS FROM rows_of('film') LIMIT 0;
DELETE FROM v_film WHERE is_whole('film') OR movie_id IN (SELECT movie_id FROM gone_of('film') UNION ALL SELECT movie_id FROM rows_of('film'));
INSERT INTO v_film BY NAME FROM rows_of('film');

CREATE TABLE IF NOT EXISTS v_character AS FROM rows_of('character') LIMIT 0;
DELETE FROM v_character WHERE is_whole('character') OR character_id IN (SELECT character_id FROM gone_of('character') UNION ALL SELECT character_id FROM rows_of('character'));
INSERT INTO v_character BY NAME FROM rows_of('character');

CREATE TABLE IF NOT EXISTS v_publication AS FROM rows_of('publication') LIMIT 0;
DELETE FROM v_publication WHERE is_whole('publication') OR publication_id IN (SELECT publication_id FROM gone_of('publication') UNION ALL SELECT publication_id FROM rows_of('publication'));
INSERT INTO v_publication BY NAME FROM rows_of('publication');

CREATE TABLE IF NOT EXISTS v_lineage AS FROM rows_of('lineage') LIMIT 0;
DELETE FROM v_lineage WHERE is_whole('lineage') OR snapshot_id IN (SELECT snapshot_id FROM gone_of('lineage') UNION ALL SELECT snapshot_id FROM rows_of('lineage'));
INSERT INTO v_lineage BY NAME FROM rows_of('lineage');

CREATE TABLE IF NOT EXISTS v_training_run AS FROM rows_of('training_run') LIMIT 0;
DELETE FROM v_training_run WHERE is_whole('training_run') OR run_id IN (SELECT run_id FROM gone_of('training_run') UNION ALL SELECT run_id FROM rows_of('training_run'));
INSERT INTO v_training_run BY NAME FROM rows_of('training_run');

CREATE TABLE IF NOT EXISTS v_training_run_value AS FROM rows_of('training_run_value') LIMIT 0;
DELETE FROM v_training_run_value WHERE is_whole('training_run_value') OR run_id IN (SELECT run_id FROM gone_of('training_run_value') UNION ALL SELECT run_id FROM rows_of('training_run_value'));
INSERT INTO v_training_run_value BY NAME FROM rows_of('training_run_value');

CREATE TABLE IF NOT EXISTS v_training_curve AS FROM rows_of('training_curve') LIMIT 0;
DELETE FROM v_training_curve WHERE is_whole('training_curve') OR run_id IN (SELECT run_id FROM gone_of('training_curve') UNION ALL SELECT run_id FROM rows_of('training_curve'));
INSERT INTO v_training_curve BY NAME FROM rows_of('training_curve');

COMMIT;
