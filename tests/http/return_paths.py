"""Return addresses as attackers write them, already escaped for a query, and a few that a visitor has. Tricks from the lists
of mod_auth_openidc and of the URL standard's tests: hosts, slashes, schemes, userinfo, control bytes, double escapes."""
from urllib.parse import quote

GOOD = ("/", "/liked", "/c/12", "/test?step=3", "/t/INFP?a=b&c=d", "/r/" + "a" * 22)

HOSTS = ("evil.example", "evil.example:80", "127.0.0.1@evil.example", "127.0.0.1:8080@evil.example", "127.0.0.1.evil.example",
         "evil%2eexample", "[::1]", "2130706433", "evil。example")
FRONTS = ("//", "///", "////", "/\\", "\\/", "\\\\", "\\", "/\\/", "//\\", "/./\\", "/.//", "/..//", "/;//", "//;@", "/\t/", "/\n/", "/\r/",
          "\t//", " //", "\n//", "\x00//", "\x0b//", "/\x00/", "/ /", "http:", "http:/", "http://", "http:///", "https:", "https://",
          "https:\\\\", "HtTpS://", "hTTp:\\", "ht\ttps://", "\x01https://", "https://127.0.0.1@", "javascript://", "data:text/html,//",
          "ftp://", "file://", "blob:https://", "view-source:https://", "//127.0.0.1@", "/%2f", "/%2F", "%2f%2f", "%2f/", "/%5c", "/%5C",
          "%5c%5c", "/%09/", "/%0a/", "/%0d/", "/%00/", "%09//", "/%252f", "%252f%252f", "/%255c", "/%c0%af", "/%e3%80%82/",
          "／／", "/／", "∕∕", "/․//", "/\u2028/", "/\u200b/", "?//", "#//", ".//", "..//", "@", "")
TAILS = ("", "/", "/a/..")


def payloads():
    for front in FRONTS:
        for host in HOSTS:
            for tail in TAILS if host == HOSTS[0] else TAILS[:1]:
                yield quote(front + host + tail, safe="")
        # As they stand, where the query allows it: one level of escapes less.
        if front.isascii() and front.isprintable() and "#" not in front and "&" not in front and " " not in front:
            yield front + HOSTS[0]
    for path in ("javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "data:text/html,x", "vbscript:x", "about:blank",
                 "mailto:a@evil.example", "/\r\nSet-Cookie: a=b", "/\r\nLocation: //evil.example", "/%0d%0aSet-Cookie:a=b", "/a\x7f",
                 "/" + "a" * 3000, "/\ud83d".encode("utf-16", "surrogatepass").decode("utf-16", "replace"), "/auth/dev", "/auth/logout",
                 "/auth/dev/callback?code=x&state=y", "/api/v1/me", "", "%", "%zz", "/%", "/%f", "/%ff%fe", "\xff", "*", "0", "null"):
        yield quote(path, safe="")
    yield from ("//evil.example&return=/", "/&return=//evil.example", "/&return=/liked", "/&return")


PAYLOADS = list(payloads())
