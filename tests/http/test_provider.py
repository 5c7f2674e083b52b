#!/usr/bin/env python3
"""The stand-in for the login providers does what a provider does, and every wrong answer that a test can order is wrong
in its own way: a test of the site that waits for a refusal must not get an honest answer by mistake."""
import base64
import hashlib
import json
import pathlib
import re
import time
from urllib.parse import urlencode

from provider_control import BASE, PROVIDERS, at_provider, bend, control, counters, query, rotate, with_query
from site_client import Site
from stack import ROOT, STACK, URL, main

VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
PATHS = {"naver": ("/oauth2.0/authorize", "/oauth2.0/token")}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def secret(provider):
    return (STACK / "secrets" / f"provider-{provider}").read_text().strip()


def authorization(provider, **changes):
    asked = {"client_id": f"mvti-{provider}", "response_type": "code", "scope": "openid", "state": "s" * 43, "nonce": "n" * 43,
             "redirect_uri": f"{URL}/auth/{provider}/callback", "code_challenge": CHALLENGE, "code_challenge_method": "S256"}
    return with_query(f"{BASE}/{provider}{PATHS.get(provider, ('/auth',))[0]}", **(asked | changes))


def exchange(provider, code, **changes):
    form = {"grant_type": "authorization_code", "code": code, "client_id": f"mvti-{provider}", "client_secret": secret(provider),
            "redirect_uri": f"{URL}/auth/{provider}/callback", "code_verifier": VERIFIER} | changes
    return Site(BASE).ask("POST", f"/{provider}{PATHS.get(provider, ('', '/token'))[1]}", FORM, urlencode(form).encode())


def code(provider, subject="alex"):
    return query(at_provider(authorization(provider), subject))["code"]


def part(token, i):
    text = token.split(".")[i]
    return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


def test_everybody_can_sign_in_at_each_of_them():
    for provider in PROVIDERS:
        back = query(at_provider(authorization(provider), "alex"))
        assert back["state"] == "s" * 43 and back["iss"] == f"{BASE}/{provider}"
        answer = exchange(provider, back["code"])
        told = answer.json()
        assert answer.status == 200 and told["access_token"], (provider, answer.body)
        bearer = {"Authorization": f"Bearer {told['access_token']}"}
        if provider == "naver":
            assert "id_token" not in told
            assert Site(BASE).ask("GET", "/naver/v1/nid/me", bearer).json() == {
                "resultcode": "00", "message": "success", "response": {"id": "alex", "nickname": "alex"}}
            assert Site(BASE).ask("GET", "/naver/v1/nid/me", {"Authorization": "Bearer x"}).status == 401
            continue
        claims = part(told["id_token"], 1)
        assert (claims["iss"], claims["aud"], claims["sub"], claims["nonce"]) == (
            f"{BASE}/{provider}", f"mvti-{provider}", "alex", "n" * 43)
        assert claims["email"] == "alex@example.com", "the same at every provider"
        keys = Site(BASE).ask("GET", f"/{provider}/jwks").json()["keys"]
        assert [k["kid"] for k in keys] == [part(told["id_token"], 0)["kid"]] and part(told["id_token"], 0)["alg"] == "RS256"


def test_the_page_signs_in_and_cancels():
    assert query(at_provider(authorization("dev")))["code"]
    assert query(at_provider(authorization("dev"), press="cancel"))["error"] == "access_denied"


def test_pkce_the_secret_and_single_use_are_insisted_on():
    for changes in {"code_verifier": "w" * 43}, {"code_verifier": None}, {"client_secret": "wrong"}, {"client_secret": None}:
        form = {k: v for k, v in changes.items() if v is not None}
        missing = [k for k, v in changes.items() if v is None]
        answer = exchange("dev", code("dev"), **form, **{k: "" for k in missing})
        assert answer.status in (400, 401), (changes, answer.status)
    assert query(at_provider(authorization("dev", code_challenge=None, code_challenge_method=None), "alex"))["error"] == "invalid_request"
    used = code("dev")
    assert exchange("dev", used).status == 200 and exchange("dev", used).status == 400
    assert exchange("google", code("dev")).status == 400, "another provider's code"
    assert counters("dev")["most_a_code"] == 2


def test_rotation_changes_the_key():
    def kids():
        return [k["kid"] for k in Site(BASE).ask("GET", "/google/jwks").json()["keys"]]
    first = kids()
    rotate("google", keep=True)
    second = kids()
    assert len(second) == 2 and second[1:] == first
    rotate("google")
    assert len(kids()) == 1 and kids()[0] not in second


def bends(kind):
    """The names of bends.mjs of one kind, as the server has them."""
    return [name for name in control("GET", "bends") if name.split(".")[0] == kind]


def test_every_wrong_token_is_another_one():
    seen = {}
    for what in bends("id_token"):
        bend("dev", what)
        told = exchange("dev", code("dev")).json()
        token = told.get("id_token")
        seen[what] = token
        assert told["access_token"]
    for what, there in {"nonce": "A" * 43, "aud": "another-client", "iss": "https://elsewhere.example", "sub_number": 7}.items():
        assert part(seen[f"id_token.{what}"], 1)[what.split("_")[0]] == there
    for what, alg in {"alg_none": "none", "hs256": "HS256", "rs512": "RS512"}.items():
        assert part(seen[f"id_token.{what}"], 0)["alg"] == alg
    assert part(seen["id_token.expired"], 1)["exp"] < time.time() - 300
    assert seen["id_token.missing"] is None and seen["id_token.number"] == 42
    for what, claim in {"no_sub": "sub", "no_nonce": "nonce", "no_exp": "exp", "no_aud": "aud", "no_iss": "iss"}.items():
        assert claim not in part(seen[f"id_token.{what}"], 1)
    assert len(seen) >= 30


def test_every_other_wrong_answer_is_wrong_once():
    paths = {"jwks": "/jwks", "discovery": "/.well-known/openid-configuration", "profile": "/v1/nid/me"}
    for kind, path in paths.items():
        provider = "naver" if kind == "profile" else "dev"
        bearer = {"Authorization": f"Bearer {exchange('naver', code('naver')).json()['access_token']}"}
        honest = Site(BASE).ask("GET", f"/{provider}{path}", bearer)
        assert honest.status == 200
        for what in bends(kind):
            if what.split(".")[1] in ("slow", "drip"):
                continue
            bend(provider, what, 2 if what.endswith(".reset") else 1)  # Site asks again after a reset
            try:
                answer = Site(BASE).ask("GET", f"/{provider}{path}", bearer)
                bent = (answer.status, answer.body)
                assert bent != (200, honest.body), what
                assert len(answer.body) > 2 << 20 or not what.endswith("oversized")
            except OSError:
                assert what.endswith(".reset"), what
            assert Site(BASE).ask("GET", f"/{provider}{path}", bearer).body == honest.body, f"{what}: once"


def test_every_redirect_can_be_wrong():
    honest = at_provider(authorization("dev"), "alex")
    for what in bends("answer"):
        bend("dev", what)
        url = at_provider(authorization("dev"), "alex")
        assert set(re.findall(r"[?&](\w+)=", url)) != set(re.findall(r"[?&](\w+)=", honest)) or what in (
            "answer.iss", "answer.code", "answer.state") or url.count("=") > honest.count("="), (what, url)


def test_nothing_outside_this_machine_and_no_other_name_is_answered():
    assert Site(BASE).ask("GET", "/dev/jwks", {"Host": "evil.example"}).status == 421
    assert Site(BASE).ask("GET", "/other/jwks").status == 404
    assert (ROOT / "tests/provider/package-lock.json").exists() and pathlib.Path(STACK / "secrets").stat().st_mode & 0o77 == 0


if __name__ == "__main__":
    main(globals())
