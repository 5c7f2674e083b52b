"""Asking the running site (MVTI_TEST_URL) as a browser's script would: one kept connection, one session cookie."""
import http.client
import json
from urllib.parse import urlsplit


class Answer:
    def __init__(self, response):
        self.status, self.headers, self.body = response.status, response.headers, response.read()

    @property
    def type(self):
        return (self.headers.get("Content-Type") or "").split(";")[0].strip()

    def json(self):
        return json.loads(self.body)

    def fields(self):
        """The fields that a problem document names."""
        return {e["field"] for e in self.json().get("errors", [])} if self.type == "application/problem+json" else set()


class Site:
    def __init__(self, url):
        parts = urlsplit(url)
        self.host, self.port = parts.hostname, parts.port
        self.connection, self.cookie = None, None

    def ask(self, method, target, headers=None, body=None, cookie=True):
        """One request. A connection that the server closed meanwhile is opened again, once."""
        sent = dict(headers or {})
        if cookie and self.cookie:
            sent["Cookie"] = self.cookie
        for fresh in (False, True):
            if fresh or self.connection is None:
                self.connection = http.client.HTTPConnection(self.host, self.port, timeout=30)
            try:
                answer = self.send(method, target, sent, body)
                break
            except (http.client.RemoteDisconnected, ConnectionError):
                self.connection = None
                if fresh:
                    raise
        if cookie and answer.headers.get("Set-Cookie"):
            self.cookie = answer.headers["Set-Cookie"].split(";")[0]
        return answer

    def send(self, method, target, headers, body):
        c = self.connection
        c.putrequest(method, target, skip_host="Host" in headers, skip_accept_encoding=True)
        if body is not None or method not in ("GET", "HEAD"):
            c.putheader("Content-Length", str(len(body or b"")))
        for name, value in headers.items():
            c.putheader(name, value)
        c.endheaders(body or None)
        answer = Answer(c.getresponse())
        if (answer.headers.get("Connection") or "") == "close":
            c.close()
            self.connection = None
        return answer
