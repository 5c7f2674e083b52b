"""The OpenAPI document as the tests use it: its operations, its schemas as validators, and values that follow or break
a schema."""
import copy
import json
import re

from jsonschema import Draft202012Validator, RefResolver

METHODS = ("get", "put", "post", "delete")


class Operation:
    def __init__(self, document, path, method, spec):
        self.document, self.path, self.method, self.spec = document, path, method.upper(), spec
        self.name = "%s %s" % (self.method, path)
        self.parameters = [document.resolve(p) for p in spec.get("parameters", [])]
        self.responses = {code: document.resolve(r) for code, r in spec["responses"].items()}

    def named(self, place):
        return {p["name"]: p for p in self.parameters if p["in"] == place}

    @property
    def body(self):
        return self.spec.get("requestBody")

    @property
    def body_schema(self):
        return self.body["content"]["application/json"]["schema"]

    @property
    def unsafe(self):
        return self.method != "GET"

    @property
    def is_page(self):
        return self.spec["tags"] == ["pages"]

    @property
    def is_form(self):
        return self.spec["tags"] == ["forms"]

    @property
    def is_login(self):
        return self.spec["tags"] == ["login"]

    @property
    def is_hook(self):
        return self.spec["tags"] == ["hook"]

    @property
    def is_probe(self):
        return self.spec["tags"] == ["operation"]


class Document:
    def __init__(self, path):
        with open(path, encoding="utf-8") as f:
            self.tree = json.load(f)
        self.resolver = RefResolver("", self.tree)

    def resolve(self, node):
        while "$ref" in node:
            _, node = self.resolver.resolve(node["$ref"])
        return node

    def validator(self, schema):
        return Draft202012Validator(schema, resolver=self.resolver)

    def accepts(self, schema, value):
        return self.validator(schema).is_valid(value)

    def faults(self, schema, value):
        """What is wrong with a value, one line a fault."""
        found = sorted(self.validator(schema).iter_errors(value), key=lambda e: list(map(str, e.absolute_path)))
        return ["/%s: %s" % ("/".join(map(str, e.absolute_path)), e.message[:300]) for e in found]

    def operations(self):
        return [Operation(self, path, method, item[method])
                for path, item in self.tree["paths"].items() for method in METHODS if method in item]


def references(node):
    """Every $ref below a node."""
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


# Texts that some schema should refuse. Small letters of a type are missing on purpose: they are taken, and said to be.
WRONG_TEXTS = ["", "x", "-1", "0", "1.5", "1e3", " 1", "0x10", "99999999999999999999", "XXXX", "4w6", "ㄱ", "null",
               "NaN", "'", "<b>", "a" * 23]


def candidates(document, schema, known):
    """(text, value) pairs for a parameter: the text as sent, the value as the schema sees it. Some follow the schema,
    some break it. `known` are values that exist on the site."""
    schema = document.resolve(schema)
    texts = list_texts(schema, known) if schema["type"] == "array" else WRONG_TEXTS + [str(k) for k in known] + edge_texts(schema)
    return [(text, to_value(schema, text)) for text in dict.fromkeys(texts)]


def edge_texts(schema):
    texts = [str(v) for v in schema.get("enum", [])]
    for bound in ("minimum", "maximum"):
        if bound in schema:
            texts += [str(schema[bound] + step) for step in (-1, 0, 1)]
    if "maxLength" in schema:
        texts += ["ㅇ" * schema["maxLength"], "ㅇ" * (schema["maxLength"] + 1), "x" * (schema["maxLength"] + 1)]
    return texts


def list_texts(schema, known):
    def joined(values):
        return ",".join(map(str, values))
    least, most = schema["minItems"], schema["maxItems"]
    some = list(known[:least])
    return WRONG_TEXTS + [
        joined(known[:least - 1]), joined(some), joined(known[:most]), joined(known[:most + 1]),
        joined(some + some[:1]), joined(some + ["x"]), joined(some + [-1]), joined(some + [2147483648]),
        joined(some) + ",", "," + joined(some), joined(some + [""]), joined([" %s" % i for i in some])]


def to_value(schema, text):
    if schema["type"] == "array":
        return [to_value({"type": "integer"}, t) for t in text.split(",")] if text else []
    return int(text) if schema["type"] == "integer" and re.fullmatch(r"-?[0-9]+", text) else text


def edges(document, schema, numbers=None, lengths=None):
    """Numbers and list lengths at and just beyond every bound in a schema."""
    numbers, lengths = (set(), set()) if numbers is None else (numbers, lengths)
    schema = document.resolve(schema) if isinstance(schema, dict) else schema
    inside = schema.items() if isinstance(schema, dict) else enumerate(schema) if isinstance(schema, list) else ()
    for key, value in inside:
        if key in ("minimum", "maximum"):
            numbers |= {value - 1, value, value + 1}
        elif key in ("minItems", "maxItems"):
            lengths |= {value - 1, value, value + 1}
        elif key not in ("enum", "const", "required"):
            edges(document, value, numbers, lengths)
    return sorted(numbers), sorted(lengths)


WRONG_VALUES = [None, True, -1, 0, 1.5, 2 ** 63, 10 ** 30, "", "x", "1", "x" * 300, [], [[]], {}, {"x": 1}]


def mutants(value, bounds, place=()):
    """(place, value) pairs: the value with one thing changed somewhere; place[0] is the member it happened in."""
    numbers, lengths = bounds
    for wrong in WRONG_VALUES + (numbers if type(value) is int else []):
        if type(wrong) is not type(value) or wrong != value:
            yield place, copy.deepcopy(wrong)
    if isinstance(value, dict):
        yield place, {**value, "unexpected": 1}
        for key in value:
            yield place + (key,), {k: v for k, v in value.items() if k != key}
            for where, inner in mutants(value[key], bounds, place + (key,)):
                yield where, {**value, key: inner}
    elif isinstance(value, list) and value:
        for n in lengths:
            if n != len(value):
                yield place, (value * n)[:n]
        for i in (0, len(value) - 1):
            for where, inner in mutants(value[i], bounds, place + (i,)):
                yield where, value[:i] + [inner] + value[i + 1:]


def strays(value, seen=None, place=()):
    """(place, value) pairs: the answer with a member too many or one missing, once for each kind of object in it."""
    seen = set() if seen is None else seen
    if isinstance(value, dict):
        kind = (place, tuple(value))
        if kind not in seen:
            seen.add(kind)
            yield place + ("unexpected",), {**value, "unexpected": 1}
            for key in value:
                yield place + (key,), {k: v for k, v in value.items() if k != key}
        for key in value:
            for where, inner in strays(value[key], seen, place + (key,)):
                yield where, {**value, key: inner}
    elif isinstance(value, list):
        for i, item in enumerate(value):
            for where, inner in strays(item, seen, place + ("*",)):
                yield where, value[:i] + [inner] + value[i + 1:]
