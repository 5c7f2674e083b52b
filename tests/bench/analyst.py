#!/usr/bin/env python3
"""What the questions of docs/analysis.md take on ROWS events (10,000,000): one line of JSON a statement, and one for filling and counting,
and one for the bytes of a row of each table that grows with visitors.

Asks the database of MVTI_TEST_STACK. The events are those of two months: 20 a visit, people come back ever more rarely, 8 events a rendering
of a list; numbers and times rise together, as they do in life. Everybody is in an experiment, and there is a like for 40 events. Beside the
seconds that a statement takes stand those that the server's processors worked for it: what else runs there makes the first longer, and the second hardly.
"""
import json
import os
import pathlib
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "http"))
import test_analysis  # noqa: E402
from stack import BUILD, STACK  # noqa: E402

def sql(text):
    """However long it takes: that is the question here."""
    return subprocess.run(["mariadb", "--no-defaults", "--socket=run/mysql.sock", "-N", "-B", "mvti", "-e", text], cwd=STACK, check=True,
                          capture_output=True, encoding="utf-8").stdout.strip()


def number(text):
    return int(sql(text))


ROWS = int(os.environ.get("ROWS", "10000000"))
PIECE = 100_000
DAYS = 60
# Somebody of those who have come until then, the newest most likely.
WHO = f"1 + FLOOR({{seq}} / {ROWS} * {ROWS // 30} * SQRT(RAND({{seq}})))"
WHEN = f"UTC_TIMESTAMP() - INTERVAL {DAYS} DAY + INTERVAL FLOOR({{seq}} / {ROWS} * {DAYS * 86400 - 7200}) SECOND"


# The catalog's numbers run on without gaps.
FIRST, MANY = map(int, sql("SELECT MIN(character_id), COUNT(*) FROM film_character").split())
FILM, FILMS = map(int, sql("SELECT MIN(movie_id), COUNT(*) FROM movie").split())


def of(text, seq):
    return text.format(seq=seq)


TABLES = [
    ("visitor", 30, "INSERT INTO visitor (visitor_id, created_at) SELECT seq, " + of(WHEN, "(seq * 30)")),
    ("first_visit", 30, "INSERT INTO first_visit (visitor_id, path, referrer, utm_source, device, app, locale, bot, created_at) SELECT seq, '/', "
     "ELT(1 + seq % 5, NULL, 'm.search.naver.com', 'www.google.com', 'l.instagram.com', 't.co'), IF(seq % 11 = 0, 'letter', NULL), "
     "ELT(1 + seq % 3, 'phone', 'desktop', 'tablet'), IF(seq % 7 = 0, 'kakaotalk', NULL), 'ko', seq % 50 = 0, " + of(WHEN, "(seq * 30)")),
    ("test", 20, "INSERT INTO test (test_id, token, visitor_id, mbti, enneagram, locale, snapshot_id, created_at) SELECT seq, "
     f"LPAD(seq, 22, '0'), {of(WHO, '(seq * 20)')}, CONCAT(ELT(1 + seq % 2, 'I', 'E'), ELT(1 + seq DIV 2 % 2, 'N', 'S'), ELT(1 + seq DIV 4 % 2, "
     "'F', 'T'), ELT(1 + seq DIV 8 % 2, 'P', 'J')), '4w5', 'ko', 'made', " + of(WHEN, "(seq * 20)")),
    ("list_view", 8, "INSERT INTO list_view (view_id, list, snapshot_id, ranker, created_at) SELECT seq, ELT(1 + seq % 4, 'same', "
     "'compatible', 'ranking', 'wall'), 'made', 'ensemble', " + of(WHEN, "(seq * 8)")),
    # Of two likes of a character by the same visitor the second is none.
    ("character_like", 40, f"INSERT IGNORE INTO character_like (visitor_id, character_id, created_at) SELECT {of(WHO, '(seq * 40)')}, "
     f"{FIRST} + FLOOR({MANY} * POW(RAND(seq + 1), 2)), " + of(WHEN, "(seq * 40)")),
    ("experiment_exposure", 30, "INSERT INTO experiment_exposure (visitor_id, experiment_id, position, propensity, first_at) SELECT seq, 1, seq % 2, .5, "
     + of(WHEN, "(seq * 30)")),
    ("event", 1, "INSERT INTO event (visitor_id, test_id, kind, character_id, movie_id, list, position, view_id, took_ms, created_at) SELECT "
     f"{of(WHO, '(seq DIV 20 * 20)')}, 1 + seq DIV 20, CASE WHEN seq % 20 < 13 THEN 'impression' WHEN seq % 20 < 15 THEN 'click' WHEN seq % 20 < 19 THEN "
     f"ELT(seq % 20 - 14, 'like', 'landing', 'start', 'question') ELSE ELT(1 + seq DIV 20 % 6, 'choose', 'choose', 'result', 'watch', 'share', "
     f"ELT(1 + seq DIV 120 % 2, 'share_open', 'friend')) END, IF(seq DIV 8 % 4 = 3, NULL, {FIRST} + FLOOR({MANY} * POW(RAND(seq), 2))), "
     f"IF(seq DIV 8 % 4 = 3, {FILM} + FLOOR({FILMS} * POW(RAND(seq), 2)), NULL), IF(seq % 20 = 18, 'survey', ELT(1 + seq DIV 8 % 4, "
     "'same', 'compatible', 'ranking', 'wall')), seq % 8, seq DIV 8, IF(seq % 20 = 18, 2000 + seq % 5000, NULL), " + of(WHEN, "seq")),
]


EXPERIMENT = {"name": "asked", "layer": "asked", "goal": "like", "variants": [
    {"name": "control", "share": 1}, {"name": "other", "share": 1, "settings": {"diversity": {"film_cap": 2}}}]}


def mvti(*words):
    subprocess.run([BUILD / "mvti", "--config", "jobs.conf", *words], cwd=STACK, check=True, stdout=subprocess.DEVNULL)


def apply_the_experiment():
    path = os.path.join(STACK, "asked.json")
    pathlib.Path(path).write_text(json.dumps(EXPERIMENT), encoding="utf-8")
    mvti("experiment", "apply", path)


def worked():
    """Seconds that the server's threads have been on a processor (proc_pid_stat(5): utime and stime)."""
    server = pathlib.Path(STACK, "run/mariadb.pid").read_text().strip()
    after_its_name = pathlib.Path(f"/proc/{server}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(after_its_name[11]) + int(after_its_name[12])) / os.sysconf("SC_CLK_TCK")


def say(**values):
    print(json.dumps(values), flush=True)


def fill():
    began = time.monotonic()
    for table, share, statement in TABLES:
        for at in range(1, ROWS // share + 1, PIECE):
            sql(f"SET unique_checks = 0; {statement} FROM seq_{at}_to_{min(ROWS // share, at + PIECE - 1)}")
        print(f"  {table}: {time.monotonic() - began:.0f} s", file=sys.stderr)
    sql("INSERT INTO publication (decided_at, action, outcome, snapshot_id, reason) VALUES (NOW(), 'publish', 'live', 'made', '')")
    apply_the_experiment()
    sql("ANALYZE TABLE visitor, first_visit, test, list_view, character_like, experiment_exposure, event")
    say(statement="fill", rows=number("SELECT COUNT(*) FROM event"), seconds=round(time.monotonic() - began, 1))


def count():
    began = time.monotonic()
    mvti("rollup")
    took = time.monotonic() - began
    say(statement="rollup", rows=number("SELECT CAST(SUM(events) AS SIGNED) FROM visitor_day"), seconds=round(took, 1))
    sql("ANALYZE TABLE visitor_day, list_day, character_day, film_day, answer_day, share_day, ranker_day, variant_day, list_view, first_visit")


def ask(name, statement):
    times, works = [], []
    for _ in range(3):
        began, worked_before = time.monotonic(), worked()
        answer = sql(statement)
        times.append(time.monotonic() - began)
        works.append(worked() - worked_before)
    say(statement=name, rows=len(answer.splitlines()), seconds=round(sorted(times)[1], 3), processor_seconds=round(sorted(works)[1], 2),
        load=os.getloadavg()[0])


def sizes():
    """Bytes a row with its indexes, of what a visitor leaves. Films and results, which no question reads, yet: five films of 30,000
    tests, forty characters of 5,000."""
    sql("INSERT INTO test_movie (test_id, position, movie_id) SELECT 1 + seq DIV 5, seq % 5, "
        f"{FILM} + FLOOR({FILMS} * POW(RAND(seq), 2)) FROM seq_0_to_149999")
    because = ", ".join(f"IF({n} > 0, ',', '['), '{{\"movie_id\":', {FILM} + FLOOR({FILMS} * RAND(seq + {n})), ',\"share\":', ROUND(RAND(seq + {n}), 4), '}}'"
                        for n in range(3))
    sql("INSERT INTO test_result (test_id, list, position, character_id, match_type, percent, enneagram_similarity, because_json, film, points, above, "
        "strange) SELECT 1 + seq DIV 40, IF(seq % 40 < 20, 'same', 'compatible'), seq % 20, "
        f"{FIRST} + FLOOR({MANY} * RAND(seq)), IF(seq % 40 < 20, 'same', 'compatible'), 60 + seq % 40, RAND(seq), CONCAT({because}, ']'), 50, 60, 70, 0 "
        "FROM seq_0_to_199999")
    for table in "visitor", "first_visit", "visitor_day", "test", "test_movie", "test_result", "list_view", "character_like", "event":
        sql(f"ANALYZE TABLE {table}")
        size = number(f"SELECT DATA_LENGTH + INDEX_LENGTH FROM information_schema.TABLES WHERE TABLE_SCHEMA = 'mvti' AND TABLE_NAME = '{table}'")
        rows = number(f"SELECT COUNT(*) FROM {table}")
        say(statement=f"size of {table}", rows=rows, bytes_a_row=round(size / rows))


def main():
    sql(f"SET GLOBAL innodb_buffer_pool_size = {2 << 30}, GLOBAL innodb_flush_log_at_trx_commit = 0")
    fill()
    count()
    for question, all_of_it in test_analysis.statements().items():
        for i, statement in enumerate(all_of_it):
            ask(f"{question}{'abc'[i] if len(all_of_it) > 1 else ''}", statement.rstrip(";"))
    sizes()


if __name__ == "__main__":
    main()
