"""burst.py HOST PORT PATH N [HEADER=VALUE…]: so many requests at once; how often which status came, as JSON."""
import collections
import http.client
import json
import sys
import threading

host, port, path, n = sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
headers = dict(pair.split("=", 1) for pair in sys.argv[5:])
together, got, lock = threading.Barrier(n), collections.Counter(), threading.Lock()


def ask():
    connection = http.client.HTTPConnection(host, port, timeout=60)
    try:
        connection.connect()
        together.wait(60)
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        answer.read()
        status = answer.status
    except (OSError, http.client.HTTPException, threading.BrokenBarrierError) as e:
        status = type(e).__name__
    with lock:
        got[status] += 1


threads = [threading.Thread(target=ask) for _ in range(n)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print(json.dumps(got))
