/* robots.txt and the sitemap, over a catalog that fits into one part and over one that does not. */
#include "fixture/site.h"
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

static void a_small_catalog_is_one_file_with_every_address_once(void)
{
    struct site_fixture f;
    site_make(&f, 60, NULL);
    CHECK_INT(site_ask(&f, HTTP_GET, "/sitemap.xml", NULL), 200);
    CHECK_STR(site_header(&f, "Content-Type"), "application/xml; charset=utf-8");
    CHECK(*site_header(&f, "ETag") != '\0');
    const char *said = body(&f);
    CHECK_INT(times(said, "<url>"), 3 + 16 + 60 + 240);
    CHECK_INT(times(said, "<loc>https://mvti.example/"), 3 + 16 + 60 + 240);
    CHECK_INT(times(said, "<lastmod>20"), 3 + 16 + 60 + 240);
    CHECK_INT(times(said, "<loc>https://mvti.example/</loc>"), 1);
    CHECK_INT(times(said, "<loc>https://mvti.example/t/INFP</loc>"), 1);
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
    CHECK_INT(site_ask(&f, HTTP_GET, "/sitemap.xml?part=1", NULL), 200);
    CHECK_INT(site_ask(&f, HTTP_GET, "/sitemap.xml?part=2", NULL), 400);
    site_free(&f);
}

static void a_large_catalog_is_an_index_of_bounded_parts(void)
{
    enum { FILMS = 900, ALL = 3 + 16 + 5 * FILMS };
    struct site_fixture f;
    site_make(&f, FILMS, NULL);
    CHECK_INT(site_ask(&f, HTTP_GET, "/sitemap.xml", NULL), 200);
    const char *index = body(&f);
    size_t parts = times(index, "<sitemap>"), seen = 0;
    CHECK(parts == 3 && strstr(index, "<url>") == NULL);
    for (size_t i = 1; i <= parts; i++) {
        char target[40], named[80];
        snprintf(target, sizeof target, "/sitemap.xml?part=%zu", i);
        CHECK_INT(site_ask(&f, HTTP_GET, target, NULL), 200);
        size_t n = times(body(&f), "<url>");
        CHECK_MSG(n > 0 && n <= 2000 && f.site.response.body.len < 320 << 10, "%zu addresses, %zu bytes", n,
                  f.site.response.body.len);
        seen += n;
        CHECK_INT(site_ask(&f, HTTP_GET, "/sitemap.xml", NULL), 200);
        snprintf(named, sizeof named, "<loc>https://mvti.example%s</loc>", target);
        CHECK_INT(times(body(&f), named), 1);
    }
    CHECK_INT(seen, ALL);
    static const char *const wrong[] = {"0", "4", "-1", "1.0", "x", "", "99999999999999999999"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char target[60];
        snprintf(target, sizeof target, "/sitemap.xml?part=%s", wrong[i]);
        CHECK_MSG(site_ask(&f, HTTP_GET, target, NULL) == 400, "%s", target);
        CHECK(*site_problem(&f, "part") != '\0');
    }
    site_free(&f);
}

int main(void)
{
    RUN(robots_name_the_sitemap_and_leave_the_catalog_open);
    RUN(a_small_catalog_is_one_file_with_every_address_once);
    RUN(a_large_catalog_is_an_index_of_bounded_parts);
    return check_done();
}
