#!/usr/bin/env python3
"""mvti export: a copy in DuckDB that is kept with the statements of docs/duckdb is equal to the views, whatever happens between exports."""
import atexit
import datetime
import functools
import json
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time

import duckdb
import polars
import pyarrow.parquet
import sqlalchemy

import example
import stack
import test_account as account_pages
import test_analysis as questions
from example import answer, load
from provider_control import login, straight
from stack import API, BUILD, ROOT, STACK, URL, mvti, send, site, sql, take
from test_login import good, logged_in, visitor

top = pathlib.Path(tempfile.mkdtemp(prefix="mvti-export-"))
atexit.register(shutil.rmtree, top, ignore_errors=True)
UTC = datetime.UTC


def export(folder, *args, table="all"):
    """The folder of one export."""
    said = mvti("export", table, "--out", str(folder), *args).stdout
    return pathlib.Path(said.split(": ")[0])


def manifest(folder):
    return json.loads((folder / "manifest.json").read_text())


# ---- a copy beside the views ----

def text_of(value):
    """As the client of the database says it."""
    if value is None:
        return "NULL"
    if isinstance(value, datetime.datetime):
        return (value.astimezone(UTC) if value.tzinfo else value).strftime("%Y-%m-%d %H:%M:%S.%f")
    if isinstance(value, float):
        return repr(float(f"{value:.12g}"))
    return str(value)


def rows_of_view(view, columns):
    """{columns: type} and rows as the site's database has them."""
    picked = ", ".join({"datetime": f"DATE_FORMAT({name}, '%Y-%m-%d %H:%i:%s.%f')", "decimal": f"CAST({name} AS SIGNED)"}.get(kind, f"`{name}`")
                       for name, kind in columns.items())
    for row in answer(f"SELECT {picked} FROM {view}"):
        yield tuple(repr(float(f"{float(value):.12g}")) if kind == "double" and value != "NULL" else value for value, kind in zip(row, columns.values()))


def columns_of(view):
    return dict(line.split("\t") for line in sql(f"SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = 'mvti' AND "
                                                 f"table_name = '{view}' ORDER BY ordinal_position").splitlines())


def equal(copy, folder):
    """Every table of the export, with every row and column. The number of rows."""
    seen = {}
    for table in manifest(folder)["tables"]:
        view = table["view"]
        columns = columns_of(view)
        copied = sorted(tuple(map(text_of, row)) for row in copy.execute(f"SELECT {', '.join(columns)} FROM {view}").fetchall())
        live = sorted(rows_of_view(view, columns))
        assert len(copied) == len(live), (view, len(copied), len(live), sorted(set(live) ^ set(copied))[:4])
        wrong = [pair for pair in zip(live, copied) if pair[0] != pair[1]]
        assert not wrong, (view, wrong[:2])
        seen[table["table"]] = len(live)
    return seen


# ---- what happens on the site ----

def record(who, *events):
    answer = send(who, "POST", f"{API}/events", list(events))
    assert answer.status in (200, 202) and not answer.json()["refused"], answer.body


def traffic(seed):
    subprocess.run([ROOT / "tests/tools/traffic.py", URL, "--visitors", "12", "--days", "1", "--seed", str(seed)], check=True, capture_output=True)


def count():
    """All events there are, also those of the last minute, which may still get company."""
    sql("UPDATE event SET created_at = created_at - INTERVAL 2 MINUTE")
    mvti("rollup")


def somebody(who, likes, seed):
    """A test, likes, events in a list; the token of the test."""
    token = take(who)["token"]
    for character in likes:
        assert send(who, "PUT", f"{API}/characters/{character}/like", {}).status == 200
    for mark in "not_me", "seen":
        answer = send(who, "PUT", f"{API}/characters/{likes[1]}/mark", {"mark": mark})
        assert answer.status == 200, answer.body
    record(who, {"kind": "landing", "source": {"path": "/", "locale": "ko", "referrer": "t.co"}},
           {"kind": "result", "test": token}, {"kind": "share", "test": token, "value": "copy"},
           {"kind": "impression", "character": likes[0], "list": "ranking", "position": 0, "view": 10**15 + seed})
    return token


def test_a_copy_stays_equal_whatever_happens():
    """The heart of it. Events are moved in time by SQL, which no export is told of, so before the first one."""
    out, copy = top / "equal", duckdb.connect()
    traffic(1)
    first, second, third = account_pages.characters(3)
    straight()
    fickle, thumbs, forgetful, account, leaver, owner = site(), site(), site(), logged_in("dev", "copied"), logged_in("dev", "leaver"), site()
    tokens = [somebody(w, [first, second], i) for i, w in enumerate((fickle, thumbs, forgetful, account, leaver, owner))]
    for who in account, leaver:
        assert account_pages.vote(who, third, mbti="INTJ").status == 200
    sql("UPDATE event SET created_at = created_at - INTERVAL 500 DAY ORDER BY event_id LIMIT 20")
    sql("UPDATE list_view SET created_at = created_at - INTERVAL 500 DAY ORDER BY view_id LIMIT 5")
    count()
    began = export(out)
    load(copy, began)
    assert all(t["whole"] for t in manifest(began)["tables"])
    seen = equal(copy, began)
    assert {t["view"] for t in manifest(began)["tables"]} == set(sql("SELECT table_name FROM information_schema.views WHERE table_schema = 'mvti' AND "
                                                                     "table_name LIKE 'v\\_%'").split()), "a view of analysts is not exported"
    assert all(seen[t] > 0 for t in seen if t not in ("lineage", "training_run", "training_run_value", "training_curve")), seen

    exposed = copy.execute("SELECT visitor FROM v_exposure").fetchall()

    # New rows; a like taken back, a thumb, a vote changed; a test deleted; an account deleted; a guest who signs in with an account there is; old
    # events and renderings deleted; days counted.
    old = visitor("dev", "leaver"), sql(f"SELECT visitor_id FROM test WHERE token = '{tokens[5]}'")
    traffic(2)
    assert send(fickle, "DELETE", f"{API}/characters/{first}/like").status == 200
    assert send(thumbs, "PUT", f"{API}/tests/{tokens[1]}/feedback", {"value": "down"}).status == 204
    assert send(thumbs, "DELETE", f"{API}/characters/{second}/mark", {"mark": "seen"}).status == 200
    assert send(forgetful, "DELETE", f"{API}/me/tests/{tokens[2]}").status == 204
    assert account_pages.vote(account, third, mbti="ENFP").status == 200
    assert send(leaver, "DELETE", f"{API}/me", {"confirm": "delete"}).status == 204
    good(login(owner, "dev", "copied"))
    assert not account_pages.everywhere(old[0]) and not account_pages.everywhere(old[1]), old
    mvti("rollup")
    mvti("sessions")
    assert sql("SELECT COUNT(*) FROM event WHERE created_at < NOW() - INTERVAL 450 DAY") == "0"
    changed = export(out)
    told = {t["table"]: t for t in manifest(changed)["tables"]}
    assert manifest(changed)["since"] == manifest(began)["until"]
    for table in ("event", "view", "visitor", "test", "chosen_film", "shown", "like", "vote", "mark", "exposure", "test_variant", "visitor_day", "list_day",
                  "character_day", "event_day", "event_hour"):
        assert not told[table]["whole"], table
    assert told["event"]["gone"] >= 20 and told["view"]["gone"] == 5 and told["like"]["gone"] >= 3 and told["test"]["gone"] >= 2, told
    assert told["visitor"]["gone"] >= 2 and told["vote"]["gone"] == 1 and told["mark"]["gone"] >= 3 and told["exposure"]["gone"] == sum(
        (int(v),) in exposed for v in old) and told["test"]["rows"] < seen["test"], told
    load(copy, changed)
    equal(copy, changed)
    for who in old:
        for view in ("v_event", "v_test", "v_like", "v_vote", "v_mark", "v_exposure", "v_test_variant", "v_visitor", "v_visitor_day", "v_chosen_film",
                     "v_shown"):
            assert copy.execute(f"SELECT COUNT(*) FROM {view} WHERE visitor = {who}").fetchone() == (0,), (who, view)

    # Loaded twice, it is the same; and nothing has happened since.
    load(copy, changed)
    equal(copy, changed)
    last = export(out)
    load(copy, last)
    equal(copy, last)
    told = {t["table"]: t for t in manifest(last)["tables"]}
    assert all(told[t]["rows"] == told[t]["gone"] == 0 for t in told if not told[t]["whole"]), told


def test_the_fifteen_questions_have_the_same_answers_in_the_copy():
    copy = duckdb.connect()
    traffic(3)
    count()
    load(copy, export(top / "asked"))
    assert not list(example.unlike(copy))


def files_of(folder):
    return {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file() and p.name != "manifest.json"}


def test_the_same_watermark_gives_the_same_files():
    since = str(manifest(export(top / "first", table="like"))["until"])
    assert send(site_with_test(), "PUT", f"{API}/characters/{account_pages.characters(1)[0]}/like", {}).status == 200
    one, two = (export(top / name, "--since", since) for name in ("one", "two"))
    assert files_of(one) == files_of(two) and len(files_of(one)) > 30
    told = [manifest(f) for f in (one, two)]
    assert told[0]["tables"] == told[1]["tables"] and told[0]["since"] == told[1]["since"]


def site_with_test():
    who = site()
    take(who)
    return who


def rename(film, title):
    rows = top / "films.csv"
    rows.write_text(f"movie_id,title_ko\n{film},{title}\n", encoding="utf-8")
    mvti("import", "movies", str(rows))


def test_what_concerns_all_rows_brings_all_rows():
    out, copy = top / "whole", duckdb.connect()
    load(copy, export(out))
    zone = sql("SELECT value FROM site_setting WHERE name = 'time_zone'")
    film = sql("SELECT movie_id, title_ko FROM movie JOIN test_movie USING (movie_id) LIMIT 1").split("\t")
    stack.put_back(rename, *film)
    rename(film[0], "다른 제목")
    changed = export(out)
    whole = {t["table"]: t["whole"] for t in manifest(changed)["tables"]}
    assert whole["chosen_film"] and whole["shown"] and not whole["event"] and not whole["test"]
    load(copy, changed)
    equal(copy, changed)
    mvti("--set", "time_zone=-09:30", "migrate")
    try:
        changed = export(out)
        assert all(t["whole"] for t in manifest(changed)["tables"])
        load(copy, changed)
        equal(copy, changed)
    finally:
        mvti("--set", f"time_zone={zone}", "migrate")
        rename(*film)
    # What is no longer known of is brought whole too.
    sql("UPDATE change_batch SET sealed_at = sealed_at - INTERVAL 40 DAY")
    mvti("sessions")
    assert all(t["whole"] for t in manifest(export(out))["tables"])


def test_csv_and_json_say_the_same():
    since = "0"
    parquet = export(top / "formats", "--since", since, table="visitor")
    for word, reader in ("csv", "read_csv"), ("jsonl", "read_json"):
        other = export(top / "formats", "--since", since, "--format", word, table="visitor")
        here, there = (f"FROM {read}('{folder}/visitor/rows/**/*.{ending}', hive_partitioning = true{more})"
                       for folder, read, ending, more in ((parquet, "read_parquet", "parquet", ""), (other, reader, word, ", nullstr = ''" * (word == "csv"))))
        columns = ", ".join(f"CAST({c} AS VARCHAR)" for c in columns_of("v_visitor") if not c.endswith("_at"))
        db = duckdb.connect()
        assert db.execute(f"SELECT {columns} {here} ORDER BY visitor").fetchall() == db.execute(f"SELECT {columns} {there} ORDER BY visitor").fetchall()


# ---- cut off, at once, and wrong ----

def test_a_killed_export_is_gone_on_with_and_never_half_seen():
    out, copy = top / "killed", duckdb.connect()
    for seconds in (0.02, 0.05, 0.1, 0.2, 0.3):
        run = subprocess.Popen([BUILD / "mvti", "--config", "jobs.conf", "export", "all", "--out", str(out)], cwd=STACK, stdout=subprocess.DEVNULL)
        time.sleep(seconds)
        run.send_signal(signal.SIGKILL)
        run.wait()
        for seen in out.glob("[0-9]*") if out.exists() else ():
            assert (seen / "manifest.json").exists()
    unfinished = list(out.glob(".0*"))
    assert len(unfinished) <= 1 or list(out.glob("[0-9]*")), unfinished
    done = export(out, "--since", "0")
    assert not list(out.glob(f".{done.name[:10]}*"))
    told = manifest(done)
    named = {f["path"] for t in told["tables"] for f in t["files"]}
    assert named == {str(p.relative_to(done)) for p in done.rglob("*.parquet")}
    assert not list(done.rglob("*tmp*"))
    load(copy, done)
    last = export(out)
    load(copy, last)
    equal(copy, last)


def test_a_stopped_export_goes_on_with_the_tables_it_has():
    out = top / "stopped"
    folder = export(out, table="film")
    # As one that was stopped behind its first table leaves it.
    until = sql("SELECT MAX(batch) FROM change_batch")
    half = out / f".0000000000-{int(until):010d}-all-parquet"
    shutil.copytree(folder / "film", half / "film")
    (half / "film.json").write_text(json.dumps(manifest(folder)["tables"][0]))
    (half / "event/rows").mkdir(parents=True)
    (half / "event/rows/0001.parquet.tmp.1").write_text("half")
    said = mvti("export", "all", "--since", "0", "--out", str(out)).stdout
    assert "31 tables (and 1 tables that were there)" in said and f"next: --since {until}\n" in said, said
    done = pathlib.Path(said.split(": ")[0])
    assert not list(done.rglob("*tmp*")) and not half.exists() and len(manifest(done)["tables"]) == 32


def test_two_at_once_are_refused():
    import fcntl
    out = top / "locked"
    export(out, table="film")
    with open(out / ".lock", "w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        refused = mvti("export", "film", "--out", str(out), check=False)
    assert refused.returncode == 75 and "another export" in refused.stderr, refused
    export(out, table="film")


def test_wrong_words_are_told():
    for words, status, said in ((("export",), 64, "--list"), (("export", "film"), 64, "--out"), (("export", "films", "--out", "x"), 64, "films"),
                                (("export", "film", "--out", "x", "--format", "xlsx"), 64, "xlsx"),
                                (("export", "film", "--out", "x", "--since", "-1"), 64, "since"),
                                (("export", "film", "--out", str(top / "future"), "--since", "99999999"), 65, "watermark 99999999"),
                                (("export", "film", "--out", "/proc/nowhere"), 74, "/proc/nowhere")):
        run = mvti(*words, check=False)
        assert run.returncode == status and said in run.stderr, (words, run.returncode, run.stderr)
    assert "event_id" in mvti("export", "--list").stdout


# ---- what other programs make of the files ----

@functools.cache
def random_batches():
    """Their folder: all types and lengths, as Parquet and as JSON."""
    files = top / "random"
    files.mkdir()
    for seed in range(40):
        subprocess.run([BUILD / "tests/tools/gen_batch", str(seed), files], check=True)
    return files


def test_duckdb_polars_and_pyarrow_read_what_json_says():
    files = random_batches()
    for seed in range(40):
        path = str(files / f"{seed}.parquet")
        wanted = [tuple(json.loads(line).values()) for line in (files / f"{seed}.jsonl").read_text(encoding="utf-8").split("\n")[:-1]]
        for name, rows in (("duckdb", duckdb.connect().execute("SELECT * FROM read_parquet(?)", [path]).fetchall()),
                           ("polars", polars.read_parquet(path).rows()),
                           ("pyarrow", [tuple(r.values()) for r in pyarrow.parquet.read_table(path).to_pylist()])):
            found = [tuple(plain(v) for v in row) for row in rows]
            assert found == wanted, (seed, name, [p for p in zip(found, wanted) if p[0] != p[1]][:1])


def plain(value):
    if isinstance(value, datetime.datetime):
        text = value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
        return text.removesuffix(".000000")
    return str(value) if isinstance(value, datetime.date) else value


def test_lowest_and_highest_are_what_is_in_the_files():
    for path in sorted(random_batches().glob("*.parquet")):
        file = pyarrow.parquet.ParquetFile(path)
        table = file.read()
        for group in range(file.metadata.num_row_groups):
            for i in range(table.num_columns):
                told, column = file.metadata.row_group(group).column(i).statistics, table.column(i)
                there = [v for v in column.to_pylist() if v is not None]
                assert told.null_count == column.null_count, (path, i)
                if told.has_min_max:
                    assert (told.min, told.max) == (min(there), max(there)), (path, i, told)
                else:
                    assert not there or isinstance(there[0], str), (path, i)


# ---- what analysts' programs make of the views ----

def test_sqlalchemy_reflects_all_views_for_the_analyst():
    """As Metabase, dbt and notebooks do: names, columns, types, and a question through them; and nothing else is there to see."""
    password = (STACK / "secrets/analyst").read_text().strip()
    engine = sqlalchemy.create_engine("mysql+pymysql://mvti_analyst@localhost/mvti", connect_args={
        "unix_socket": str(STACK / "run/mysql.sock"), "password": password})
    seen = sqlalchemy.MetaData()
    seen.reflect(engine, views=True, only=lambda name, _: name.startswith("v_"))
    views = {name for name in sql("SELECT table_name FROM information_schema.views WHERE table_schema = 'mvti' AND table_name LIKE 'v\\_%'").split()}
    assert set(seen.tables) == views and len(views) > 18
    with engine.connect() as connection:
        for name, view in seen.tables.items():
            assert {c.name: str(c.type).split("(")[0].split(" ")[0].lower() for c in view.columns} == {
                c: {"int": "integer"}.get(t, t) for c, t in columns_of(name).items()}, name
            connection.execute(sqlalchemy.select(view).limit(1)).all()
            connection.exec_driver_sql(f"EXPLAIN SELECT COUNT(*) FROM {name}").all()
        event = seen.tables["v_event"]
        asked = sqlalchemy.select(event.c.kind, sqlalchemy.func.count()).group_by(event.c.kind)
        assert dict(connection.execute(asked).all()) == {k: int(n) for k, n in questions.rows("SELECT kind, COUNT(*) FROM v_event GROUP BY kind")}
        try:
            connection.exec_driver_sql("SELECT display_name FROM account")
            raise AssertionError("an analyst sees names")
        except sqlalchemy.exc.SQLAlchemyError as refused:
            assert "denied" in str(refused)


if __name__ == "__main__":
    try:
        questions.start_an_experiment("exported")
        stack.main(globals())
    finally:  # who tests next on this stack may have experiments of its own
        if sql("SELECT COUNT(*) FROM experiment WHERE name = 'exported' AND state = 'running'") == "1":
            mvti("experiment", "stop", "exported")
