/* What search engines ask a site for: which addresses they may read (RFC 9309) and which there are
 * (sitemaps.org 0.9). Both name absolute addresses, which only the settings know, and the second is the
 * snapshot's, so that neither can be a file.
 *
 * A sitemap is written anew each time, from fixed-size parts of the list of addresses: a part costs the same
 * however large the catalog is, and fits into nginx's buffers, so that no slow reader holds a worker. */
#include <time.h>

#include "shell.h"
#include "web/html.h"

/* Far below the 50,000 addresses and 50 MiB that a file may have: each names those of the other languages too. */
enum { PART = 600 };

/* Those of the pages' table of routes that are nobody's own. */
static const char *const pages[] = {
#include "site_pages.inc"
};
/* Types: of MBTI, of the Enneagram, and pairs of both. */
enum {
    PAGES = sizeof pages / sizeof *pages,
    TYPES = MBTI_COUNT + ENNEAGRAM_COUNT + MBTI_COUNT * ENNEAGRAM_COUNT
};

enum err page_site_robots(struct exchange *p)
{
    struct buf *out = &p->response->body;
    response_header(p->response, "Content-Type", "text/plain; charset=utf-8");
    /* The catalog's part of the API stays open: without it a crawler that runs scripts sees empty pages.
     * Pages not meant for search results say noindex themselves, which only who may read them can know. */
    buf_puts(out, "User-agent: *\n"
                  "Disallow: /auth/\n"
                  "Disallow: /api/v1/me\n"
                  "Disallow: /api/v1/tests\n"
                  "Disallow: /api/v1/events\n"
                  "Allow: /\n\n");
    buf_printf(out, "Sitemap: %s/sitemap.xml\n", p->site->config->public_url);
    return ERR_OK;
}

static size_t count_pages(const struct snapshot *s)
{
    return PAGES + TYPES + s->n_movies + s->n_characters;
}

/* i: below TYPES. */
static const char *type_path(struct exchange *p, size_t i)
{
    if (i < MBTI_COUNT)
        return arena_printf(p->arena, "/t/%s", mbti_name((uint8_t)i));
    if ((i -= MBTI_COUNT) < ENNEAGRAM_COUNT)
        return arena_printf(p->arena, "/e/%s", enneagram_name((uint8_t)i));
    i -= ENNEAGRAM_COUNT;
    return arena_printf(p->arena, "/t/%s/%s", mbti_name((uint8_t)(i / ENNEAGRAM_COUNT)),
                        enneagram_name((uint8_t)(i % ENNEAGRAM_COUNT)));
}

/* The i-th page of the site: the Korean one's path. In the arena; NULL when memory is out. */
static const char *path_of(struct exchange *p, size_t i)
{
    const struct snapshot *s = p->snapshot;
    if (i < PAGES)
        return pages[i];
    if ((i -= PAGES) < TYPES)
        return type_path(p, i);
    if ((i -= TYPES) < s->n_characters)
        return arena_printf(p->arena, "/c/%d", (int)s->characters[i].id);
    return arena_printf(p->arena, "/m/%d", (int)s->movies[i - s->n_characters].id);
}

static void put_address(struct exchange *p, const char *address)
{
    if (address != NULL)
        html_text(&p->response->body, address);
    else
        p->response->body.failed = true;
}

static void put_alternate(struct exchange *p, const char *language, const char *address)
{
    buf_printf(&p->response->body, "<xhtml:link rel=\"alternate\" hreflang=\"%s\" href=\"", language);
    put_address(p, address);
    buf_puts(&p->response->body, "\"/>");
}

/* A page in a language, with what it is in each. */
static void put_page(struct exchange *p, const char *path, enum language l, const char *changed)
{
    struct buf *out = &p->response->body;
    const char *addresses[LANGUAGE_COUNT];
    for (enum language other = 0; other < LANGUAGE_COUNT; other++)
        addresses[other] = path != NULL ? shell_address(p, other, path) : NULL;
    buf_puts(out, "<url><loc>");
    put_address(p, addresses[l]);
    buf_puts(out, "</loc>");
    for (enum language other = 0; other < LANGUAGE_COUNT; other++)
        put_alternate(p, language_code(other), addresses[other]);
    put_alternate(p, "x-default", addresses[LANGUAGE_KO]);
    buf_printf(out, "<lastmod>%s</lastmod></url>\n", changed);
}

static size_t count(const struct snapshot *s)
{
    return LANGUAGE_COUNT * count_pages(s);
}

static void put_part(struct exchange *p, size_t part, const char *changed)
{
    size_t all = count(p->snapshot), from = part * PART, to = all - from < PART ? all : from + PART;
    buf_puts(&p->response->body, "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" "
                                 "xmlns:xhtml=\"http://www.w3.org/1999/xhtml\">\n");
    for (size_t i = from; i < to; i++)
        put_page(p, path_of(p, i / LANGUAGE_COUNT), (enum language)(i % LANGUAGE_COUNT), changed);
    buf_puts(&p->response->body, "</urlset>\n");
}

static void put_index(struct exchange *p, size_t parts, const char *changed)
{
    struct buf *out = &p->response->body;
    buf_puts(out, "<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n");
    for (size_t i = 1; i <= parts; i++) {
        buf_puts(out, "<sitemap><loc>");
        html_text(out, p->site->config->public_url);
        buf_printf(out, "/sitemap.xml?part=%zu</loc><lastmod>%s</lastmod></sitemap>\n", i, changed);
    }
    buf_puts(out, "</sitemapindex>\n");
}

enum err page_site_sitemap(struct exchange *p)
{
    size_t parts = (count(p->snapshot) + PART - 1) / PART;
    const char *asked = form_get(&p->query, "part");
    int64_t part = 0;
    if (asked != NULL && !form_whole(asked, 1, (int64_t)parts, &part))
        return problem_field(&p->problem, "part", "must be a whole number from 1 to %zu", parts);
    char changed[32];
    time_t created = (time_t)p->snapshot->created;
    struct tm tm;
    if (gmtime_r(&created, &tm) == NULL || strftime(changed, sizeof changed, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
        return fail_set(&p->why, ERR_FAULT, "the snapshot's time is no date");
    response_header(p->response, "Content-Type", "application/xml; charset=utf-8");
    buf_puts(&p->response->body, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    if (asked == NULL)
        put_index(p, parts, changed);
    else
        put_part(p, (size_t)part - 1, changed);
    return ERR_OK;
}
