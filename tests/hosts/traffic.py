"""traffic.py URL THREADS FILMS: visitors of a site until standard input ends. A line there begins a phase; at the end, a JSON document of
each phase's counts, and every write that was acknowledged. A read that fails is asked for once, as a browser would not ask again."""
import collections
import http.client
import json
import random
import sys
import threading
import time
from urllib.parse import urlsplit

url, threads, films = urlsplit(sys.argv[1]), int(sys.argv[2]), [int(f) for f in sys.argv[3].split(",")]
READS = ["/", "/en", "/about", "/api/v1/types", "/api/v1/types/INFP", "/api/v1/survey", "/t/INTJ", f"/m/{films[0]}", f"/api/v1/movies/{films[0]}",
         "/api/v1/movies?limit=20"]
counts, acknowledged, causes = collections.defaultdict(collections.Counter), [], collections.Counter()
phase, over, lock = ["warm"], threading.Event(), threading.Lock()
slowest = collections.Counter()


def ask(method, path, body=None):
    connection = http.client.HTTPConnection(url.hostname, url.port or 80, timeout=40)
    try:
        headers = {"Content-Type": "application/json", "Sec-Fetch-Site": "same-origin"} if body else {}
        connection.request(method, path, json.dumps(body) if body else None, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    except (OSError, http.client.HTTPException) as e:
        return type(e).__name__, b""
    finally:
        connection.close()


def read(rng):
    at, path = phase[0], rng.choice(READS)
    began = time.monotonic()
    status, _ = ask("GET", path)
    with lock:
        counts[at]["reads"] += 1
        slowest[at] = max(slowest[at], round(time.monotonic() - began, 2))
        if status != 200:
            counts[at]["reads failed"] += 1
            causes[f"{at}: GET {path}: {status}"] += 1


def write(rng):
    at = phase[0]
    status, body = ask("POST", "/api/v1/tests", {"mbti": "INFP", "enneagram": "4w5", "movies": rng.sample(films, 3)})
    token = json.loads(body).get("token") if status == 201 else None
    with lock:
        counts[at]["writes"] += 1
        if token:
            acknowledged.append(token)
            counts[at]["acknowledged"] += 1
        else:
            causes[f"{at}: POST tests: {status}"] += 1


def visit(seed):
    rng = random.Random(seed)
    while not over.is_set():
        write(rng) if rng.random() < 0.25 else read(rng)
        time.sleep(0.02)  # a visitor, and not a flood


workers = [threading.Thread(target=visit, args=(i,), daemon=True) for i in range(threads)]
for w in workers:
    w.start()
for line in sys.stdin:
    phase[0] = line.strip()
    print(len(acknowledged), flush=True)
over.set()
for w in workers:
    w.join()
lost = [t for t in acknowledged if ask("GET", f"/api/v1/tests/{t}")[0] != 200]
print(json.dumps({"counts": counts, "slowest": slowest, "causes": causes, "acknowledged": len(acknowledged), "lost": lost}))
