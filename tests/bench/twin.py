"""The twin: what many would write in place of MVTI, Django + gunicorn + NumPy + mysqlclient, on the same catalog and the same MariaDB with the same tables.

It recommends by one EASE matrix where the site joins four models, and says of each character which films spoke for it by which share, but not what they
have in common; the match has the site's parts (lib/app/recommend.h) without strange films. It stores the same rows in one transaction. So it does somewhat less
work than the site, and nothing that the site does not do: no session, template, middleware or log of Django's own.

Environment: TWIN_SOCKET, TWIN_DATABASE, TWIN_USER, TWIN_RATINGS (a CSV file with userId, movieId, rating), TWIN_REFERENCE (sql/reference). gunicorn loads
it once with --preload, and the processes share the matrix.
"""
import csv
import datetime
import hashlib
import json
import os
import pathlib
import secrets

import django
import numpy as np
from django.conf import settings

settings.configure(
    SECRET_KEY=secrets.token_hex(), ALLOWED_HOSTS=["127.0.0.1"], ROOT_URLCONF=__name__, MIDDLEWARE=[], INSTALLED_APPS=[], USE_TZ=False, LOGGING_CONFIG=None,
    DATABASES={"default": {"ENGINE": "django.db.backends.mysql", "NAME": os.environ["TWIN_DATABASE"], "USER": os.environ["TWIN_USER"],
                           "HOST": os.environ["TWIN_SOCKET"], "CONN_MAX_AGE": None, "OPTIONS": {"charset": "utf8mb4"}}})
django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connection, connections, models, transaction  # noqa: E402
from django.http import JsonResponse  # noqa: E402
from django.urls import path  # noqa: E402

FILM, ENNEAGRAM, CERTAINTY, FAME, NEAR_STEP, A_LIST, A_FILM = 65, 15, 5, 15, 15, 20, 2
LIKED, RIDGE = 4, 400


def table_of(name):
    class Meta:
        app_label, db_table, managed = "twin", name, False
    return Meta


class Visitor(models.Model):
    visitor_id = models.BigAutoField(primary_key=True)
    counted = models.IntegerField()
    created_at = models.DateTimeField()
    Meta = table_of("visitor")


class Arrival(models.Model):
    proof_hash = models.BinaryField(primary_key=True)
    network_hash = models.BinaryField()
    created_at = models.DateTimeField()
    Meta = table_of("arrival")


class Session(models.Model):
    session_id = models.BigAutoField(primary_key=True)
    visitor_id = models.BigIntegerField()
    token_hash = models.BinaryField()
    created_at, last_seen_at, expires_at, ends_at = (models.DateTimeField() for _ in range(4))
    client = models.CharField(max_length=40)
    Meta = table_of("session")


class Test(models.Model):
    test_id = models.BigAutoField(primary_key=True)
    token = models.CharField(max_length=22)
    visitor_id = models.BigIntegerField()
    mbti, enneagram, locale, snapshot_id, feedback = (models.CharField(max_length=64) for _ in range(5))
    crowd, left_out_characters, left_out_movies = (models.IntegerField() for _ in range(3))
    created_at = models.DateTimeField()
    Meta = table_of("test")


class Change(models.Model):
    change_id = models.BigAutoField(primary_key=True)
    what = models.CharField(max_length=12)
    a, b = models.BigIntegerField(), models.BigIntegerField()
    Meta = table_of("change_new")


def rows(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def likes(at):
    """Users by films, 1 where a rating is a like."""
    users, cells = {}, []
    with open(os.environ["TWIN_RATINGS"], newline="") as f:
        for row in csv.reader(f):
            if row[0].isdigit() and int(row[1]) in at and float(row[2]) >= LIKED:
                cells.append((users.setdefault(row[0], len(users)), at[int(row[1])]))
    x = np.zeros((len(users), len(at)), np.float32)
    x[tuple(np.array(cells).T)] = 1
    return x


def ease(x):
    """Steck, WWW 2019: B = I − P diag(1/P), P = (XᵀX + λI)⁻¹."""
    p = np.linalg.inv(x.T @ x + RIDGE * np.eye(x.shape[1], dtype=np.float32))
    b = -p / np.diag(p)
    np.fill_diagonal(b, 0)
    return b.astype(np.float32)


class Catalog:
    def __init__(self):
        reference = pathlib.Path(os.environ["TWIN_REFERENCE"])
        self.movie_ids = [row[0] for row in rows("SELECT movie_id FROM movie ORDER BY movie_id")]
        self.movie_at = {movie: i for i, movie in enumerate(self.movie_ids)}
        self.links = ease(likes(self.movie_at))
        self.read_similarity(reference / "enneagram_similarity.csv")
        self.partners = {row["mbti"]: row["other"] for row in csv.DictReader(open(reference / "mbti_compatibility.csv")) if row["partner"] == "1"}
        self.read_characters()

    def read_similarity(self, file):
        lines = list(csv.reader(open(file)))
        self.wing_at = {wing: i for i, wing in enumerate(lines[0][1:])}
        self.similarity = np.array([line[1:] for line in lines[1:]], np.float32)

    def read_characters(self):
        found = rows("SELECT c.character_id, c.movie_id, c.name_ko, c.name_en, c.mbti, c.enneagram, c.votes, c.image_url, m.title_ko, m.title_en, m.year, "
                     "COALESCE(m.popularity, 0) FROM film_character c JOIN movie m ON m.movie_id = c.movie_id ORDER BY c.character_id")
        self.characters = [dict(zip(("id", "movie_id", "name_ko", "name_en", "mbti", "enneagram", "votes", "image", "title_ko", "title_en", "year"), row))
                           for row in found]
        self.movie_of = np.array([self.movie_at[row[1]] for row in found])
        self.wing_of = np.array([self.wing_at[row[5]] for row in found])
        self.certainty = np.array([row[6] / (row[6] + 50) if row[6] is not None else .5 for row in found], np.float32)
        fame = np.log1p(np.array([row[11] for row in found], np.float32))
        types = np.array([row[4] for row in found])
        self.letters = np.array([list(mbti) for mbti in types])
        self.fame = np.zeros(len(found), np.float32)
        for mbti in set(types):
            self.fame[types == mbti] = fame[types == mbti] / max(fame[types == mbti].max(), 1)


catalog = Catalog()
connections.close_all()


def share_below(values):
    """Of each, the share of those that are less."""
    return np.searchsorted(np.sort(values), values, side="left") / max(len(values), 1)


def affinities(chosen):
    scores = catalog.links[chosen].sum(axis=0)
    f = share_below(scores) ** 4
    f[scores <= 0] = 0
    return f


def match_list(mbti, other, wing, chosen, f):
    """The characters of a type, then of those a letter or two away, by their match, at most two of a film."""
    own, theirs = (catalog.letters != list(mbti)).sum(axis=1), (catalog.letters != list(other)).sum(axis=1)
    similar = catalog.similarity[catalog.wing_at[wing]][catalog.wing_of]
    points = (FILM * f[catalog.movie_of] + ENNEAGRAM * similar + CERTAINTY * catalog.certainty + FAME * catalog.fame) / 100
    free = ~np.isin(catalog.movie_of, chosen) & (own <= theirs)
    taken, out = {}, []
    for distance in range(3):
        at = np.flatnonzero(free & (own == distance))
        above = share_below(points[at])
        for i in np.argsort(-points[at], kind="stable"):
            film = catalog.movie_of[at[i]]
            if taken.get(film, 0) < A_FILM:
                taken[film] = taken.get(film, 0) + 1
                out.append((at[i], distance, (100 - NEAR_STEP * distance) / 100 * above[i], above[i], similar[at[i]], points[at[i]]))
                if len(out) == A_LIST:
                    return out
    return out


def because(chosen, film):
    shares = np.maximum(catalog.links[chosen, film], 0)
    total = shares.sum()
    order = np.argsort(-shares)
    return [{"movie_id": catalog.movie_ids[chosen[i]], "share": round(float(shares[i] / total), 4)} for i in order if shares[i] > 0]


def describe(item, kind, chosen, f):
    at, distance, match, above, similar, points = item
    film = catalog.movie_of[at]
    return {"character": catalog.characters[at], "match": round(100 * float(match)), "match_type": kind if distance == 0 else "near",
            "enneagram_similarity": round(float(similar), 4), "film": round(100 * float(f[film])), "points": round(100 * float(points)),
            "above": round(100 * float(above)), "because": because(chosen, film)}


def recommend(mbti, wing, movies):
    chosen = np.array([catalog.movie_at[movie] for movie in movies])
    f, partner = affinities(chosen), catalog.partners[mbti]
    return {"same": [describe(item, "same", chosen, f) for item in match_list(mbti, partner, wing, chosen, f)],
            "compatible": [describe(item, "compatible", chosen, f) for item in match_list(partner, mbti, wing, chosen, f)]}


def recommendations(request):
    asked = request.GET
    return JsonResponse(recommend(asked["mbti"], asked["enneagram"], [int(movie) for movie in asked["movies"].split(",")]))


def new_guest(now, token):
    network = hashlib.blake2b(b"127.0.0.1", digest_size=32).digest()
    counted = len(Arrival.objects.filter(network_hash=network, created_at__gt=now - datetime.timedelta(days=1)).values_list("created_at")[:40]) < 40
    visitor = Visitor.objects.create(counted=counted, created_at=now)
    Arrival.objects.create(proof_hash=secrets.token_bytes(32), network_hash=network, created_at=now)
    Session.objects.create(visitor_id=visitor.visitor_id, token_hash=hashlib.blake2b(token.encode(), digest_size=32).digest(), created_at=now, last_seen_at=now,
                           expires_at=now + datetime.timedelta(days=30), ends_at=now + datetime.timedelta(days=365), client="")
    return visitor.visitor_id


def count(visitor):
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO counter (kind, subject, part, slot, n) VALUES ('visitor.tests', %s, '', 0, 1), ('tests', 0, '', %s, 1) "
                       "ON DUPLICATE KEY UPDATE n = n + VALUES(n)", [visitor, visitor % 16])


def write_lists(test, asked, found):
    """One statement a table, by hand. mysqlclient sends rows together only where each value is a %s."""
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO test_movie (test_id, position, movie_id) VALUES (%s, %s, %s)",
                           [(test, i, movie) for i, movie in enumerate(asked["movies"])])
        cursor.executemany(
            "INSERT INTO test_result (test_id, list, position, character_id, match_type, percent, enneagram_similarity, because_json, film, points, above, "
            "strange) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [(test, name, i, item["character"]["id"], item["match_type"], item["match"], item["enneagram_similarity"], json.dumps(item["because"]),
              item["film"], item["points"], item["above"], 0) for name in ("compatible", "same") for i, item in enumerate(found[name])])


@transaction.atomic
def store(asked, found, token, cookie):
    now = datetime.datetime.now(datetime.UTC).replace(tzinfo=None)
    visitor = new_guest(now, cookie)
    test = Test.objects.create(token=token, visitor_id=visitor, mbti=asked["mbti"], enneagram=asked["enneagram"], locale="ko", snapshot_id="0123456789abcdef",
                               crowd=1, left_out_characters=0, left_out_movies=0, feedback="none", created_at=now).test_id
    write_lists(test, asked, found)
    Change.objects.bulk_create([Change(what="visitor", a=visitor, b=visitor), Change(what="test", a=test, b=test)])
    count(visitor)


def tests(request):
    asked = json.loads(request.body)
    found = recommend(asked["mbti"], asked["enneagram"], asked["movies"])
    token, cookie = secrets.token_urlsafe(16), secrets.token_urlsafe(32)
    store(asked, found, token, cookie)
    answer = JsonResponse({"token": token, "saved": True} | found, status=201)
    answer.set_cookie("twin", cookie, httponly=True)
    return answer


urlpatterns = [path("api/v1/recommendations", recommendations), path("api/v1/tests", tests)]
application = get_wsgi_application()
