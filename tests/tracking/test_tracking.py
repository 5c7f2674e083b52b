#!/usr/bin/env python3
"""mvti train, evaluate and runs on a real database, a real MLflow server, and servers that misbehave."""
import atexit
import json
import os
import pathlib
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.request
import xml.etree.ElementTree

import stack

ROOT = stack.ROOT
BUILD = ROOT / os.environ.get("BUILD", "build")
top = pathlib.Path(tempfile.mkdtemp(prefix="mvti-tracking-"))
state = top / "state"
AWAY = ("--set", f"db_socket={top}/nobody.sock")
USUAL = ("--set", "mlflow_timeout_ms=60000")  # what a server that fails costs is tested with less
METRICS = ("recall", "ndcg", "hit", "mrr", "precision", "map")


def mvti(*args, uri="", options=(), more=()):
    environment = {**os.environ, "MLFLOW_TRACKING_URI": uri, **dict(more)}
    return stack.run([BUILD / "mvti", "--quiet", "--config", stack.STACK / "jobs.conf", "--set", f"state_dir={state}", *USUAL, *options, *args],
                     120, cwd=ROOT, env=environment)


def good(*args, **named):
    run = mvti(*args, **named)
    assert run.returncode == 0, (args, run.returncode, run.stderr)
    return run.stdout


def only(*runs_made):
    """The database without runs, and then these made."""
    stack.sql("DELETE FROM training_run_value; DELETE FROM training_run")
    return [good(*args) for args in runs_made]


def runs(*args):
    return json.loads(good("runs", "--json", *args))


def start(*args, uri="", options=()):
    process = subprocess.Popen([BUILD / "mvti", "--quiet", "--config", stack.STACK / "jobs.conf", "--set", f"state_dir={state}", *USUAL, *options,
                                *args], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT, env={**os.environ, "MLFLOW_TRACKING_URI": uri})
    stack.put_back(killed, process)
    return process


def killed(process):
    process.kill()
    process.wait()


def locks():
    folder = state / "runs"
    return sorted(p.name for p in folder.iterdir()) if folder.exists() else []


def shown(run):
    return json.loads(good("runs", "show", str(run), "--json"))


def remarks(run):
    return [line for line in run.stderr.splitlines() if line]


def fresh_model():
    (state / "models" / "ease.mvm").unlink(missing_ok=True)


def trained():
    return (state / "models" / "ease.mvm").exists()


# ---- the database ----

def test_no_runs_yet_says_what_to_do():
    only()
    assert "mvti train ease" in good("runs")
    assert runs() == []
    assert mvti("runs", "show", "7").returncode == 66


def test_a_training_is_in_the_list_with_what_the_model_file_says():
    before = time.time() * 1000
    said, = only(("train", "ease", "--seed", "5", "--set", "lambda=333"))
    run, = runs()
    assert (run["command"], run["model"], run["seed"], run["status"]) == ("train", "ease", 5, "finished"), run
    assert before - 1000 <= run["started_ms"] <= run["ended_ms"] <= time.time() * 1000 + 1000
    assert run["params"]["lambda"] == 333 and run["params"]["holdout"] == 0.2 and run["params"]["model"] == "ease"
    assert run["params"]["dataset"] == run["dataset"] and len(run["dataset"]) == len(run["model_file"]) == 64
    for line in said.splitlines():
        name, _, value = line.strip().partition(" ")
        if "@" in name:
            assert abs(run["metrics"][name.replace("@", ".")] - float(value)) < 1e-4, line
    assert all(0 < run["metrics"][f"{m}.10"] <= 1 for m in METRICS), run["metrics"]
    shown = good("runs", "show", str(run["run"]))
    assert "lambda" in shown and "333" in shown and "hit.10" in shown and run["dataset"] in shown


def test_runs_are_listed_filtered_and_compared():
    only(("train", "ease", "--seed", "5", "--set", "lambda=333"), ("train", "popularity", "--holdout", "0"),
         ("train", "ease", "--seed", "5", "--set", "lambda=50"))
    all_runs = runs()
    assert [r["model"] for r in all_runs] == ["ease", "popularity", "ease"]
    assert [r["model"] for r in runs("--model", "popularity")] == ["popularity"]
    assert len(runs("--limit", "2")) == 2
    table = good("runs").splitlines()
    assert table[0].split()[:3] == ["run", "started", "(UTC)"] and len(table) == 4, table
    at = table[0].index("ndcg.10") + len("ndcg.10")  # numbers end under the end of their head
    assert all(line[at - 1] in "0123456789-" and line[at:at + 1] == " " for line in table[1:]), table
    compared = good("runs", "compare", str(all_runs[0]["run"]), str(all_runs[2]["run"]))
    rows = {line.split()[0]: line.split()[1:] for line in compared.splitlines() if line}
    assert rows["lambda"] == ["50", "333"], compared
    assert "holdout" not in rows and "seed" not in rows and "ndcg.10" in rows, compared
    assert mvti("runs", "compare", "1").returncode == 64 and mvti("runs", "show", "x").returncode == 65


def test_a_failed_training_is_kept_as_failed():
    run = mvti("train", "bpr", "--set", "rate=1000", "--set", "epochs=3")
    assert run.returncode != 0 and "rate" in run.stderr, run.stderr
    last = runs()[0]
    assert (last["model"], last["status"], last["params"]["rate"]) == ("bpr", "failed", 1000)
    assert last["model_file"] is None


def test_a_stopped_training_is_kept_as_stopped():
    process = subprocess.Popen([BUILD / "mvti", "--config", stack.STACK / "jobs.conf", "--set", f"state_dir={state}",
                                "--set", "progress_seconds=0", "train", "bpr", "--holdout", "0", "--set",
                                "epochs=100000"], stderr=subprocess.PIPE, text=True, cwd=ROOT)
    stack.put_back(killed, process)
    for line in process.stderr:
        if '"stage":"bpr"' in line:
            break
    process.send_signal(signal.SIGINT)
    process.stderr.read()
    assert stack.ended(process) == 130
    assert runs()[0]["status"] == "stopped"


# ---- while it goes on ----

LONG = ("train", "bpr", "--holdout", "0", "--set", "epochs=100000")


def test_a_run_is_there_from_its_start_and_a_killed_one_is_marked_by_the_next_that_looks():
    process = start(*LONG, "--seed", "77")
    stack.eventually(lambda: runs()[0]["seed"] == 77, 60, "the run is there")
    run = runs()[0]
    assert run["status"] == "running" and run["ended_ms"] is None and run["params"]["epochs"] == 100000, run
    assert len(locks()) == 1 and "running" in good("runs"), locks()
    assert "not yet" in good("runs", "show", str(run["run"]))
    killed(process)
    run = runs()[0]
    assert run["status"] == "killed" and run["ended_ms"] is not None and locks() == [], run
    assert "killed" in good("runs")
    # A lock that is not here belongs to another folder: it is left alone for a week.
    stack.sql("UPDATE training_run SET status = 'running', ended_at = NULL, lock_name = 'aa' WHERE seed = 77")
    assert runs()[0]["status"] == "running"
    stack.sql("UPDATE training_run SET started_at = NOW() - INTERVAL 8 DAY WHERE seed = 77")
    assert next(r for r in runs() if r["seed"] == 77)["status"] == "killed"


def test_losses_and_figures_of_what_is_held_out_are_kept_by_epoch():
    good("train", "recvae", "--set", "epochs=4", "--set", "hidden=20", "--set", "latent=8")
    run = shown(runs()[0]["run"])
    curves = run["curves"]
    assert [step for step, _ in curves["loss"]] == [1, 2, 3, 4], curves
    assert curves["loss"][3][1] < curves["loss"][0][1], curves["loss"]
    assert [step for step, _ in curves["ndcg.10"]] == [1, 2, 3, 4] and set(f"{m}.20" for m in METRICS) <= set(curves)
    said = good("runs", "show", str(run["run"]))
    assert "by epoch" in said and run["user"] in said
    assert stack.number(f"SELECT COUNT(*) FROM v_training_curve WHERE run_id = {run['run']} AND name = 'loss'") == 4
    good("train", "ials", "--holdout", "0", "--set", "iterations=2")
    assert shown(runs()[0]["run"])["curves"] == {}  # no loss, and nothing held out


MEMBERS = ("ease", "admm-slim", "recvae")
QUICK = ("--set", "recvae.epochs=3", "--set", "recvae.hidden=20", "--set", "recvae.latent=8")


def test_an_ensemble_is_kept_with_its_members():
    good("train", "ader-fitted", "--once", *QUICK, "--set", "ease.lambda=77")
    found = runs("--limit", "4")
    run = next(r for r in found if r["model"] == "ader-fitted")
    members = {r["model"]: r for r in found if r.get("ensemble_run") == run["run"]}
    assert set(members) == set(MEMBERS), found
    assert run["params"]["ease.lambda"] == 77 and run["params"]["recvae.epochs"] == 3, run["params"]
    assert run["params"]["rule"] in ("standard", "rank", "reciprocal") and "cold" in run["params"]
    assert abs(sum(run["params"][f"weight.{m}"] for m in MEMBERS) - 1) < 1e-5, run["params"]
    for name, member in members.items():
        assert all(run["metrics"][f"{name}.{m}.10"] == member["metrics"][f"{m}.10"] for m in METRICS), (run, member)
        assert member["status"] == "finished" and member["model_file"] and member["dataset"] == run["dataset"], member
    assert [s for s, _ in shown(members["recvae"]["run"])["curves"]["loss"]] == [1, 2, 3]
    curves = shown(run["run"])["curves"]
    assert [s for s, _ in curves["recvae.ndcg.10"]] == [1, 2, 3] and "recvae.loss" in curves


def test_evaluate_is_kept_without_the_folders_of_its_files():
    for name in ("train", "test"):
        (top / f"{name}.txt").write_text("".join(f"{u} {u % 7} {(u + 3) % 7 if name == 'train' else (u + 1) % 7}\n"
                                                 for u in range(30)))
    files = ("--train", str(top / "train.txt"), "--test", str(top / "test.txt"), "--format", "lists", "--k", "3,10")
    said = json.loads(good("evaluate", "ease", *files, "--json"))
    last = runs()[0]
    assert last["command"] == "evaluate" and last["params"]["train"] == "train.txt", last
    assert abs(last["metrics"]["ndcg.3"] - said["ndcg"]["3"]) < 1e-6
    count = len(runs())
    away = mvti("evaluate", "ease", *files, options=AWAY)
    assert away.returncode == 0 and not remarks(away), away.stderr  # it needs no database, so it misses none
    good("evaluate", "ease", *files, options=("--set", "track_runs=0"))
    assert len(runs()) == count


def test_a_database_that_is_away_costs_one_remark():
    fresh_model()
    run = mvti("train", "ease", options=AWAY)
    assert run.returncode == 0 and trained(), run.stderr
    assert len(remarks(run)) == 1 and "not recorded" in run.stderr, run.stderr


def test_tables_that_are_missing_cost_one_remark():
    fresh_model()
    run = mvti("train", "ease", options=("--set", "db_name=information_schema"))
    assert run.returncode == 0 and trained() and len(remarks(run)) == 1, run.stderr


# ---- servers that misbehave ----

class Stub:
    """A server that reads a request and does `answer(connection)`."""

    def __init__(self, answer, context=None):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.answer, self.context, self.asked = answer, context, 0
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                connection, _ = self.socket.accept()
                if self.context is not None:
                    connection = self.context.wrap_socket(connection, server_side=True)
                self.heard = connection.recv(65536)
                self.asked += 1
                self.answer(connection)
                connection.close()
            except OSError:
                if self.socket.fileno() < 0:
                    return


def reply(status, body, headers=""):
    data = body if isinstance(body, bytes) else body.encode()
    head = f"HTTP/1.1 {status}\r\nContent-Length: {len(data)}\r\nConnection: close\r\n{headers}\r\n".encode()
    return lambda connection: connection.sendall(head + data)


def one_remark(uri, word, options=()):
    fresh_model()
    run = mvti("train", "ease", "--holdout", "0", uri=uri, options=options)
    assert run.returncode == 0 and trained(), run.stderr
    assert len(remarks(run)) == 1 and "not sent to MLflow" in run.stderr, run.stderr
    assert word in run.stderr, (word, run.stderr)


def test_a_server_that_fails_never_fails_a_training():
    wait = threading.Event()
    answers = [(reply("500 Oh", "{\"error_code\":\"INTERNAL_ERROR\",\"message\":\"disk\\nfull\"}"), "INTERNAL_ERROR: disk full"),
               (reply("200 OK", "<html>hello</html>"), "not MLflow"),
               (reply("200 OK", "{\"experiment\":{\"experiment_id\":\"../../x\"}}"), "not MLflow"),
               (reply("200 OK", b"\xff\xfe\x00"), "not MLflow"),
               (reply("404 Not", "nothing here"), "status 404"),
               (reply("302 Found", "", "Location: http://127.0.0.1:1/\r\n"), "status 302"),
               (reply("200 OK", "x" * (2 << 20)), "larger than"),
               (lambda c: None, "no complete answer"),
               (lambda c: wait.wait(), "no answer within 1.5 s")]
    for answer, word in answers:
        stub = Stub(answer)
        one_remark(f"http://127.0.0.1:{stub.port}/", word, ("--set", "mlflow_timeout_ms=1500") if "within" in word else ())
        assert stub.asked == 1, word
        stub.socket.close()
    wait.set()


def test_a_server_that_is_away_or_no_server():
    with socket.create_server(("127.0.0.1", 0)) as s:
        port = s.getsockname()[1]
    one_remark(f"http://127.0.0.1:{port}", "127.0.0.1")
    one_remark("file:///srv/mlruns", "http://host:port")
    one_remark("ftp://127.0.0.1/", "only http and https")
    one_remark("databricks", "http://host:port")


def test_who_asks_is_said_by_the_variables_of_mlflow_s_own_client_or_by_files():
    secret = top / "secret"
    secret.write_text("hush\n")
    secret.chmod(0o600)
    for environment, options, header in (
            ({"MLFLOW_TRACKING_USERNAME": "me", "MLFLOW_TRACKING_PASSWORD": "hush"}, (), b"Authorization: Basic bWU6aHVzaA=="),
            ({"MLFLOW_TRACKING_TOKEN": "abc"}, (), b"Authorization: Bearer abc"),
            ({}, ("--set", "mlflow_username=me", "--set", f"mlflow_password_file={secret}"), b"Authorization: Basic bWU6aHVzaA=="),
            ({}, ("--set", f"mlflow_token_file={secret}"), b"Authorization: Bearer hush")):
        stub = Stub(reply("401 Unauthorized", ""))
        run = mvti("doctor", uri=f"http://127.0.0.1:{stub.port}", options=options, more=environment)
        assert header in stub.heard, (environment, stub.heard)
        assert "✗ MLflow: " in run.stdout and "status 401" in run.stdout and "mvti runs send" in run.stdout, run.stdout
        stub.socket.close()
    assert "MLflow" not in mvti("doctor").stdout


def test_a_certificate_that_nobody_vouches_for_is_refused():
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
                    "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", top / "key.pem",
                    "-out", top / "cert.pem"], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(top / "cert.pem", top / "key.pem")
    stub = Stub(reply("200 OK", "{}"), context)
    one_remark(f"https://127.0.0.1:{stub.port}", "certificate")
    assert stub.asked == 0
    stub.socket.close()


# ---- a real MLflow server ----

def start_mlflow():
    """Its address; a file store of its own in the temporary folder, gone with this process."""
    port = int(subprocess.run([BUILD / "tools/free_port"], capture_output=True, text=True, check=True).stdout)
    venv = pathlib.Path(os.environ["MVTI_MLFLOW"]).absolute()
    log = open(top / "mlflow.log", "wb")
    environment = {k: v for k, v in os.environ.items() if not k.startswith("MLFLOW")}
    server = subprocess.Popen([venv / "bin/mlflow", "server", "--host", "127.0.0.1", "--port", str(port), "--workers", "1",
                               "--backend-store-uri", f"sqlite:///{top}/mlflow.db", "--artifacts-destination",
                               str(top / "artifacts")], stdout=log, stderr=log, cwd=top, start_new_session=True,
                              env={**environment, "MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "true"})
    atexit.register(lambda: (os.killpg(server.pid, signal.SIGKILL), server.wait()))

    def up():
        assert server.poll() is None, (top / "mlflow.log").read_text()
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5 * stack.slowness()) as answer:
                return answer.status == 200
        except OSError:
            return False
    stack.eventually(up, 60, "MLflow starts")
    return f"http://127.0.0.1:{port}"


def ask(uri, path, value=None):
    body = None if value is None else json.dumps(value).encode()
    request = urllib.request.Request(f"{uri}/api/2.0/mlflow/{path}", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=20 * stack.slowness()) as answer:
        return json.load(answer)


def mlflow_runs(uri, *experiments):
    ids = [ask(uri, f"experiments/get-by-name?experiment_name={e}")["experiment"]["experiment_id"] for e in experiments]
    return ask(uri, "runs/search", {"experiment_ids": ids, "order_by": ["attributes.start_time ASC"]}).get("runs", [])


def tags_of(theirs):
    return {t["key"]: t["value"] for t in theirs["data"]["tags"]}


def same(theirs, ours):
    data = theirs["data"]
    params = {p["key"]: p["value"] for p in data["params"]}
    assert set(params) == set(ours["params"]), (params, ours["params"])
    for name, value in ours["params"].items():
        assert params[name] == value if isinstance(value, str) else float(params[name]) == value, name
    metrics = {m["key"]: m for m in data.get("metrics", [])}
    assert {k: metrics[k]["value"] for k in ours["metrics"]} == ours["metrics"]  # the last word, not that of an epoch
    assert all(metrics[k]["timestamp"] == ours["ended_ms"] for k in ours["metrics"])
    info = theirs["info"]
    assert info["run_id"] == ours["mlflow_run"] and not ours["mlflow_waits"], (info, ours)
    assert info["start_time"] == ours["started_ms"] and info["end_time"] == ours["ended_ms"]
    tags = tags_of(theirs)
    assert tags["mvti.run"] == str(ours["run"]) and tags["mlflow.runName"] == f"{ours['command']} {ours['model']}"
    assert tags["mlflow.user"] == ours["user"]


def files_of(uri, run, path=""):
    listed = ask(uri, f"artifacts/list?run_id={run}" + (f"&path={path}" if path else ""))
    return {f["path"]: f.get("file_size") for f in listed.get("files", []) if not f.get("is_dir")}


def history(uri, run, name):
    points = ask(uri, f"metrics/get-history?run_id={run}&metric_key={name}&max_results=1000").get("metrics", [])
    return [(m.get("step", 0), m["value"]) for m in points if m.get("step", 0) > 0]


def a_server_gets_what_the_database_has(uri):
    good("train", "ease", "--set", "lambda=1e-3", uri=uri)
    mvti("train", "bpr", "--set", "rate=1000", "--set", "epochs=3", uri=uri)
    good("train", "popularity", uri=uri + "/")
    ours = runs("--limit", "3")[::-1]
    theirs = mlflow_runs(uri, "EASE", "bpr", "popularity")
    assert [r["info"]["status"] for r in theirs] == ["FINISHED", "FAILED", "FINISHED"], theirs
    for one, other in zip(theirs, ours):
        same(one, other)
    used, = theirs[0]["inputs"]["dataset_inputs"]
    assert ours[0]["dataset"].startswith(used["dataset"]["digest"]) and used["dataset"]["name"] == "mvti dataset", used
    assert {t["key"]: t["value"] for t in used["tags"]} == {"mlflow.data.context": "training"}
    model = state / "models" / "popularity.mvm"
    assert files_of(uri, ours[2]["mlflow_run"], "model") == {"model/popularity.mvm": model.stat().st_size}
    # Another experiment by the setting, with a name that must be escaped, and from the configuration alone.
    good("train", "ease", "--holdout", "0",
         options=("--set", f"mlflow_uri={uri}", "--set", "mlflow_experiment=밤 & 낮/1", "--set", "mlflow_file_mb=0"))
    other, = mlflow_runs(uri, "%EB%B0%A4%20%26%20%EB%82%AE%2F1")
    assert files_of(uri, other["info"]["run_id"], "model") == {}
    # One that is too large is not sent, and everybody is told.
    small = ("--set", "mlflow_file_mb=1", "--set", "mlflow_experiment=large")
    large = mvti("train", "recvae", "--holdout", "0", "--set", "epochs=1", "--set", "hidden=900", uri=uri, options=small)
    assert large.returncode == 0 and "more than mlflow_file_mb (1)" in large.stderr, large.stderr
    told, = mlflow_runs(uri, "large")
    assert "mlflow_file_mb" in tags_of(told)["mvti.model_file"] and files_of(uri, told["info"]["run_id"], "model") == {}
    assert "model files are not sent" in mvti("doctor", uri=uri, options=small).stdout
    # Without a database the server still gets the run, and the other way round it would be the tests above.
    fresh_model()
    run = mvti("train", "ease", uri=uri, options=AWAY)
    assert run.returncode == 0 and trained() and "MLflow" not in run.stderr, run.stderr
    assert "mvti.run" not in tags_of(mlflow_runs(uri, "EASE")[-1])
    good("train", "ease", uri=uri, options=("--set", "track_runs=0"))
    assert len(mlflow_runs(uri, "EASE")) == 2


def a_server_sees_members_curves_and_pictures(uri):
    good("train", "ader", "--once", *QUICK, uri=uri)
    found = {r["model"]: r for r in runs("--limit", "4")}
    whole, = mlflow_runs(uri, "ADER")
    same(whole, found["ader"])
    member, = mlflow_runs(uri, "RecVAE")
    same(member, found["recvae"])
    assert tags_of(member)["mlflow.parentRunId"] == whole["info"]["run_id"]
    assert len(mlflow_runs(uri, "ADMMSLIM")) == 1
    ours = shown(found["recvae"]["run"])["curves"]
    run = member["info"]["run_id"]
    for name in ("loss", "ndcg.10", "hit.10", "recall.10"):
        last = [(4, found["recvae"]["metrics"][name])] if name != "loss" else []
        assert history(uri, run, name) == [tuple(p) for p in ours[name]] + last, name
    assert "curve.svg" in files_of(uri, run)
    with urllib.request.urlopen(f"{uri}/get-artifact?path=curve.svg&run_uuid={run}", timeout=20 * stack.slowness()) as answer:
        picture = xml.etree.ElementTree.fromstring(answer.read())
    lines = picture.findall(".//{http://www.w3.org/2000/svg}polyline")
    assert len(lines) == 4 and all(len(line.get("points").split()) == 3 for line in lines)


def a_server_hears_of_a_killed_run_and_of_what_waited(uri):
    later = ("--set", "mlflow_later=1")
    good("train", "cdae", "--holdout", "0", "--set", "epochs=2", uri=uri, options=later)
    assert runs()[0]["mlflow_waits"] and runs()[0]["mlflow_run"] is None
    assert "1 runs wait" in mvti("doctor", uri=uri).stdout
    assert "1 runs sent" in good("runs", "send", uri=uri, options=later)
    sent, = mlflow_runs(uri, "CDAE")
    same(sent, runs()[0])
    assert [s for s, _ in history(uri, sent["info"]["run_id"], "loss")] == [1, 2]
    assert good("runs", "send", uri=uri) == "" and good("runs", "send") == ""
    process = start(*LONG, uri=uri)
    stack.eventually(lambda: mlflow_runs(uri, "bpr")[-1]["info"]["status"] == "RUNNING", 60, "MLflow knows that it runs")
    stack.eventually(lambda: runs()[0]["mlflow_run"] is not None, 60, "the database knows where")
    killed(process)
    assert runs()[0]["status"] == "killed"
    good("runs", "send", uri=uri)
    assert mlflow_runs(uri, "bpr")[-1]["info"]["status"] == "KILLED"
    # A server that was away hears of it with the next run.
    with socket.create_server(("127.0.0.1", 0)) as s:
        port = s.getsockname()[1]
    assert "runs send" in mvti("train", "popularity", uri=f"http://127.0.0.1:{port}").stderr
    missed = runs()[0]["run"]
    good("train", "popularity", uri=uri)
    assert not shown(missed)["mlflow_waits"] and shown(missed)["mlflow_run"]


def live(uri):
    try:
        return ask(uri, "registered-models/alias?name=mvti&alias=live")["model_version"]["run_id"]
    except urllib.error.HTTPError:
        return None


def the_alias_is_what_is_live(uri):
    """Publishing, a rollback and the way forward; what they write into the tables of the stack is taken out again."""
    before = stack.number("SELECT MAX(publication_id) FROM publication")
    try:
        for name in ("350", "20"):
            good("train", "ease", "--holdout", "0", "--set", f"lambda={name}", uri=uri)
            good("publish", "--force", "--model", str(state / "models" / "ease.mvm"), uri=uri)
            assert live(uri) == runs("--model", "ease", "--limit", "1")[0]["mlflow_run"]
        second, first = (r["mlflow_run"] for r in runs("--model", "ease", "--limit", "2"))
        good("publish", "--rollback", uri=uri)
        assert live(uri) == first
        good("publish", "--forward", options=("--set", f"mlflow_uri={uri}", "--set", "mlflow_later=1"))
        assert live(uri) == first
        good("runs", "send", uri=uri)
        assert live(uri) == second
        good("train", "ease", "--holdout", "0", "--set", "lambda=900", options=("--set", "track_runs=0"))
        good("publish", "--force", "--model", str(state / "models" / "ease.mvm"), uri=uri)
        assert live(uri) is None  # nobody told the server of that model
    finally:
        stack.forget_publications(before)


def test_a_real_server():
    uri = start_mlflow()
    stack.sql("UPDATE training_run SET mlflow_due = 0")
    a_server_gets_what_the_database_has(uri)
    a_server_sees_members_curves_and_pictures(uri)
    a_server_hears_of_a_killed_run_and_of_what_waited(uri)
    the_alias_is_what_is_live(uri)


if __name__ == "__main__":
    atexit.register(shutil.rmtree, top, ignore_errors=True)
    shutil.copytree(stack.STACK / "state" / "datasets", state / "datasets")
    if not os.environ["MVTI_MLFLOW"]:
        del test_a_real_server
    stack.main(dict(globals()))
