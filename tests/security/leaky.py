#!/usr/bin/env python3
"""A page with an SQL injection and a script injection on purpose, on a loopback port of its own. The scanners must find both: a
scanner that finds nothing here would find nothing on the site either. Prints its address; ends when its input does."""
import sqlite3
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


class Leaky(BaseHTTPRequestHandler):
    def do_GET(self):
        asked = {k: v[0] for k, v in parse_qs(urlsplit(self.path).query).items()}
        db = sqlite3.connect(":memory:")
        db.executescript("CREATE TABLE film (id INTEGER, title TEXT); INSERT INTO film VALUES (1, 'one'), (2, 'two');")
        try:
            rows = db.execute("SELECT title FROM film WHERE id = " + asked.get("id", "1")).fetchall()
            status, said = 200, ", ".join(r[0] for r in rows if r[0]) or "nothing"
        except (sqlite3.Error, sqlite3.Warning, TypeError) as problem:
            status, said = 500, f"sqlite3 error: {problem}"
        page = f"<!doctype html><title>Leaky</title><p>{said}</p><p>{asked.get('q', '')}</p><a href='/?id=1&amp;q=a'>again</a>".encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Leaky)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(f"http://127.0.0.1:{server.server_port}", flush=True)
sys.stdin.read()
