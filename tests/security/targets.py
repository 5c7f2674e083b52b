#!/usr/bin/env python3
"""What the scanners are pointed at, from www/openapi.json and from a stack that runs: an account with a test, and for every operation
a request with everything marked that a stranger could change. Writes into the folder that it is given:

account.toml   schemathesis's settings for somebody who is signed in, with values that exist
requests.log   every operation as sqlmap reads it (a log of requests), a * behind every value it shall try
urls           where wapiti starts besides what it finds by itself
"""
import json
import pathlib
import sys
from urllib.parse import quote

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "http"))
sys.dont_write_bytecode = True

from provider_control import login  # noqa: E402
from stack import API, URL, films, get, site, take  # noqa: E402

METHODS = "get", "put", "post", "delete"


class Targets:
    def __init__(self):
        self.document = json.loads((ROOT / "www" / "openapi.json").read_text())
        self.who = site()
        answer = login(self.who, "dev", "scanned")
        assert answer.status == 303, (answer.status, answer.body[:200])
        self.films = films(4)
        self.token = take(self.who)["token"]
        self.character = get(f"{API}/home").json()["popular"][0]["id"]
        get(f"{API}/me", self.who)  # for the token that goes with the session

    def operations(self):
        for path, item in self.document["paths"].items():
            for method in METHODS:
                if method in item:
                    yield path, method, item[method]

    def parameters(self, spec):
        for p in spec.get("parameters", []):
            while "$ref" in p:
                p = self.document["components"]["parameters"][p["$ref"].split("/")[-1]]
            yield p

    def value(self, path, name):
        known = {"id": self.character if "/characters" in path or "/c/" in path else self.films[0], "token": self.token, "mbti": "INFP",
                 "enneagram": "4w5", "movies": ",".join(map(str, self.films[:3])), "provider": "dev", "limit": 5, "seed": 7, "q": "a",
                 "cursor": "0", "return": "/me", "action": "link", "state": "s" * 43, "code": "c", "error": "e", "iss": URL}
        return str(known[name])

    def body(self, spec):
        """A body that is right, with every value marked."""
        known = {"takeTest": {"mbti": "INFP*", "enneagram": "4w5*", "movies": self.films[:3], "locale": "ko*"},
                 "giveFeedback": {"value": "up*"},
                 "reportEvents": [{"kind": "impression*", "list": "same*", "position": 0, "test": self.token + "*"}]}
        return known.get(spec["operationId"], {"value": "1*"})

    def target(self, path, spec, mark):
        for p in self.parameters(spec):
            if p["in"] == "path":
                path = path.replace("{%s}" % p["name"], quote(self.value(path, p["name"])) + mark)
        asked = [f"{p['name']}={quote(self.value(path, p['name']), safe=',')}{mark}" for p in self.parameters(spec) if p["in"] == "query"]
        return path + ("?" + "&".join(asked) if asked else "")

    def request(self, path, method, spec):
        head = [f"{method.upper()} {self.target(path, spec, '*')} HTTP/1.1", f"Host: {URL.split('//')[1]}"]
        # What ends a session is asked by nobody, so that the session lasts.
        ends = path == "/auth/logout" or method == "delete" and path.startswith(f"{API}/me") and "tests" not in path
        body = ""
        if method != "get":
            body = json.dumps(self.body(spec))
            head += ["Content-Type: application/json", "Sec-Fetch-Site: same-origin", f"Content-Length: {len(body)}"]
            head += [f"X-CSRF-Token: {self.who.csrf}"] if not ends else []
        if not ends:
            head.append(f"Cookie: {self.who.cookie}")
        return "\n".join([*head, "", body])


def main(folder):
    t = Targets()
    requests = [t.request(*operation) for operation in t.operations()]
    bar = "=" * 54
    (folder / "requests.log").write_text("".join(f"{bar}\n12:00:00  {URL}\n{bar}\n{r}\n{bar}\n\n" for r in requests))
    (folder / "urls").write_text("".join(URL + t.target(path, spec, "") + "\n" for path, method, spec in t.operations() if method == "get"))
    values = {"path.token": t.token, "path.mbti": "INFP", "query.mbti": "INFP", "query.enneagram": "4w5", "query.movies": t.films[:3],
              "path.provider": "dev"}
    lines = ["[headers]", f"Cookie = {json.dumps(t.who.cookie)}", f"X-CSRF-Token = {json.dumps(t.who.csrf)}", '"Sec-Fetch-Site" = "same-origin"', "",
             "[parameters]", *(f"{json.dumps(k)} = {json.dumps(v)}" for k, v in values.items())]
    for path, method, spec in t.operations():
        if "{id}" in path and "sessions" not in path:
            lines += ["", "[[operations]]", f'include-name = "{method.upper()} {path}"', f'parameters = {{ id = {t.value(path, "id")} }}']
    (folder / "account.toml").write_text("\n".join(lines) + "\n")
    print(f"{len(requests)} operations")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
