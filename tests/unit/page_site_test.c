/* robots.txt and the sitemap, over a small catalog and over a larger one; and what a
 * site says that lacks its catalog or its page. */
#include <unistd.h>

#include "fixture/file.h"
#include "fixture/site.h"
#include "routes.h"
#include "tests/check.h"

static size_t times(const char *text, const char *what)
{
    size_t n = 0;
    for (const char *p = text; (p = strstr(p, what)) != NULL; p += strlen(what))
        n++;
    return n;
}

static const char *body(struct site_fixture *f)
{
    buf_put(&f->site.response.body, "", 1);
    return f->site.response.body.data;
}

static void robots_name_the_sitemap_and_leave_the_catalog_open(void)
{
    struct site_fixture f;
    site_make(&f, 60, NULL);
    CHECK_INT(site_ask(&f, HTTP_GET, "/robots.txt", NULL), 200);
    CHECK_STR(site_header(&f, "Content-Type"), "text/plain; charset=utf-8");
    const char *said = body(&f);
    CHECK(strncmp(said, "User-agent: *\n", 14) == 0);
    CHECK(strstr(said, "\nSitemap: https://mvti.example/sitemap.xml\n") != NULL);
    CHECK(strstr(said, "Disallow: /auth/\n") != NULL);
    CHECK(strstr(said, "Disallow: /api/\n") == NULL && strstr(said, "Disallow: /\n") == NULL);
    site_free(&f);
}

/* How many addresses without a parameter there are, of a catalog of 20 films with 80 people; which they are, tests/http/test_site.py compares
 * with the pages' table of routes. */
static size_t plain_pages(void)
{
    struct site_fixture f;
    size_t n = 0;
    site_make(&f, 20, NULL);
    CHECK_INT(site_ask(&f, HTTP_GET, "/sitemap.xml?part=1", NULL), 200);
    n += times(body(&f), "<url>");
    CHECK_INT(times(body(&f), "<loc>https://mvti.example/about</loc>"), 1);
    CHECK_INT(times(body(&f), "<loc>https://mvti.example/me</loc>"), 0);
    CHECK_INT(site_ask(&f, HTTP_GET, "/sitemap.xml?part=2", NULL), 200);
    n += times(body(&f), "<url>");
    site_free(&f);
    CHECK(n >= 2 * (3 + 16 + 18 + 288 + 20 + 80));
    return n / 2 - (16 + 18 + 288 + 20 + 80);
}

static void every_address_is_there_once(void)
{
    struct site_fixture f;
    site_make(&f, 20, NULL);
    struct buf all = {0};
    for (int part = 1; part <= 2; part++) {
        char target[40];
        snprintf(target, sizeof target, "/sitemap.xml?part=%d", part);
        CHECK_INT(site_ask(&f, HTTP_GET, target, NULL), 200);
        CHECK_STR(site_header(&f, "Content-Type"), "application/xml; charset=utf-8");
        CHECK(*site_header(&f, "ETag") != '\0');
        buf_puts(&all, body(&f));
    }
    const char *said = buf_str(&all);
    const size_t pages = plain_pages() + 16 + 18 + 288 + 20 + 80;
    CHECK_INT(times(said, "<url>"), 2 * pages);
    CHECK_INT(times(said, "<loc>https://mvti.example/"), 2 * pages);
    CHECK_INT(times(said, "<loc>https://mvti.example/en"), pages);
    CHECK_INT(times(said, "<lastmod>20"), 2 * pages);
    CHECK_INT(times(said, "hreflang=\"en\" href=\"https://mvti.example/en/t/INFP\""), 2);
    CHECK_INT(times(said, "hreflang=\"ko\" href=\"https://mvti.example/t/INFP\""), 2);
    CHECK_INT(times(said, "hreflang=\"x-default\""), 2 * pages);
    CHECK_INT(times(said, "<loc>https://mvti.example/</loc>"), 1);
    CHECK_INT(times(said, "<loc>https://mvti.example/t/INFP</loc>"), 1);
    CHECK_INT(times(said, "<loc>https://mvti.example/e/"), 18);
    CHECK_INT(times(said, "<loc>https://mvti.example/en/t/INFP/4w5</loc>"), 1);
    CHECK_INT(times(said, "<loc>https://mvti.example/t/ESTP/9w1</loc>"), 1);
    const struct snapshot *s = &f.site.serving.snapshot;
    char address[80];
    for (size_t i = 0; i < s->n_characters; i++) {
        snprintf(address, sizeof address, "<loc>https://mvti.example/c/%d</loc>", (int)s->characters[i].id);
        CHECK_MSG(times(said, address) == 1, "%s", address);
    }
    for (size_t i = 0; i < s->n_movies; i++) {
        snprintf(address, sizeof address, "<loc>https://mvti.example/m/%d</loc>", (int)s->movies[i].id);
        CHECK_MSG(times(said, address) == 1, "%s", address);
    }
    CHECK_INT(site_ask(&f, HTTP_GET, "/sitemap.xml?part=3", NULL), 400);
    buf_free(&all);
    site_free(&f);
}

static void the_sitemap_is_an_index_of_bounded_parts(void)
{
    enum { FILMS = 900 };
    const size_t all = 2 * (plain_pages() + 16 + 18 + 288 + 5 * FILMS);
    struct site_fixture f;
    site_make(&f, FILMS, NULL);
    CHECK_INT(site_ask(&f, HTTP_GET, "/sitemap.xml", NULL), 200);
    const char *index = body(&f);
    size_t parts = times(index, "<sitemap>"), seen = 0;
    CHECK(parts == (all + 599) / 600 && strstr(index, "<url>") == NULL);
    for (size_t i = 1; i <= parts; i++) {
        char target[40], named[80];
        snprintf(target, sizeof target, "/sitemap.xml?part=%zu", i);
        CHECK_INT(site_ask(&f, HTTP_GET, target, NULL), 200);
        size_t n = times(body(&f), "<url>");
        CHECK_MSG(n > 0 && n <= 600 && f.site.response.body.len < 320 << 10, "%zu addresses, %zu bytes", n,
                  f.site.response.body.len);
        seen += n;
        CHECK_INT(site_ask(&f, HTTP_GET, "/sitemap.xml", NULL), 200);
        snprintf(named, sizeof named, "<loc>https://mvti.example%s</loc>", target);
        CHECK_INT(times(body(&f), named), 1);
    }
    CHECK_INT(seen, all);
    static const char *const wrong[] = {"0", "18", "-1", "1.0", "x", "", "99999999999999999999"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char target[60];
        snprintf(target, sizeof target, "/sitemap.xml?part=%s", wrong[i]);
        CHECK_MSG(site_ask(&f, HTTP_GET, target, NULL) == 400, "%s", target);
        CHECK(*site_problem(&f, "part") != '\0');
    }
    site_free(&f);
}

/* ---- a site that lacks a part of itself ---- */

static void the_shell_that_was_read_last_is_kept(void)
{
    struct site_fixture f;
    site_make(&f, 12, NULL);
    CHECK_INT(site_ask(&f, HTTP_GET, "/c/1011", NULL), 200);
    CHECK(unlink(f.shell) == 0);
    CHECK_INT(site_ask(&f, HTTP_GET, "/c/1011", NULL), 200);
    CHECK(file_put_text(f.shell, ""));
    CHECK_INT(site_ask(&f, HTTP_GET, "/c/1011", NULL), 200);
    CHECK(file_put_text(f.shell, "<html><!--mvti:head--><title>cut<!--mvti:body--><!--/mvti:body-->"));
    CHECK_INT(site_ask(&f, HTTP_GET, "/c/1011", NULL), 200);
    CHECK(strstr(body(&f), "<title>cut") != NULL);
    static const char *const useless[] = {
        "<html>no place for the head<!--mvti:body--><!--/mvti:body--></html>",
        "<html><!--mvti:head-->no place for the page</html>", "<html>\0<!--mvti:head-->"};
    const size_t sizes[] = {strlen(useless[0]), strlen(useless[1]), 24};
    for (size_t i = 0; i < 3; i++) {
        CHECK(file_put(f.shell, useless[i], sizes[i]));
        CHECK_INT(site_ask(&f, HTTP_GET, "/c/1011", NULL), 503);
        CHECK_STR(site_at(site_json(&f), "detail", NULL)->text, "the page itself is missing on this server");
    }
    site_free(&f);
}

static void without_a_catalog_it_says_so(void)
{
    static const char *const pages[] = {"/c/1011", "/m/101", "/t/INFP", "/r/abcdefghijklmnopqrstuv"};
    static const char *const others[] = {"/api/v1/home", "/api/v1/movies/101", "/sitemap.xml", "/readyz"};
    struct site_fixture f;
    site_make(&f, 12, NULL);
    f.site.serving.ready = false;
    for (size_t i = 0; i < 4; i++) {
        CHECK_INT(site_ask(&f, HTTP_GET, pages[i], NULL), 503);
        CHECK_STR(site_header(&f, "Retry-After"), "5");
        CHECK(strstr(body(&f), "<title>잠시 쉬어 가는 중이에요") != NULL);
        CHECK_INT(site_ask(&f, HTTP_GET, others[i], NULL), 503);
    }
    CHECK(site_at(site_json(&f), "snapshot", NULL)->kind == JSON_NULL); /* of /readyz */
    CHECK_INT(site_ask(&f, HTTP_GET, "/healthz", NULL), 200);
    f.site.serving.ready = true;
    CHECK_INT(site_ask(&f, HTTP_GET, "/c/999", NULL), 404);
    CHECK_INT(site_ask(&f, HTTP_GET, "/m/999", NULL), 404);
    site_free(&f);
}

/* Until the snapshot that is verified beside the requests has been taken, or refused. */
static void settle(struct site_fixture *f)
{
    static double now = 100;
    do {
        serving_refresh(&f->site.serving, now += 1);
        usleep(1000);
    } while (f->site.serving.live.check != NULL);
}

/* A file that is no snapshot changes nothing; one that is takes the place of the one before. */
static void another_snapshot_is_taken_up(void)
{
    struct site_fixture f;
    struct small_snapshot other;
    char garbage[300], before[80];
    site_make(&f, 12, NULL);
    small_snapshot_make(&other, 20, 2);
    const struct serving *v = &f.site.serving;
    snprintf(before, sizeof before, "%s", v->tag);
    snprintf(garbage, sizeof garbage, "%s/garbage", f.small.folder);
    CHECK(file_put_text(garbage, "garbage") &&
          snapshot_writer_switch(f.small.folder, "garbage", NULL) == ERR_OK);
    settle(&f);
    CHECK(v->ready && strcmp(v->tag, before) == 0 && v->live.refused == SNAPSHOT_DAMAGED &&
          v->live.refusals == 1);
    CHECK_INT(site_ask(&f, HTTP_GET, "/readyz", NULL), 200);
    CHECK_STR(site_at(site_json(&f), "refused", NULL)->text, "damaged");
    settle(&f);
    CHECK(v->live.refusals == 1); /* said once */
    unlink(garbage);
    settle(&f); /* the link leads nowhere */
    CHECK(v->ready && strcmp(v->tag, before) == 0 && v->live.refused == SNAPSHOT_UNREADABLE);
    CHECK(rename(other.path, garbage) == 0); /* the same name, now whole: looked at again */
    settle(&f);
    CHECK(strcmp(v->tag, before) != 0 && v->snapshot.n_movies == 20 && v->live.refused == SNAPSHOT_USED);
    CHECK_INT(site_ask(&f, HTTP_GET, "/m/120", NULL), 200);
    CHECK_INT(site_ask(&f, HTTP_GET, "/readyz", NULL), 200);
    CHECK(site_at(site_json(&f), "refused", NULL)->kind == JSON_NULL);
    unlink(garbage);
    site_free(&f);
    small_snapshot_free(&other);
}

static size_t end_early(void *arg, char *out, size_t n)
{
    (void)arg;
    memset(out, '{', n / 2);
    return n / 2;
}

static void a_body_that_ends_early_is_refused(void)
{
    struct site_fixture f;
    site_make(&f, 12, NULL);
    struct request r = {.method = HTTP_GET};
    CHECK_INT(site_ask_as(&f, &r, "/healthz", NULL, 0), 200); /* which fills in every header */
    r.method = HTTP_POST;
    r.path = "/api/v1/tests";
    r.query = "";
    r.content_type = "application/json";
    r.fetch_site = "same-origin";
    r.content_length = 40;
    r.read_body = end_early;
    arena_reset(&f.site.arena);
    route_serve(&f.site, &r);
    CHECK_INT(f.site.response.status, 400);
    CHECK_STR(site_problem(&f, "body"), "the body ended early");
    site_free(&f);
}

static void numbers_and_keys_that_are_none(void)
{
    struct site_fixture f;
    site_make(&f, 12, NULL);
    CHECK_INT(site_ask(&f, HTTP_GET, "/api/v1/movies?seed=12345678901234567890", NULL), 400);
    CHECK(*site_problem(&f, "seed") != '\0');
    static const char whole[] = "{\"mbti\":\"INFP\",\"enneagram\":\"4w5\",\"movies\":[101,102,103]}";
    static const char *const keys[] = {"short", "seven and twenty characters", "key-with-an-umlaut-\xc3\xa4"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        struct request r = {.method = HTTP_POST,
                            .content_type = "application/json",
                            .fetch_site = "same-origin",
                            .idempotency_key = keys[i]};
        CHECK_INT(site_ask_as(&f, &r, "/api/v1/tests", whole, strlen(whole)), 400);
        CHECK_MSG(*site_problem(&f, "Idempotency-Key") != '\0', "%s", buf_str(&f.site.response.body));
    }
    site_free(&f);
}

int main(void)
{
    RUN(robots_name_the_sitemap_and_leave_the_catalog_open);
    RUN(every_address_is_there_once);
    RUN(the_sitemap_is_an_index_of_bounded_parts);
    RUN(the_shell_that_was_read_last_is_kept);
    RUN(without_a_catalog_it_says_so);
    RUN(another_snapshot_is_taken_up);
    RUN(a_body_that_ends_early_is_refused);
    RUN(numbers_and_keys_that_are_none);
    return check_done();
}
