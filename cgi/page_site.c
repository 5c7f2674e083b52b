/* What search engines ask a site for: which addresses they may read (RFC 9309) and which there are
 * (sitemaps.org 0.9). Both name absolute addresses, which only the settings know, and the second is the
 * snapshot's, so that neither can be a file.
 *
 * A sitemap is written anew each time, from fixed-size parts of the list of addresses: a part costs the same
 * however large the catalog is, and fits into nginx's buffers, so that no slow reader holds a worker. */
#include <time.h>

#include "exchange.h"
#include "web/html.h"

/* Far below the 50,000 addresses and 50 MiB that a file may have. */
enum { PART = 2000 };

static const char *const pages[] = {"/", "/test", "/about"};
enum { PAGES = sizeof pages / sizeof *pages };

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

static size_t count(const struct snapshot *s)
{
    return PAGES + MBTI_COUNT + s->n_movies + s->n_characters;
}

/* The i-th address of the site, from the root. */
static void put_path(const struct snapshot *s, size_t i, struct buf *out)
{
    if (i < PAGES)
        buf_puts(out, pages[i]);
    else if ((i -= PAGES) < MBTI_COUNT)
        buf_printf(out, "/t/%s", mbti_name((uint8_t)i));
    else if ((i -= MBTI_COUNT) < s->n_characters)
        buf_printf(out, "/c/%d", (int)s->characters[i].id);
    else
        buf_printf(out, "/m/%d", (int)s->movies[i - s->n_characters].id);
}

static void open_entry(struct exchange *p, const char *element)
{
    buf_printf(&p->response->body, "<%s><loc>", element);
    html_text(&p->response->body, p->site->config->public_url);
}

static void close_entry(struct exchange *p, const char *element, const char *changed)
{
    buf_printf(&p->response->body, "</loc><lastmod>%s</lastmod></%s>\n", changed, element);
}

static void put_part(struct exchange *p, size_t part, const char *changed)
{
    struct buf *out = &p->response->body;
    size_t all = count(p->snapshot), from = part * PART, to = all - from < PART ? all : from + PART;
    buf_puts(out, "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n");
    for (size_t i = from; i < to; i++) {
        open_entry(p, "url");
        put_path(p->snapshot, i, out);
        close_entry(p, "url", changed);
    }
    buf_puts(out, "</urlset>\n");
}

static void put_index(struct exchange *p, size_t parts, const char *changed)
{
    struct buf *out = &p->response->body;
    buf_puts(out, "<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n");
    for (size_t i = 1; i <= parts; i++) {
        open_entry(p, "sitemap");
        buf_printf(out, "/sitemap.xml?part=%zu", i);
        close_entry(p, "sitemap", changed);
    }
    buf_puts(out, "</sitemapindex>\n");
}

enum err page_site_sitemap(struct exchange *p)
{
    size_t parts = (count(p->snapshot) + PART - 1) / PART;
    const char *asked = form_get(&p->query, "part");
    int64_t part = 1;
    if (asked != NULL && !form_whole(asked, 1, (int64_t)parts, &part))
        return problem_field(&p->problem, "part", "must be a whole number from 1 to %zu", parts);
    char changed[32];
    time_t created = (time_t)p->snapshot->created;
    struct tm tm;
    if (gmtime_r(&created, &tm) == NULL || strftime(changed, sizeof changed, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
        return fail_set(&p->why, ERR_FAULT, "the snapshot's time is no date");
    response_header(p->response, "Content-Type", "application/xml; charset=utf-8");
    buf_puts(&p->response->body, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    if (asked == NULL && parts > 1)
        put_index(p, parts, changed);
    else
        put_part(p, (size_t)part - 1, changed);
    return ERR_OK;
}
