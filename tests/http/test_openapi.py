#!/usr/bin/python3
"""Holds the site to www/openapi.json and the document to the site: the document is valid, it has the routes of the
worker's route table and no others, and what each route answers to right and wrong requests is what the document says.

A schema and the worker must agree in both directions: a parameter or body that the schema accepts succeeds, one that
it refuses gets a problem document that names the field. Schemas of answers are closed: one member too many or too few
is a fault. MVTI_TEST_URL and MVTI_TEST_STACK name the running stack. /usr/bin/python3, for Debian's jsonschema.
"""
import json
import os
import re
import subprocess
import sys
import time
import traceback
from urllib.parse import quote, unquote_to_bytes, urlencode

sys.dont_write_bytecode = True  # nothing beside the sources

from jsonschema import Draft202012Validator
from openapi_document import Document, candidates, edges, mutants, references, strays
from provider_control import BASE, at_provider, callback, cause, local, start, with_query
from return_paths import GOOD as GOOD_PATHS, PAYLOADS
from site_client import Site
from stack import Patience, run

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
HERE = os.path.join(ROOT, "tests", "http")
UNKNOWN = {"id": "2147483647", "token": "A" * 22, "provider": "nobody"}
# A value may follow its schema and still be wrong: a cursor is opaque.
OPAQUE = {"cursor", "part"}
EITHER = {"mbti": {"survey"}, "survey": {"mbti"}, "survey_version": {"survey"}, "enneagram": {"answers"}, "answers": {"enneagram"},
          "from": {"mbti", "enneagram"}, "locale": {"name"}}
passed, failed = 0, 0
faults = []  # of the test that runs


def check(fine, what):
    if not fine:
        faults.append(what)
    return fine


def test(part, *args):
    """One part for one operation counts as one test; its first faults are shown."""
    global passed, failed
    faults.clear()
    try:
        part(*args)
    except Exception:
        faults.append(traceback.format_exc())
    if not faults:
        passed += 1
        return
    failed += 1
    print("FAILED %s: %d faults" % (part.__name__, len(faults)))
    for what in faults[:8]:
        print("    %s" % what)


# ---- the document by itself

def check_document(document):
    with open(os.path.join(HERE, "oas", "schema-3.1.json"), encoding="utf-8") as f:
        meta = Draft202012Validator(json.load(f))
    for fault in meta.iter_errors(document.tree):
        check(False, "OpenAPI 3.1: /%s: %s" % ("/".join(map(str, fault.absolute_path)), fault.message[:200]))
    check(meta.is_valid(document.tree), "the document is OpenAPI 3.1")
    check(not meta.is_valid({**document.tree, "paths": {"/x": {"get": {"responses": 1}}}}), "the check can fail")
    for name, schema in document.tree["components"]["schemas"].items():
        check(schema_is_valid(schema), "schema %s is JSON Schema 2020-12" % name)
    used = set(references(document.tree))
    for kind, parts in document.tree["components"].items():
        if kind != "securitySchemes":
            for name in parts:
                check("#/components/%s/%s" % (kind, name) in used, "%s/%s is used" % (kind, name))
    for ref in used:
        check(resolves(document, ref), "%s leads somewhere" % ref)
    ids = [op.spec["operationId"] for op in document.operations()]
    check(len(ids) == len(set(ids)), "operation ids are distinct")
    for op in document.operations():
        check_operation(document, op)


def schema_is_valid(schema):
    try:
        Draft202012Validator.check_schema(schema)
        return True
    except Exception as e:
        print(e)
        return False


def resolves(document, ref):
    try:
        return document.resolve({"$ref": ref}) is not None
    except Exception:
        return False


def check_operation(document, op):
    in_path = set(re.findall(r"{(\w+)}", op.path))
    check(in_path == set(op.named("path")), "%s: declares the parameters of its path" % op.name)
    if op.body and "example" in op.body["content"].get("application/json", {}):
        example = op.body["content"]["application/json"]["example"]
        check(document.accepts(op.body_schema, example), "%s: its example follows its schema" % op.name)


# ---- the document and the route table

def check_routes(document):
    worker = os.path.join(os.environ.get("BUILD", "build"), "mvti-worker")
    printed = run([os.path.join(ROOT, worker), "--routes"], 20)
    table = set(printed.stdout.split("\n")) - {""}
    described = {op.name for op in document.operations()}
    check(printed.returncode == 0 and len(table) > 0, "the worker prints its routes")
    for route in sorted(table ^ described):
        check(False, "%s is %s" % (route, "not in the document" if route in table else "no route of the worker"))
    check(table == described, "the routes of the worker are the paths of the document")


# ---- one answer against the document

def verify(op, answer, label, wanted=None, down=False):
    """The status is documented (and the wanted one), body and headers are as its response says."""
    said = "%s: %s: %d" % (op.name, label, answer.status)
    if answer.status >= 500 and not (down and answer.status == 503):
        return check(False, "%s %s" % (said, answer.body[:300]))
    if not check(str(answer.status) in op.responses, "%s is documented" % said):
        return False
    response = op.responses[str(answer.status)]
    for name, header in response.get("headers", {}).items():
        header = op.document.resolve(header)
        if header.get("required"):
            check(answer.headers.get(name) is not None, "%s has the header %s" % (said, name))
    fine = verify_body(op, answer, response, said)
    if wanted is not None:
        fine = check(answer.status in wanted, "%s, wanted %s %s" % (said, sorted(wanted), answer.body[:300])) and fine
    return fine


def verify_body(op, answer, response, said):
    content = response.get("content")
    if content is None:
        return check(answer.body == b"", "%s has no body" % said)
    if not check(answer.type in content, "%s with a documented type, not %r" % (said, answer.type)):
        return False
    value = answer.json() if answer.type.endswith("json") else answer.body.decode("latin-1" if answer.type.startswith("image/") else "utf-8")
    wrong = op.document.faults(content[answer.type]["schema"], value)
    return check(not wrong, "%s follows its schema: %s" % (said, "; ".join(wrong[:3])))


def verify_closed(op, answer):
    """A member too many or too few in the answer would be noticed."""
    schema = op.responses[str(answer.status)]["content"]["application/json"]["schema"]
    validator = op.document.validator(schema)
    optional = {"match", "tiebreak"}
    for place, value in strays(answer.json()):
        if place[-1] not in optional:
            check(not validator.is_valid(value), "%s: a change at /%s is noticed" % (op.name, "/".join(place)))


# ---- asking

class Asker:
    """Makes requests for an operation from what exists on the site."""

    def __init__(self, document, site):
        self.document, self.site = document, site
        home = site.ask("GET", "/api/v1/home").json()
        wall = site.ask("GET", "/api/v1/movies?limit=100&seed=1").json()
        more = site.ask("GET", "/api/v1/movies?limit=100&cursor=" + wall["next_cursor"]).json()
        self.movies = [m["id"] for m in wall["items"] + more["items"]]
        self.characters = [c["id"] for c in home["popular"]]
        self.token = self.new_token()
        for liked in self.characters[1:4]:  # what the list of likes has
            assert site.ask("PUT", "/api/v1/characters/%d/like" % liked, self.headers(True), b"{}").status == 200
            assert site.ask("PUT", "/api/v1/characters/%d/mark" % liked, self.headers(True), b'{"mark":"not_me"}').status == 200
        self.circle = self.new_circle()
        for _ in range(7):  # a full one, so that any two places may be compared
            friend = Site("http://%s:%d" % (site.host, site.port))
            joined = friend.ask("PUT", "/api/v1/circles/%s/me" % self.circle, self.headers(True),
                                json.dumps({"test": self.new_token(friend)}).encode())
            assert joined.status == 200, joined.body

    def test_bodies(self):
        films = self.movies[:4]
        return [{"mbti": "INFP", "enneagram": "4w5", "movies": films, "locale": "ko"},
                {"survey": [2, -2, 1, 0] * 3, "answers": ["withdrawn", "reactive", "4w5"], "movies": films},
                {"survey": [2, -2, 1, -1] * 4 + [None] * 12, "survey_version": 2, "enneagram": "4w5", "movies": films},
                {"mbti": "INFP", "enneagram": None, "movies": films},
                {"from": self.new_token(), "movies": films}]

    def bodies(self, op):
        """Good bodies of an operation, differing in kind."""
        films = self.movies[:4]
        return {
            "takeTest": self.test_bodies(),
            "giveFeedback": [{"list": "same", "value": "up"}, {"value": "up"}],
            "markCharacter": [{"mark": "seen"}, {"mark": "not_me", "list": "same", "position": 0}],
            "unmarkCharacter": [{"mark": "seen"}],
            "markMovie": [{"mark": "hidden"}, {"mark": "seen"}],
            "unmarkMovie": [{"mark": "hidden"}],
            "putProfile": [{"name": "봄", "locale": "ko"}, {"name": None}, {"locale": "en"}],
            "voteCharacter": [{"mbti": "INFP", "enneagram": "4w5"}, {"mbti": "ESTJ"}],
            "reportError": [{"about": "character", "id": self.characters[0], "kind": "type", "text": "🙂"}, {"about": "movie", "id": films[0], "kind": "link"}],
            "beginCircle": [{"test": self.token}, {"test": self.token, "name": "봄"}],
            "enterCircle": [{"test": self.token, "name": None}],
            "deleteMe": [{"confirm": "delete"}],
            "logOut": [{"everywhere": False}, {}],
            "reportEvents": [[{"kind": "impression", "character": self.characters[0], "movie": films[0],
                               "test": self.token, "list": "same", "position": 0}, {"kind": "share"}]],
        }.get(op.spec["operationId"], [{}])

    def new_circle(self):
        body = json.dumps({"test": self.new_token()}).encode()
        return self.site.ask("POST", "/api/v1/circles", self.headers(True), body).json()["circle"]

    def new_token(self, site=None):
        body = {"mbti": "INFP", "enneagram": "4w5", "movies": self.movies[:3]}
        answer = (site or self.site).ask("POST", "/api/v1/tests", self.headers(True), json.dumps(body).encode())
        return answer.json()["token"]

    def headers(self, unsafe):
        return {"Content-Type": "application/json", "Sec-Fetch-Site": "same-origin"} if unsafe else {}

    def known(self, op, name):
        if name == "id":
            return [(self.characters if "{id}" in op.path and ("/c" in op.path) else self.movies)[0]]
        if name == "token":
            if op.spec["operationId"] == "deleteMyTest":
                return [self.new_token()]
            if op.spec["operationId"] == "leaveCircle":
                return [self.new_circle()]
            return [self.circle if "circle" in op.path or op.path.startswith(("/w/", "/en/w/")) else self.token]
        values = {"provider": ["dev"], "mbti": ["INFP"], "enneagram": ["4w5"], "movies": self.movies[:101], "q": ["ㅇ"], "seed": ["123"]}
        return values.get(name, [])

    def target(self, op, path=(), query=None):
        text, values = op.path, dict(path)
        for name in op.named("path"):
            value = values[name] if name in values else self.known(op, name)[0]
            text = text.replace("{%s}" % name, quote(str(value), safe=""))
        return text + ("?" + urlencode(query) if query else "")

    def query(self, op):
        """The parameters that an operation needs or that go together."""
        given = {}
        for name in op.named("query"):
            if name in ("mbti", "enneagram"):
                given[name] = self.known(op, name)[0]
            elif name == "days":
                given[name] = 7
            elif name in ("style", "coping"):
                given[name] = {"style": "withdrawn", "coping": "reactive"}[name]
            elif name == "movies":
                given[name] = ",".join(map(str, self.known(op, name)[:3]))
        return given

    def ask(self, op, path=(), query=None, body=None, headers=None, method=None, target=None, cookie=True):
        target = target or self.target(op, path, self.query(op) if query is None else query)
        if body is None and op.body:
            body = self.bodies(op)[0]
        data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        headers = self.headers(op.unsafe) if headers is None else headers
        # Who signs out is somebody else each time, so that the visitor of the other operations stays.
        site = self.site if op.spec["operationId"] != "logOut" else Site("http://%s:%d" % (self.site.host, self.site.port))
        return site.ask(method or op.method, target, headers, data, cookie)


GOOD = {200, 201, 202, 204, 303}


def try_valid(asker, op):
    answer = asker.ask(op)
    verify(op, answer, "as it should be", GOOD)
    if answer.type == "application/json":
        verify_closed(op, answer)
    if op.named("path") and not op.is_page and not op.unsafe:
        verify(op, asker.ask(op, cookie=False), "to a stranger", GOOD)
    if not op.unsafe:
        head = asker.ask(op, method="HEAD")
        check(head.status == answer.status and head.body == b"", "%s: HEAD says the same" % op.name)
    if "304" in op.responses:
        same = asker.ask(op, headers={"If-None-Match": answer.headers["ETag"]})
        verify(op, same, "with the entity tag", {304})
        for name in set(UNKNOWN) & set(op.named("path")):
            lost = asker.ask(op, {name: UNKNOWN[name]}, headers={"If-None-Match": answer.headers["ETag"]})
            verify(op, lost, "unknown %s with the entity tag" % name, {404})


def try_path(asker, op):
    for name, parameter in op.named("path").items():
        known = asker.known(op, name)
        for text, value in candidates(asker.document, parameter["schema"], known):
            if text == "" and op.path.endswith("}/{%s}" % name):
                continue  # the address before it, with a slash
            fits = asker.document.accepts(parameter["schema"], value)
            if not fits:
                verify(op, asker.ask(op, {name: text}), "%s=%s" % (name, text), {404})
            elif not op.unsafe:
                verify(op, asker.ask(op, {name: text}), "%s=%s" % (name, text), {200, 303, 400, 404} if op.is_login else {200, 404})
        if name in UNKNOWN:
            verify(op, asker.ask(op, {name: UNKNOWN[name]}), "unknown %s" % name, {404})


def try_query(asker, op):
    for name, parameter in op.named("query").items():
        for text, value in candidates(asker.document, parameter["schema"], asker.known(op, name)):
            label = "%s=%s" % (name, text[:60])
            answer = asker.ask(op, query={**asker.query(op), name: text})
            if asker.document.accepts(parameter["schema"], value):
                verify(op, answer, label, {200, 400} if name in OPAQUE else {200})
            elif verify(op, answer, label, {400}):
                check(name in answer.fields(), "%s: %s names the field, not %s" % (op.name, label, answer.fields()))
        if parameter.get("required"):
            without = {k: v for k, v in asker.query(op).items() if k != name}
            answer = asker.ask(op, query=without)
            verify(op, answer, "without %s" % name, {400})
            check(name in answer.fields(), "%s: names the missing %s" % (op.name, name))
    if "movies" in op.named("query"):
        films = [*asker.movies[:3], int(UNKNOWN["id"])]
        verify(op, asker.ask(op, query={**asker.query(op), "movies": ",".join(map(str, films))}), "unknown film", {400})


def try_cursor(asker, op):
    """All pages to the end; and cursors that no list gave."""
    query, seen = {**asker.query(op), "limit": 100}, []
    for _ in range(100):
        answer = asker.ask(op, query=query)
        if not verify(op, answer, "page %s" % query.get("cursor"), {200}):
            return
        seen += [item.get("token") or item.get("character", item)["id"] for item in answer.json()["items"]]
        if answer.json()["next_cursor"] is None:
            break
        query["cursor"] = answer.json()["next_cursor"]
    check(answer.json()["next_cursor"] is None and len(seen) == len(set(seen)) > 0, "%s: no repeats" % op.name)
    for wrong in ("x", "-", "1-", "-1", "1--1", "zz-1", "1-fffffffff", "1-1-1"):
        answer = asker.ask(op, query={"cursor": wrong})
        verify(op, answer, "cursor=%s" % wrong, {400})
        check("cursor" in answer.fields(), "%s: names the cursor %s" % (op.name, wrong))


def try_pair(asker, op):
    """enneagram goes with mbti only, which may stand alone."""
    names = ("mbti", "enneagram")
    with_both, without = asker.ask(op), asker.ask(op, query={})
    lists = [k for k in ("characters", "others", "similar") if k in with_both.json()]
    for key in lists:
        check(all("match" in c for c in with_both.json()[key]), "%s: match in %s for a personality" % (op.name, key))
        check(not any("match" in c for c in without.json()[key]), "%s: no match in %s without" % (op.name, key))
    answer = asker.ask(op, query={name: "" for name in names})
    verify(op, answer, "both empty", {400})
    check(answer.fields() == set(names), "%s: both empty names %s" % (op.name, answer.fields()))
    answer = asker.ask(op, query={"enneagram": asker.known(op, "enneagram")[0]})
    verify(op, answer, "enneagram alone", {400})
    check("mbti" in answer.fields(), "%s: enneagram alone names mbti" % op.name)
    alone = asker.ask(op, query={"mbti": asker.known(op, "mbti")[0]})
    verify(op, alone, "mbti alone", {200})
    for key in lists:
        check(all(c["match"]["enneagram"] is None for c in alone.json()[key]), "%s: in %s nobody is similar to no Enneagram type" % (op.name, key))


BROKEN_BODIES = (b"{", b"", b"[1,]", b"{'a':1}", b'{"a":NaN}', b"\xff", b'"\xed\xa0\x80"', b"{} {}", b"[" * 500,
                 b'{"a":"\x00"}')


def try_body(asker, op):
    bounds = edges(asker.document, op.body_schema)
    for good in asker.bodies(op):
        verify(op, asker.ask(op, body=good), "body %s" % json.dumps(good)[:80], GOOD)
        for place, value in mutants(good, bounds):
            sent = json.dumps(value, ensure_ascii=False)
            label = "body with a change at /%s: %s" % ("/".join(map(str, place)), sent[:120])
            answer = asker.ask(op, body=sent.encode())
            if asker.document.accepts(op.body_schema, value):
                verify(op, answer, label, GOOD | {400} if names_thing(place) else GOOD)
            elif refused_alone(answer, place):
                verify(op, answer, label, {202})
            elif verify(op, answer, label, {400, 413}):
                check_named(op, place, answer, label)
    for text in BROKEN_BODIES:
        if text == b"" and not op.body.get("required"):
            continue
        answer = asker.ask(op, body=text)
        verify(op, answer, "body %r" % text[:20], {400})
        named = answer.fields() if text == b"" else answer.fields() & {"body"}
        check(named, "%s: body %r names the body, not %s" % (op.name, text[:20], answer.fields()))


def refused_alone(answer, place):
    """A report goes on without the event that is wrong, and names it."""
    return answer.status == 202 and bool(place) and [r["index"] for r in answer.json()["refused"]] == [place[0]]


def names_thing(place):
    """An id may follow its schema and still be of nothing."""
    return bool(place) and (place[-1] in ("character", "movie", "test", "id", "from") or "movies" in place[:-1])


def try_films(asker, op):
    """The list of loved films in a body: its length, films that the catalog lacks, and ten thousand."""
    for films, wanted in ((asker.movies[:100], {201}), (asker.movies[:101], {400}),
                          ([*asker.movies[:3], int(UNKNOWN["id"])], {400}), (list(range(1, 10001)), {413})):
        answer = asker.ask(op, body={**asker.bodies(op)[0], "movies": films})
        verify(op, answer, "%d films" % len(films), wanted)
        follows = asker.document.accepts(op.body_schema, {**asker.bodies(op)[0], "movies": films})
        check(follows or 201 not in wanted, "%s: %d films follow the schema" % (op.name, len(films)))
        check(201 in wanted or answer.fields() & {"movies", "body"}, "%s: %d films: names it" % (op.name, len(films)))


def check_named(op, place, answer, label):
    """The problem names the member in which something changed; reports of events name the body as a whole."""
    key = place[0] if place and isinstance(place[0], str) else "body"
    named = answer.fields() & ({key} | EITHER.get(key, set()))
    check(named or key == "body", "%s: %s names %s, not %s" % (op.name, label, key, answer.fields()))


def try_rules(asker, op):
    """What the dispatcher checks for every route."""
    if not op.is_probe:
        headers = {**asker.headers(op.unsafe), "Host": "elsewhere.example"}
        verify(op, asker.ask(op, headers=headers), "another host", {421})
    target = asker.target(op, query=asker.query(op))
    join = "&" if "?" in target else "?"
    for bad in ("a=%zz", "a=%ff", "a=%00", "a=1&a=2", "&".join("p%d=" % i for i in range(200))):
        answer = asker.ask(op, target=target + join + bad)
        if op.is_page and (op.named("path") or "text/html" in op.responses["200"]["content"]):  # services add to its address what they like
            verify(op, answer, "query %s" % bad[:20], {200})
            continue
        verify(op, answer, "query %s" % bad[:20], {400})
        check("query" in answer.fields(), "%s: query %s names the query" % (op.name, bad[:20]))
    for size in (5000, 20000):
        answer = asker.ask(op, target=target + join + "a=" + "x" * size)
        verify(op, answer, "address of %d bytes" % size, {414})
    if op.unsafe:
        try_unsafe_rules(asker, op)


def try_unsafe_rules(asker, op):
    good = asker.headers(True)
    origin = "http://%s:%d" % (asker.site.host, asker.site.port)
    for name, value in (("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Site", "same-site"),
                        ("Origin", "https://elsewhere.example"), ("Origin", "null")):
        answer = asker.ask(op, headers={"Content-Type": "application/json", name: value})
        verify(op, answer, "%s: %s" % (name, value), {403})
    verify(op, asker.ask(op, headers={"Content-Type": "application/json"}), "no word of where it comes from", {403})
    answer = asker.ask(op, headers={"Content-Type": "application/json", "Origin": origin})
    verify(op, answer, "this site's Origin", GOOD)
    for kind in ("text/plain", "application/x-www-form-urlencoded", "application/jsonx", ""):
        verify(op, asker.ask(op, headers={**good, "Content-Type": kind}), "Content-Type %r" % kind, {415})
    large = b'{"a":"' + b"x" * 40000 + b'"}'
    for body in (large, large + b" " * 60000):
        answer = asker.ask(op, body=body)
        verify(op, answer, "body of %d bytes" % len(body), {413})
        check("body" in answer.fields(), "%s: %d bytes: names the body, not %s" % (op.name, len(body), answer.fields()))


def try_start(asker, op):
    """Return addresses in both directions: what the schema accepts leads to the provider, what it refuses to the page."""
    schema = op.named("query")["return"]["schema"]
    for payload in [*map(quote, GOOD_PATHS), *(p for p in PAYLOADS[::3] if "&" not in p)]:
        path = unquote_to_bytes(payload).decode(errors="replace")
        fits = op.document.accepts(schema, path)
        answer = asker.ask(op, target="/auth/dev?return=" + payload)
        if verify(op, answer, "return=%s" % payload[:200], {303 if fits else 414 if len(payload) > 4000 else 400}) and fits:
            check(answer.headers["Location"].startswith(BASE + "/dev/"), "to the provider: %s" % answer.headers["Location"])
    for fits in GOOD_PATHS:
        check(op.document.accepts(schema, fits), "%s may be returned to" % fits)
    for value, headers, wanted in (("link", {"Sec-Fetch-Site": "same-origin"}, 403), ("link", {"Sec-Fetch-Site": "cross-site"}, 400),
                                   ("link", {"Sec-Fetch-Site": "none"}, 400), ("link", {}, 400), ("links", {}, 400), ("", {}, 400)):
        answer = asker.ask(op, query={"action": value}, headers=headers)
        verify(op, answer, "action=%s of a guest, %s" % (value, headers), {wanted})
        check(cause(answer) == ("stale" if wanted == 403 else "request"), "action=%s, %s: %s" % (value, headers, cause(answer)))
    answer = asker.ask(op, query={"action": "link", "proof": "A" * 43})
    verify(op, answer, "link with the proof of nobody", {400})


def try_finish(asker, op):
    who = Site("http://%s:%d" % (asker.site.host, asker.site.port))
    url = callback(who, "dev", "openapi", "/liked")
    for name, text in (("state", None), ("state", ""), ("state", "s" * 42), ("state", "s" * 43), ("code", None), ("code", ""),
                       ("code", "x" * 2049), ("error", "both")):
        verify(op, who.ask("GET", with_query(url, **{name: text})), "%s=%s" % (name, text), {400})
    answer = who.ask("GET", url)
    verify(op, answer, "as it should be", {303})
    check(answer.headers["Location"] == "/liked" and answer.headers["Set-Cookie"], "signed in")
    again = who.ask("GET", url)
    verify(op, again, "once more", {303})
    check(again.headers["Location"] == "/liked" and not again.headers["Set-Cookie"], "once more: the same page and no other session")
    verify(op, Site("http://%s:%d" % (asker.site.host, asker.site.port)).ask("GET", url), "once more, in another browser", {400})
    cancelled = local(at_provider(start(who, "dev").headers["Location"], press="cancel"))
    verify(op, who.ask("GET", cancelled), "cancelled", {403})


def try_login_rules(asker, op):
    """As try_rules, but it is a browser that waits: pages."""
    target = asker.target(op)
    verify(op, asker.ask(op, headers={"Host": "elsewhere.example"}), "another host", {421})
    for label, changed in (("an escape that is none", {"target": target + "?a=%zz"}), ("a name twice", {"target": target + "?a=1&a=2"})):
        verify(op, asker.ask(op, **changed), label, {400})
    for size in (5000, 20000):
        verify(op, asker.ask(op, target=target + "?a=" + "x" * size), "address of %d bytes" % size, {414})


def try_hook(asker, op):
    """What a provider calls, in its own form and with its own key."""
    with open(os.path.join(os.environ["MVTI_TEST_STACK"], "secrets", "provider-kakao-admin"), encoding="utf-8") as f:
        key = {"Authorization": "KakaoAK " + f.read().strip()}
    form = {"Content-Type": "application/x-www-form-urlencoded"} if op.unsafe else {}

    def hear(asked, headers=None, provider="kakao", body=None):
        target = "/auth/%s/unlink" % provider + ("" if op.unsafe else "?" + asked)
        return asker.site.ask(op.method, target, form | (key if headers is None else headers), (body or asked.encode()) if op.unsafe else None)

    verify(op, hear("user_id=nobody&app_id=1"), "as it should be", {200})
    for wrong in ({}, {"Authorization": "KakaoAK x"}, {"Authorization": key["Authorization"][8:]}, {"Cookie": "mvti=" + "a" * 43}):
        verify(op, hear("user_id=nobody", wrong), "another key", {403})
    for wrong in ("", "app_id=1", "user_id=", "user_id=%zz", "user_id=1&user_id=2", "user_id=%00"):
        verify(op, hear(wrong), wrong, {400})
    for other in ("google", "nobody", "KAKAO", "x" * 40):
        verify(op, hear("user_id=1", provider=other), other, {404})
    verify(op, hear("user_id=1", key | {"Host": "elsewhere.example"}), "another host", {421})
    if op.unsafe:
        verify(op, hear("user_id=1", key | {"Content-Type": "application/json"}), "JSON", {415})
        verify(op, hear("", body=b"user_id=" + b"x" * 40000), "a large body", {413})


def check_methods(asker):
    """Methods that an address does not have: 405, a problem, and Allow says which it has."""
    problem = {"$ref": "#/components/schemas/Problem"}
    by_path = {}
    for op in asker.document.operations():
        by_path.setdefault(op.path, []).append(op)
    for path, ops in by_path.items():
        has = {o.method for o in ops} | ({"HEAD"} if any(o.method == "GET" for o in ops) else set())
        target = asker.target(ops[0])
        for method in {"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"} - has:
            body = None if method in ("GET", "HEAD") else b"{}"
            answer = asker.site.ask(method, target, asker.headers(True), body)
            said = "%s %s" % (method, path)
            check(answer.status == 405, "%s: %d, wanted 405" % (said, answer.status))
            allowed = {m.strip() for m in (answer.headers.get("Allow") or "").split(",")}
            check(allowed == has, "%s: Allow %s, wanted %s" % (said, allowed, has))
            if method != "HEAD" and check(answer.type == "application/problem+json", "%s: a problem" % said):
                check(not asker.document.faults(problem, answer.json()), "%s: follows the schema" % said)
    for target in ("/api/v1/nothing", "/api/v1/", "/api/v1/movies/", "/api/v2/home", "/api/v1/mine"):
        answer = asker.site.ask("GET", target)
        check(answer.status == 404 and answer.type == "application/problem+json", "GET %s: a 404 problem" % target)


FORM = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}


def form_of(asker, site, path):
    """The fields of a finished test, with a ticket that the site has just given."""
    page = site.ask("GET", path).body.decode()
    return {"age": "14", "step": "films", "ticket": re.search(r'name="ticket" value="([^"]+)"', page)[1], "mbti": "INFP", "enneagram": "4w5"} | \
        {"m%d" % m: "1" for m in asker.movies[:3]}


def send_form(op, site, fields, headers=FORM):
    return site.ask("POST", op.path, headers, fields if isinstance(fields, bytes) else urlencode(fields).encode())


def send_form_in_time(op, site, fields):
    """Until the ticket is old enough, as the answers say."""
    patience = Patience(60)
    while True:
        answer = send_form(op, site, fields)
        if answer.status != 429 or not patience.lasts():
            return answer
        verify(op, answer, "just now", {429})
        time.sleep(0.2)


def try_form(asker, op):
    site = Site("http://%s:%d" % (asker.site.host, asker.site.port))
    fields = form_of(asker, site, op.path)
    verify(op, send_form(op, site, fields, {"Content-Type": FORM["Content-Type"]}), "from nowhere", {403})
    verify(op, send_form(op, site, fields, FORM | {"Sec-Fetch-Site": "cross-site"}), "cross-site", {403})
    verify(op, send_form(op, site, fields, FORM | {"Host": "elsewhere.example"}), "another host", {421})
    verify(op, send_form(op, site, {k: v for k, v in fields.items() if k != "ticket"}), "no ticket", {403})
    verify(op, send_form(op, site, b"{}", FORM | {"Content-Type": "application/json"}), "JSON", {415})
    verify(op, send_form(op, site, b"q=" + b"x" * 20000), "too large", {413})
    verify(op, send_form(op, site, b"a=1&a=2"), "a name twice", {400})
    answer = send_form_in_time(op, site, fields)
    verify(op, answer, "as it should be", {303})
    prefix = "/en" if op.path.startswith("/en/") else ""
    check(re.fullmatch(prefix + "/r/[A-Za-z0-9_-]{22}", answer.headers.get("Location") or ""), "%s: leads to the result" % op.name)
    few = {k: v for k, v in form_of(asker, site, op.path).items() if not re.fullmatch(r"m\d+", k)}
    verify(op, send_form_in_time(op, site, few), "no films", {400})


PERSON = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0"}  # who says nothing of itself is a program, and gets less of a circle


def try_circle_form(asker, op):
    """A friend with a test of their own joins, changes the name and leaves, by what the page says."""
    site = Site("http://%s:%d" % (asker.site.host, asker.site.port))
    prefix = "/en" if op.path.startswith("/en/") else ""
    test = asker.new_token(site)
    circle = At(op, op.path.replace("{token}", asker.new_circle()))
    page = site.ask("GET", circle.path, PERSON).body.decode()
    fields = {"ticket": re.search(r'name="ticket" value="([^"]+)"', page)[1], "test": test, "name": "J", "age": "14"}
    verify(op, send_form(circle, site, fields, {"Content-Type": FORM["Content-Type"]}), "from nowhere", {403})
    verify(op, send_form(circle, site, fields, FORM | {"Sec-Fetch-Site": "cross-site"}), "cross-site", {403})
    verify(op, send_form(circle, site, {k: v for k, v in fields.items() if k != "ticket"}), "no ticket", {403})
    verify(op, send_form(circle, site, b"{}", FORM | {"Content-Type": "application/json"}), "JSON", {415})
    verify(op, send_form(circle, site, b"a=1&a=2"), "a name twice", {400})
    for lacking in "test", "age":
        verify(op, send_form(circle, site, {k: v for k, v in fields.items() if k != lacking}), "no " + lacking, {400})
    for done, to in (fields, circle.path), (fields | {"name": "K"}, circle.path), ({"ticket": fields["ticket"], "leave": "1"}, prefix or "/"):
        answer = send_form(circle, site, done)
        verify(op, answer, "as it should be", {303})
        check(answer.headers.get("Location") == to, "%s: leads to %s" % (op.name, to))
    verify(op, send_form(circle, site, {"ticket": fields["ticket"], "leave": "1"}), "who is not in it leaves", {303})


def try_result_form(asker, op):
    """Who has a result begins a circle with it, by what its page says."""
    site = Site("http://%s:%d" % (asker.site.host, asker.site.port))
    result = At(op, op.path.replace("{token}", asker.new_token(site)))
    page = site.ask("GET", result.path, PERSON).body.decode()
    fields = {"ticket": re.search(r'name="ticket" value="([^"]+)"', page)[1]}
    verify(op, send_form(result, site, fields, {"Content-Type": FORM["Content-Type"]}), "from nowhere", {403})
    verify(op, send_form(result, site, {}), "no ticket", {403})
    verify(op, send_form(result, site, b"{}", FORM | {"Content-Type": "application/json"}), "JSON", {415})
    verify(op, send_form(result, site, b"a=1&a=2"), "a name twice", {400})
    answer = send_form(result, site, fields)
    verify(op, answer, "as it should be", {303})
    check("/w/" in answer.headers.get("Location", ""), "%s: leads to a circle" % op.name)


def part_of(op):
    return try_result_form if "/r/" in op.path else try_circle_form if "/w/" in op.path else try_form


class At:
    """An operation at an address."""
    def __init__(self, op, path):
        self.method, self.path = op.method, path


def check_without_database(asker):
    """The documented nulls, the unsaved result and the 503s."""
    stack = os.environ.get("MVTI_TEST_STACK")
    control = [os.path.join(ROOT, "tests", "harness", "stackctl"), stack]
    check(run(control + ["stop", "mariadb"], said=subprocess.DEVNULL).returncode == 0, "the database stops")
    try:
        for op in asker.document.operations():
            if op.spec["operationId"] not in ("deleteMyTest", "leaveCircle", "finishLogIn") and not op.is_hook and not op.is_form:
                verify(op, asker.ask(op), "without database", GOOD | {503}, down=True)
        body = json.dumps(asker.test_bodies()[0]).encode()
        taken = asker.site.ask("POST", "/api/v1/tests", asker.headers(True), body)
        check(taken.status == 200 and taken.json()["saved"] is False, "without database a test is said to be unsaved")
        character = asker.site.ask("GET", "/api/v1/characters/%d" % asker.characters[0])
        check(character.status == 200 and character.json()["likes"] is None, "without database likes are null")
    finally:
        check(run(control + ["start", "mariadb"], 120, said=subprocess.DEVNULL).returncode == 0, "the database starts")
        wait_until_saved(asker)


def wait_until_saved(asker):
    """Workers that have given the database up for a moment find it again; whoever tests next may count on it."""
    body, patience = json.dumps(asker.test_bodies()[0]).encode(), Patience(60)
    in_a_row = 0
    while in_a_row < 8 and patience.lasts():  # as many as there may be workers
        in_a_row = in_a_row + 1 if asker.site.ask("POST", "/api/v1/tests", asker.headers(True), body).status == 201 else 0
    check(in_a_row == 8, "tests are saved again")


PARTS = (
    (try_valid, lambda op: op.spec["operationId"] != "finishLogIn"),
    (try_path, lambda op: op.named("path")),
    (try_query, lambda op: op.named("query") and not op.is_login),
    (try_start, lambda op: op.spec["operationId"] == "logIn"),
    (try_finish, lambda op: op.spec["operationId"] == "finishLogIn"),
    (try_login_rules, lambda op: op.is_login and not op.unsafe),
    (try_cursor, lambda op: "cursor" in op.named("query")),
    (try_pair, lambda op: "mbti" in op.named("query") and not op.named("query")["mbti"].get("required")),
    (try_body, lambda op: op.body),
    (try_films, lambda op: op.spec["operationId"] == "takeTest"),
    (try_rules, lambda op: op.unsafe or not op.is_login),
)


def check_served(document, site):
    served = site.ask("GET", "/openapi.json")
    check(served.status == 200 and served.type == "application/json", "/openapi.json is served")
    check(served.json() == document.tree, "/openapi.json is the document")


def main():
    document = Document(os.path.join(ROOT, "www", "openapi.json"))
    test(check_document, document)
    test(check_routes, document)
    url = os.environ.get("MVTI_TEST_URL")
    if not url:
        sys.exit("MVTI_TEST_URL does not name a running site")
    site = Site(url)
    test(check_served, document, site)
    asker = Asker(document, site)
    for op in document.operations():
        # Of those who are signed in, and what cannot be done twice: tests/http/test_login.py and test_account.py.
        if "401" in op.responses or op.spec["operationId"] in ("deleteMe", "exportMe"):
            continue
        if op.is_hook or op.is_form:
            test(try_hook if op.is_hook else part_of(op), asker, op)
            continue
        for part, applies in PARTS:
            if applies(op):
                test(part, asker, op)
    test(check_methods, asker)
    test(check_without_database, asker)
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
