#!/usr/bin/env python3
"""What the scanners are pointed at, from www/openapi.json and from a stack that runs: an account with a test, and for every operation
a request with everything marked that a stranger could change. Writes into the folder that it is given:

openapi.json            the document, with the cookie's name on plain loopback
stranger.toml           schemathesis's settings for nobody known
account.toml            the same for somebody who is signed in, with values that exist
requests/OPERATION.txt  every operation as sqlmap reads it, a * behind every value it shall try
ends                    operations that the signed-in one must not ask
urls                    where wapiti starts besides what it finds by itself
"""
import json
import pathlib
import sys
from urllib.parse import quote

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "http"))
sys.dont_write_bytecode = True

from provider_control import login  # noqa: E402
from stack import API, STACK, URL, films, get, site, take  # noqa: E402

REFUSALS = [400, 401, 403, 404, 405, 413, 414, 415, 421]
METHODS = "get", "put", "post", "delete"


def marked(value):
    """The same with a mark behind every text."""
    if isinstance(value, dict):
        return {k: marked(v) for k, v in value.items()}
    if isinstance(value, list):
        return [marked(v) for v in value]
    return value + "*" if isinstance(value, str) else value


class Targets:
    def __init__(self):
        self.document = json.loads((ROOT / "www" / "openapi.json").read_text())
        self.who = site()
        answer = login(self.who, "dev", "scanned")
        assert answer.status == 303, (answer.status, answer.body[:200])
        self.key = "KakaoAK " + (STACK / "secrets" / "provider-kakao-admin").read_text().strip()
        self.films = films(4)
        self.token, self.other = take(self.who)["token"], take(self.who)["token"]
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
        if path.endswith("/unlink") and name == "provider":
            return "kakao"
        known = {"id": self.character if "/characters" in path or "/c/" in path else self.films[0], "token": self.token, "mbti": "INFP",
                 "enneagram": "4w5", "movies": ",".join(map(str, self.films[:3])), "provider": "dev", "limit": 5, "seed": 7, "q": "a",
                 "cursor": "0", "user_id": "1", "return": "/me", "action": "link", "state": "s" * 43, "code": "c", "error": "e", "iss": URL}
        return str(known[name])

    def body(self, spec):
        """A body that is right, with every value marked."""
        known = {"takeTest": {"mbti": "INFP*", "enneagram": "4w5*", "movies": self.films[:3], "locale": "ko*"},
                 "giveFeedback": {"value": "up*"},
                 "voteCharacter": {"mbti": "INFP*", "enneagram": "4w5*"},
                 "reportEvents": [{"kind": "impression*", "list": "same*", "position": 0, "test": self.token + "*"}]}
        content = spec.get("requestBody", {}).get("content", {}).get("application/json", {})
        return known.get(spec["operationId"]) or marked(content.get("example")) or {"value": "1*"}

    def target(self, path, spec, mark):
        for p in self.parameters(spec):
            if p["in"] == "path":
                path = path.replace("{%s}" % p["name"], quote(self.value(path, p["name"])) + mark)
        asked = [f"{p['name']}={quote(self.value(path, p['name']), safe=',')}{mark}" for p in self.parameters(spec) if p["in"] == "query"]
        return path + ("?" + "&".join(asked) if asked else "")

    def ends(self, path, method):
        """What ends sessions or accounts is asked by nobody, so that the session lasts."""
        return path == "/auth/logout" or method == "delete" and path.startswith(f"{API}/me") and "tests" not in path

    def request(self, path, method, spec):
        head = [f"{method.upper()} {self.target(path, spec, '*')} HTTP/1.1", f"Host: {URL.split('//')[1]}"]
        ends = self.ends(path, method)
        body = ""
        if path.endswith("/unlink"):
            body = "user_id=1*&app_id=1*" if method != "get" else ""
            head += [f"Authorization: {self.key}", "Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        elif method != "get":
            body = json.dumps(self.body(spec))
            head += ["Content-Type: application/json", "Sec-Fetch-Site: same-origin", f"Content-Length: {len(body)}"]
            head += [f"X-CSRF-Token: {self.who.csrf}"] if not ends else []
        if not ends:
            head.append(f"Cookie: {self.who.cookie}" + ("*" if path == f"{API}/me" else ""))
        return "\n".join([*head, "", body])


def main(folder):
    t = Targets()
    (folder / "requests").mkdir(exist_ok=True)
    for path, method, spec in t.operations():
        (folder / "requests" / f"{spec['operationId']}.txt").write_text(t.request(path, method, spec))
    (folder / "urls").write_text("".join(URL + t.target(path, spec, "") + "\n" for path, method, spec in t.operations() if method == "get"))
    name, value = t.who.cookie.split("=", 1)
    text = (ROOT / "www" / "openapi.json").read_text()
    assert text.count('"name": "__Host-mvti"') == 1
    (folder / "openapi.json").write_text(text.replace('"name": "__Host-mvti"', f'"name": "{name}"'))
    # What else than the usual refuses a wrong request here.
    checks = ["[checks]", f"negative_data_rejection.expected-statuses = {REFUSALS}", "", "[headers]", '"Sec-Fetch-Site" = "same-origin"']
    (folder / "stranger.toml").write_text("\n".join(checks) + "\n")
    values = {"path.token": t.token, "path.mbti": "INFP", "query.mbti": "INFP", "query.enneagram": "4w5", "query.movies": t.films[:3],
              "path.provider": "dev"}
    lines = [*checks, f'"X-CSRF-Token" = "{t.who.csrf}"', "", "[auth.openapi.session]", f'api_key = "{value}"', "", "[auth.openapi.adminKey]",
             f'api_key = "{t.key}"', "", "[parameters]",
             *(f'"{k}" = {json.dumps(v)}' for k, v in values.items())]
    for path, method, _ in t.operations():
        if "{id}" in path and "sessions" not in path:
            lines += ["", "[[operations]]", f'include-name = "{method.upper()} {path}"', f'parameters = {{ id = {t.value(path, "id")} }}']
        elif path.endswith("/unlink"):
            lines += ["", "[[operations]]", f'include-name = "{method.upper()} {path}"', 'parameters = { provider = "kakao" }']
        elif method == "delete" and "{token}" in path:  # not the one that others look at
            lines += ["", "[[operations]]", f'include-name = "{method.upper()} {path}"', f'parameters = {{ token = "{t.other}" }}']
    (folder / "account.toml").write_text("\n".join(lines) + "\n")
    (folder / "ends").write_text("\n".join(spec["operationId"] for path, method, spec in t.operations() if t.ends(path, method)) + "\n")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
