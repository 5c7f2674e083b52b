"""Asking a running site as a browser would: one kept connection, cookies, and the token that unsafe requests carry."""
import hashlib
import http.client
import itertools
import json
from http.cookies import SimpleCookie
from urllib.parse import urlsplit

from waiting import slowness

SESSION = "mvti", "__Host-mvti"


class Answer:
    def __init__(self, response):
        self.status, self.reason, self.headers, self.body = response.status, response.reason, response.headers, response.read()

    @property
    def type(self):
        return (self.headers.get("Content-Type") or "").split(";")[0].strip()

    def json(self):
        return json.loads(self.body)

    def fields(self):
        """The fields that a problem document names."""
        return {e["field"] for e in self.json().get("errors", [])} if self.type == "application/problem+json" else set()


class Jar:
    """Cookies of one host by name and path (RFC 6265, 5.3 and 5.4), without dates: Max-Age=0 takes one away."""

    def __init__(self):
        self.kept = {}

    def take(self, headers):
        for line in headers.get_all("Set-Cookie") or []:
            for name, morsel in SimpleCookie(line).items():
                key = name, morsel["path"] or "/"
                if morsel["max-age"] == "0" or morsel["expires"].startswith("Thu, 01 Jan 1970"):
                    self.kept.pop(key, None)
                else:
                    self.kept[key] = morsel.coded_value

    def header(self, target):
        path = target.split("?")[0]
        sent = [(at, name, value) for (name, at), value in self.kept.items()
                if path == at or path.startswith(at if at.endswith("/") else at + "/")]
        return "; ".join(f"{name}={value}" for at, name, value in sorted(sent, key=lambda c: -len(c[0])))


PARTS = 8


def prove(challenge):
    """The proof that a new visitor's first write carries (lib/auth/guest.h)."""
    bits, _, _, mac = challenge.split(".")
    least = 1 << (256 - int(bits))

    def solve(part):
        return next(n for n in itertools.count() if int.from_bytes(hashlib.sha256(f"{mac}:{part}:{n}".encode()).digest(), "big") < least)
    return ".".join([challenge, *(str(solve(part)) for part in range(PARTS))])


class Site:
    """cookie=False asks as a stranger. A Cookie or X-CSRF-Token among the headers goes in place of the kept one."""

    def __init__(self, url):
        parts = urlsplit(url)
        self.host, self.port = parts.hostname, parts.port
        self.connection, self.jar, self.csrf, self.challenge = None, Jar(), None, None
        self.source = None  # an address of this machine to ask from, such as 127.0.0.2

    @property
    def cookie(self):
        """The session as "name=value", or None."""
        return next((f"{name}={value}" for (name, _), value in self.jar.kept.items() if name in SESSION), None)

    def ask(self, method, target, headers=None, body=None, cookie=True):
        """One request. A connection that the server closed meanwhile is opened again, once."""
        sent = dict(headers or {})
        if cookie:
            sent = self.remembered(method, target) | sent
        for fresh in (False, True):
            if fresh or self.connection is None:
                self.connection = http.client.HTTPConnection(
                    self.host, self.port, timeout=30 * slowness(), source_address=self.source and (self.source, 0))
            try:
                answer = self.send(method, target, sent, body)
                break
            except (http.client.RemoteDisconnected, ConnectionError):
                self.connection = None
                if fresh:
                    raise
        if cookie:
            self.jar.take(answer.headers)
            self.csrf = answer.headers.get("X-CSRF-Token") or self.csrf
            self.challenge = answer.headers.get("X-Guest-Challenge") or self.challenge
        return answer

    def remembered(self, method, target):
        sent = {}
        if cookies := self.jar.header(target):
            sent["Cookie"] = cookies
        if self.csrf and method not in ("GET", "HEAD"):
            sent["X-CSRF-Token"] = self.csrf
        if not self.cookie and method in ("POST", "PUT", "DELETE") and target.startswith("/api/"):
            sent |= self.entry()
        return sent

    def entry(self):
        """As a page does: the challenge comes with what it loads, and is answered with its first write."""
        if self.challenge is None:
            self.ask("GET", "/api/v1/me")
        challenge, self.challenge = self.challenge, None
        return {"X-Guest-Proof": prove(challenge)} if challenge else {}

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
