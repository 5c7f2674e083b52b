#!/usr/bin/env python3
"""Film 0 and character 0 are like any other, from the file to the page. They are imported into the running stack,
published, asked for in every way, and taken out again."""
import os
import pathlib
import tempfile

from provider_control import straight
from stack import API, STACK, everybody, films, get, log_size, main, mvti, number, send, site, sql
from test_login import logged_in

FILES = {
    "movies.csv": "movie_id,title_en,title_ko,year,genres\n0,Zero Hour,영시,1957,Drama\n",
    "characters.csv": "character_id,movie_id,name_en,name_ko,mbti,enneagram,votes\n0,0,Nobody,아무도,INFP,4w5,999999\n",
    "plots.csv": "movie_id,plot_en,plot_ko\n0,A pilot comes back.,조종사가 돌아온다.\n",
    "links.csv": "movie_id,platform,url\n0,Netflix,https://www.netflix.com/title/0\n",
}


def live():
    return os.readlink(STACK / "state/snapshots/current").removeprefix("mvti-").removesuffix(".mvs")


def put_in():
    with tempfile.TemporaryDirectory() as folder:
        for name, text in FILES.items():
            path = pathlib.Path(folder) / name
            path.write_text(text, encoding="utf-8")
            said = mvti("import", name.removesuffix(".csv"), "--strict", str(path)).stdout
            assert "1 new" in said, said
    at = log_size()
    mvti("publish", "--force")
    everybody(at, "snapshot.loaded")


def take_out(before):
    for table in ("movie", "movie_genre", "movie_plot", "watch_link", "film_character"):
        sql(f"DELETE FROM {table} WHERE movie_id = 0")
    at = log_size()
    mvti("publish", "--rollback", before)
    everybody(at, "snapshot.loaded")


def with_zero(test):
    before = live()
    try:
        put_in()
        test()
    finally:
        take_out(before)


def read_pages():
    film = get(f"{API}/movies/0").json()
    assert film["id"] == 0 and film["title"]["ko"] == "영시" and film["links"], film
    assert [c["id"] for c in film["characters"]] == [0], film
    character = get(f"{API}/characters/0").json()
    assert character["id"] == 0 and character["movie"]["id"] == 0, character
    for path, name in (("/m/0", "영시"), ("/c/0", "아무도")):
        page = get(path)
        assert page.status == 200 and name in page.body.decode(), (path, page.status)
    assert get("/c/00").status == 404 and get(f"{API}/movies/00").status == 404
    found = get(f"{API}/movies?q=Zero%20Hour").json()["items"]
    assert [m["id"] for m in found] == [0], found
    ranking = get(f"{API}/types/INFP").json()["items"]
    assert ranking[0]["id"] == 0, ranking[:2]


def recommendations():
    two = films(3)
    ids = [0] + [i for i in two if i != 0][:2]
    chosen = ",".join(map(str, ids))
    reply = get(f"{API}/recommendations?mbti=INFP&enneagram=4w5&movies={chosen}")
    assert reply.status == 200, reply.body
    said = mvti("recommend", "--mbti", "INFP", "--enneagram", "4w5", "--movies", chosen).stdout
    assert said, said
    assert get(f"{API}/recommendations?mbti=INFP&enneagram=4w5&movies=0,0,1").status == 400
    return ids


def visitor():
    who = site()
    ids = recommendations()
    test = send(who, "POST", f"{API}/tests", {"mbti": "INFP", "enneagram": "4w5", "movies": ids})
    assert test.status == 201, test.body
    assert 0 in [m["id"] for m in test.json()["movies"]], test.json()["movies"]
    token = test.json()["token"]
    again = get(f"{API}/tests/{token}", who).json()
    assert 0 in [m["id"] for m in again["movies"]], again["movies"]
    like = send(who, "PUT", f"{API}/characters/0/like")
    assert like.status == 200 and like.json()["liked"], like.body
    assert 0 in [c["id"] for c in get(f"{API}/me/likes", who).json()["items"]]
    before = number("SELECT COUNT(*) FROM event WHERE kind = 'impression'")
    batch = [{"kind": "impression", "character": 0, "list": "ranking", "position": 0},
             {"kind": "impression", "movie": 0}, {"kind": "impression", "character": None}]
    reply = send(who, "POST", f"{API}/events", batch)
    assert reply.status == 202 and reply.json()["stored"] == 3, reply.body
    assert number("SELECT COUNT(*) FROM event WHERE kind = 'impression'") == before + 3
    rows = sql("SELECT COALESCE(character_id, 'none'), COALESCE(movie_id, 'none') FROM event "
               "WHERE kind = 'impression' ORDER BY event_id DESC LIMIT 3").split("\n")
    assert sorted(rows) == ["0\tnone", "none\t0", "none\tnone"], rows
    export = get(f"{API}/me/export", who).json()
    seen = [e for e in export["events"] if e["kind"] == "impression"]
    assert [("character" in e, "movie" in e) for e in seen].count((False, False)) == 1, seen
    assert any(e.get("character", {}).get("id") == 0 for e in seen) and any(e.get("movie", {}).get("id") == 0 for e in seen), seen
    assert send(who, "DELETE", f"{API}/characters/0/like").status == 200


def vote():
    straight()
    who = logged_in("dev", "zero")
    reply = send(who, "PUT", f"{API}/characters/0/vote", {"mbti": "INFP"})
    assert reply.status == 200, reply.body
    assert [v["character"]["id"] for v in get(f"{API}/me/votes", who).json()["items"]] == [0]
    assert send(who, "DELETE", f"{API}/characters/0/vote").status == 200


def test_zero_is_an_id_on_every_page():
    with_zero(lambda: (read_pages(), visitor(), vote()))


if __name__ == "__main__":
    main(globals())
