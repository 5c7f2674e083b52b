#include "shell.h"

#include <stdio.h>
#include <string.h>

#include "parts.h"
#include "picture.h"
#include "web/html.h"

#define HEAD "<!--mvti:head-->"
#define BODY "<!--mvti:body-->"
#define BODY_END "<!--/mvti:body-->"
#define LANGUAGE "<html lang=\"ko\""
#define QUIZ "<!--mvti:quiz"
#define QUIZ_END "-->"

/* Messengers and search engines show no more than this; what they would cut, they cut anywhere. */
enum { TITLE_MOST = 100, DESCRIPTION_MOST = 200 };

/* In the arena; NULL when memory is out. */
static const char *excerpt(struct exchange *p, const char *text, size_t most)
{
    struct buf b = {0};
    html_excerpt(&b, text, most);
    return arena_take(p->arena, &b);
}

const char *shell_address(struct exchange *p, enum language l, const char *path)
{
    const char *prefix = language_prefix(l);
    if (*prefix != '\0' && strcmp(path, "/") == 0)
        path = "";
    return arena_printf(p->arena, "%s%s%s", p->site->config->public_url, prefix, path);
}

static void put_meta(struct exchange *p, enum html_attribute kind, const char *name, const char *content)
{
    html_out_open(&p->html, HTML_META);
    html_out_attribute(&p->html, kind, name);
    html_out_attribute(&p->html, HTML_AT_CONTENT, content);
    html_out_end(&p->html);
    buf_putc(p->html.out, '\n');
}

static void put_link(struct exchange *p, const char *rel, const char *language, const char *address)
{
    html_out_open(&p->html, HTML_LINK);
    html_out_attribute(&p->html, HTML_AT_REL, rel);
    if (language != NULL)
        html_out_attribute(&p->html, HTML_AT_HREFLANG, language);
    html_out_attribute(&p->html, HTML_AT_HREF, address);
    html_out_end(&p->html);
    buf_putc(p->html.out, '\n');
}

/* The page in each language, this one too, as each says of the other (RFC 8288 links, Google's hreflang). */
static void put_languages(struct exchange *p, const struct shell_page *page)
{
    for (enum language l = 0; l < LANGUAGE_COUNT; l++)
        put_link(p, "alternate", language_code(l), shell_address(p, l, page->path));
    put_link(p, "alternate", "x-default", shell_address(p, LANGUAGE_KO, page->path));
}

static void put_facts(struct exchange *p, const struct shell_page *page)
{
    struct buf b = {0};
    struct json_out w;
    json_out_start(&w, &b);
    json_out_map(&w);
    json_out_text_of(&w, "@context", "https://schema.org");
    json_out_name(&w, "@graph");
    json_out_list(&w);
    page->facts(p, &w, page->of);
    json_out_end(&w);
    json_out_end(&w);
    html_out_json(&p->html, b.failed ? NULL : buf_str(&b));
    buf_free(&b);
}

static void put_number(struct exchange *p, const char *name, int n)
{
    char digits[16];
    snprintf(digits, sizeof digits, "%d", n);
    put_meta(p, HTML_AT_PROPERTY, name, digits);
}

/* twitter:card says how large; the rest is taken from Open Graph. */
static void put_picture(struct exchange *p, const struct shell_page *page)
{
    put_meta(p, HTML_AT_NAME, "twitter:card", page->picture != NULL ? "summary_large_image" : "summary");
    if (page->picture == NULL)
        return;
    put_meta(p, HTML_AT_PROPERTY, "og:image", page->picture);
    put_meta(p, HTML_AT_PROPERTY, "og:image:type", "image/png");
    put_number(p, "og:image:width", PICTURE_WIDTH);
    put_number(p, "og:image:height", PICTURE_HEIGHT);
    put_meta(p, HTML_AT_PROPERTY, "og:image:alt", page->picture_alt);
}

static void put_texts(struct exchange *p, const struct shell_page *page, const char *title)
{
    const char *address = shell_address(p, p->language, page->path);
    const char *description = excerpt(p, page->description, DESCRIPTION_MOST);
    html_out_say(&p->html, HTML_TITLE, NULL, title);
    buf_putc(p->html.out, '\n');
    put_link(p, "canonical", NULL, address);
    put_meta(p, HTML_AT_NAME, "description", description);
    put_meta(p, HTML_AT_PROPERTY, "og:type", "website");
    put_meta(p, HTML_AT_PROPERTY, "og:site_name", "MVTI");
    put_meta(p, HTML_AT_PROPERTY, "og:locale", language_locale(p->language));
    put_meta(p, HTML_AT_PROPERTY, "og:locale:alternate", language_locale(language_other(p->language)));
    put_meta(p, HTML_AT_PROPERTY, "og:title", title);
    put_meta(p, HTML_AT_PROPERTY, "og:description", description);
    put_meta(p, HTML_AT_PROPERTY, "og:url", address);
    put_picture(p, page);
}

/* What www/js/ui/kakao.js sends a card with. nginx makes the header into what the page may load, and keeps it (nginx/headers.conf). */
static void put_kakao(struct exchange *p)
{
    const struct config *c = p->site->config;
    put_meta(p, HTML_AT_NAME, "mvti-kakao", arena_printf(p->arena, "%s %s", c->kakao_js_key, c->kakao_sdk));
    response_header(p->response, "X-Mvti-Kakao", "1");
}

static void put_head(struct exchange *p, const struct shell_page *page)
{
    const char *name = excerpt(p, page->title, TITLE_MOST);
    bool whole = page->named || name == NULL;
    put_texts(p, page, whole ? name : arena_printf(p->arena, "%s · MVTI", name));
    if (config_kakao(p->site->config))
        put_kakao(p);
    if (page->login != NULL)
        put_meta(p, HTML_AT_NAME, "mvti-login", page->login);
    if (page->hidden)
        put_meta(p, HTML_AT_NAME, "robots", "noindex");
    else
        put_languages(p, page);
    if (page->facts != NULL)
        put_facts(p, page);
}

/* Scripts leave it as it is until they have the page themselves; where it only says that there is none, they need not. */
static void put_body(struct exchange *p, const struct shell_page *page)
{
    html_out_open(&p->html, HTML_DIV);
    html_out_attribute(&p->html, HTML_AT_ID, "app");
    html_out_attribute(&p->html, HTML_AT_DATA_STATIC, p->response->status == 200 ? "page" : "notice");
    parts_header(p, page->path);
    html_out_open(&p->html, HTML_MAIN);
    html_out_attribute(&p->html, HTML_AT_ID, "main");
    html_out_attribute(&p->html, HTML_AT_TABINDEX, "-1");
    page->content(p, page->of);
    html_out_end(&p->html);
    if (!page->bare)
        parts_footer(p);
    html_out_end(&p->html);
    if (!html_out_whole(&p->html))
        p->html.out->failed = true;
}

/* The shell has, in a comment, what the test's page imports. */
static void put_plain(struct exchange *p, const char *from, const char *to, bool quiz)
{
    struct buf *out = p->html.out;
    const char *open = memmem(from, (size_t)(to - from), QUIZ, sizeof QUIZ - 1);
    const char *close =
        open != NULL ? memmem(open, (size_t)(to - open), QUIZ_END, sizeof QUIZ_END - 1) : NULL;
    if (close != NULL) {
        buf_put(out, from, (size_t)(open - from));
        open += sizeof QUIZ - 1;
        if (quiz)
            buf_put(out, open, (size_t)(close - open));
        from = close + sizeof QUIZ_END - 1;
    }
    buf_put(out, from, (size_t)(to - from));
}

/* The shell has a title of its own for the pages that nginx serves, and says it is Korean; a document has one title
 * and one language. */
static void put_between(struct exchange *p, const char *from, const char *to, bool quiz)
{
    struct buf *out = p->html.out;
    const char *open = memmem(from, (size_t)(to - from), "<title>", 7);
    const char *close = open != NULL ? memmem(open, (size_t)(to - open), "</title>", 8) : NULL;
    const char *language = memmem(from, (size_t)(to - from), LANGUAGE, sizeof LANGUAGE - 1);
    if (language != NULL) {
        buf_put(out, from, (size_t)(language - from));
        buf_printf(out, "<html lang=\"%s\"", language_code(p->language));
        from = language + sizeof LANGUAGE - 1;
    }
    if (close != NULL && open >= from) {
        buf_put(out, from, (size_t)(open - from));
        from = close + 8;
    }
    put_plain(p, from, to, quiz);
}

enum err shell_put(struct exchange *p, int status, const struct shell_page *page)
{
    const char *shell = serving_shell(&p->site->serving);
    const char *head = shell != NULL ? strstr(shell, HEAD) : NULL;
    const char *body = head != NULL ? strstr(head, BODY) : NULL;
    const char *end = body != NULL ? strstr(body, BODY_END) : NULL;
    if (end == NULL)
        return problem_set(&p->problem, ERR_UNAVAILABLE, "the page itself is missing on this server");
    response_header(p->response, "Content-Type", "text/html; charset=utf-8");
    p->response->status = status;
    html_out_start(&p->html, &p->response->body);
    put_between(p, shell, head, false);
    put_head(p, page);
    head += sizeof HEAD - 1;
    put_between(p, head, body, page->quiz);
    body += sizeof BODY - 1;
    if (page->content != NULL)
        put_body(p, page);
    else
        buf_put(p->html.out, body, (size_t)(end - body));
    end += sizeof BODY_END - 1;
    buf_puts(p->html.out, end);
    return p->response->body.failed || p->arena->failed ? ERR_NOMEM : ERR_OK;
}
