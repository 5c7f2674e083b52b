/* Pages for link previews and search engines: the site's shell with title, description and Open Graph of what
 * the address shows. The rest is drawn in the browser from the JSON API. */
#include <string.h>

#include "app/circles.h"
#include "app/share.h"
#include "base/log.h"
#include "exchange.h"
#include "input.h"
#include "picture.h"
#include "web/html.h"

#define MARKER "<!--mvti:head-->"

struct head {
    const char *title, *description; /* Korean: the language of the site's first visitors */
    const char *path;                /* canonical, from the root */
    bool hidden;                     /* not for search engines: somebody's result, or nothing */
    const char *picture;             /* its address; NULL: none */
    const char *picture_alt;
    const char *login; /* why a login did not happen, for the script; NULL: not about that */
};

static void put_meta(struct buf *out, const char *attribute, const char *name, const char *content)
{
    buf_printf(out, "<meta %s=\"%s\" content=\"", attribute, name);
    html_attribute(out, content);
    buf_puts(out, "\">\n");
}

/* Messengers and search engines show no more than this; what they would cut, they cut anywhere. */
enum { TITLE_MOST = 100, DESCRIPTION_MOST = 200 };

/* In the arena; NULL when memory is out. */
static const char *excerpt(struct exchange *p, const char *text, size_t most)
{
    struct buf b = {0};
    html_excerpt(&b, text, most);
    const char *kept = b.failed ? NULL : arena_strndup(p->arena, buf_str(&b), b.len);
    buf_free(&b);
    return kept;
}

/* twitter:card says how large; the rest is taken from Open Graph. */
static void put_picture(struct buf *out, const struct head *h)
{
    put_meta(out, "name", "twitter:card", h->picture != NULL ? "summary_large_image" : "summary");
    if (h->picture == NULL)
        return;
    put_meta(out, "property", "og:image", h->picture);
    put_meta(out, "property", "og:image:type", "image/png");
    buf_printf(out,
               "<meta property=\"og:image:width\" content=\"%d\">\n<meta property=\"og:image:height\" "
               "content=\"%d\">\n",
               PICTURE_WIDTH, PICTURE_HEIGHT);
    put_meta(out, "property", "og:image:alt", h->picture_alt);
}

static void put_texts(struct exchange *p, const struct head *h, const char *title, const char *description,
                      const char *address)
{
    struct buf *out = &p->response->body;
    buf_puts(out, "<title>");
    html_text(out, title);
    buf_puts(out, "</title>\n<link rel=\"canonical\" href=\"");
    html_attribute(out, address);
    buf_puts(out, "\">\n");
    put_meta(out, "name", "description", description);
    put_meta(out, "property", "og:type", "website");
    put_meta(out, "property", "og:site_name", "MVTI");
    put_meta(out, "property", "og:locale", "ko_KR");
    put_meta(out, "property", "og:title", title);
    put_meta(out, "property", "og:description", description);
    put_meta(out, "property", "og:url", address);
    put_picture(out, h);
    if (h->login != NULL)
        put_meta(out, "name", "mvti-login", h->login);
    if (h->hidden)
        put_meta(out, "name", "robots", "noindex");
}

static void put_head(struct exchange *p, const struct head *h)
{
    const char *address = arena_printf(p->arena, "%s%s", p->site->config->public_url, h->path);
    const char *name = excerpt(p, h->title, TITLE_MOST);
    const char *title = name != NULL ? arena_printf(p->arena, "%s · MVTI", name) : NULL;
    const char *description = excerpt(p, h->description, DESCRIPTION_MOST);
    if (address == NULL || title == NULL || description == NULL)
        p->response->body.failed = true;
    else
        put_texts(p, h, title, description, address);
}

/* The shell carries a title of its own for the pages that nginx serves; a document has only one, so it goes.
 */
static void put_without_title(struct buf *out, const char *from, const char *to)
{
    const char *open = memmem(from, (size_t)(to - from), "<title>", 7);
    const char *close = open != NULL ? memmem(open, (size_t)(to - open), "</title>", 8) : NULL;
    if (close == NULL) {
        buf_put(out, from, (size_t)(to - from));
        return;
    }
    buf_put(out, from, (size_t)(open - from));
    buf_put(out, close + 8, (size_t)(to - close - 8));
}

static enum err put_shell(struct exchange *p, int status, const struct head *h)
{
    const char *shell = serving_shell(&p->site->serving);
    const char *marker = shell != NULL ? strstr(shell, MARKER) : NULL;
    if (marker == NULL)
        return problem_set(&p->problem, ERR_UNAVAILABLE, "the page itself is missing on this server");
    const char *rest = marker + sizeof MARKER - 1;
    response_header(p->response, "Content-Type", "text/html; charset=utf-8");
    p->response->status = status;
    put_without_title(&p->response->body, shell, marker);
    put_head(p, h);
    put_without_title(&p->response->body, rest, rest + strlen(rest));
    return p->response->body.failed ? ERR_NOMEM : ERR_OK;
}

enum err page_html_missing(struct exchange *p)
{
    struct head h = {"찾을 수 없는 페이지", "여기에는 아무것도 없어요.", "/", true, NULL, NULL, NULL};
    return put_shell(p, 404, &h);
}

enum err page_html_login(struct exchange *p, int status, const char *cause)
{
    struct head h = {"로그인하지 못했어요", "다시 시도해 주세요.", "/login", true, NULL, NULL, cause};
    return put_shell(p, status, &h);
}

/* A page for the visitor, and the cause for whoever reads the log, as with a problem document. */
static enum err put_unavailable(struct exchange *p, enum err rc)
{
    log_event(LOG_ERROR, "request.failed", "%s: %s", err_name(rc),
              p->snapshot != NULL ? p->why.text : "no catalog has been published yet");
    struct head h = {"잠시만요", "지금은 이 페이지를 보여 드릴 수 없어요. 잠시 뒤에 다시 찾아 주세요.",
                     "/",        true,
                     NULL,       NULL,
                     NULL};
    response_header(p->response, "Retry-After", "5");
    return put_shell(p, 503, &h);
}

static const char *text_at(const struct exchange *p, uint32_t offset)
{
    return snapshot_text(p->snapshot, offset);
}

/* What a messenger shows. */
static struct shown_form korean_card(const struct exchange *p)
{
    return (struct shown_form){.site = p->site->config->public_url};
}

static const char *first_of(const char *a, const char *b)
{
    return *a != '\0' ? a : b;
}

/* To the address under which the page is shown. */
static enum err put_moved(struct exchange *p, const char *address)
{
    if (address == NULL)
        return ERR_NOMEM;
    p->response->status = 301;
    response_header(p->response, "Location", address);
    return ERR_OK;
}

enum err page_html_character(struct exchange *p)
{
    if (p->snapshot == NULL)
        return put_unavailable(p, ERR_UNAVAILABLE);
    int32_t asked = p->id;
    int64_t i = input_character(p);
    if (i < 0)
        return page_html_missing(p);
    if (p->id != asked)
        return put_moved(p, arena_printf(p->arena, "/c/%d", (int)p->id));
    const struct snapshot_character *c = &p->snapshot->characters[i];
    const struct snapshot_movie *m = &p->snapshot->movies[c->movie];
    const char *name = first_of(text_at(p, c->name_ko), text_at(p, c->name_en));
    const char *film = first_of(text_at(p, m->title_ko), text_at(p, m->title_en));
    struct buf facts = {0};
    struct shown_form card = korean_card(p);
    shown_character(&facts, p->snapshot, &card, (uint32_t)i);
    struct head h = {
        .picture = picture_address(p, p->request->path, &card, &facts),
        .picture_alt = arena_printf(p->arena, "%s의 초상: %s, %s %s", name, film, mbti_name(c->mbti),
                                    enneagram_name(c->enneagram)),
        .title = arena_printf(p->arena, "%s (%s) – %s %s", name, film, mbti_name(c->mbti),
                              enneagram_name(c->enneagram)),
        .description = first_of(text_at(p, c->description_ko), text_at(p, c->description_en)),
        .path = p->request->path,
    };
    return h.title != NULL && h.picture_alt != NULL ? put_shell(p, 200, &h) : ERR_NOMEM;
}

enum err page_html_movie(struct exchange *p)
{
    if (p->snapshot == NULL)
        return put_unavailable(p, ERR_UNAVAILABLE);
    int32_t asked = p->id;
    int64_t i = input_movie(p);
    if (i < 0)
        return page_html_missing(p);
    if (p->id != asked)
        return put_moved(p, arena_printf(p->arena, "/m/%d", (int)p->id));
    const struct snapshot_movie *m = &p->snapshot->movies[i];
    const char *film = first_of(text_at(p, m->title_ko), text_at(p, m->title_en));
    struct buf facts = {0};
    struct shown_form card = korean_card(p);
    shown_movie(&facts, p->snapshot, &card, (uint32_t)i);
    struct head h = {
        .picture = picture_address(p, p->request->path, &card, &facts),
        .picture_alt = arena_printf(p->arena, "『%s』 포스터와 인물들", film),
        .title = m->year > 0 ? arena_printf(p->arena, "%s (%d)", film, m->year) : film,
        .description = first_of(text_at(p, m->plot_ko), "이 영화의 인물들과 그들의 성격 유형을 만나 보세요."),
        .path = p->request->path,
    };
    return h.title != NULL && h.picture_alt != NULL ? put_shell(p, 200, &h) : ERR_NOMEM;
}

enum err page_html_type(struct exchange *p)
{
    if (p->snapshot == NULL)
        return put_unavailable(p, ERR_UNAVAILABLE);
    if (p->respelled)
        return put_moved(p, arena_printf(p->arena, "/t/%s", mbti_name(p->mbti)));
    const struct snapshot_type *t = &p->snapshot->types[p->mbti];
    struct buf facts = {0};
    struct shown_form card = korean_card(p);
    shown_type(&facts, p->snapshot, &card, p->mbti, ENNEAGRAM_NONE);
    struct head h = {
        .picture = picture_address(p, p->request->path, &card, &facts),
        .picture_alt = arena_printf(p->arena, "%s 유형의 상징과 인물들", mbti_name(p->mbti)),
        .title = arena_printf(p->arena, "%s %s", mbti_name(p->mbti), text_at(p, t->name.ko)),
        .description = text_at(p, t->summary.ko),
        .path = p->request->path,
    };
    return h.title != NULL && h.picture_alt != NULL ? put_shell(p, 200, &h) : ERR_NOMEM;
}

enum err page_html_result(struct exchange *p)
{
    if (p->snapshot == NULL)
        return put_unavailable(p, ERR_UNAVAILABLE);
    struct share_quiz t;
    enum err rc = share_load(p->site->db, (struct share_asked){p->snapshot, &p->session, p->token}, p->arena,
                             &t, &p->why);
    if (rc == ERR_NOT_FOUND)
        return page_html_missing(p);
    if (rc != ERR_OK)
        return put_unavailable(p, rc);
    const struct visitor_quiz *v = &t.stored;
    const char *name = text_at(p, p->snapshot->types[v->mbti].name.ko);
    const char *most =
        t.same.n > 0 ? text_at(p, p->snapshot->characters[t.same.items[0].character].name_ko) : "";
    struct buf facts = {0};
    struct shown_form card = korean_card(p);
    picture_facts_quiz(p, &t, &card, &facts);
    struct head h = {
        .picture = picture_address(p, p->request->path, &card, &facts),
        .picture_alt = arena_printf(p->arena, "%s %s, 가장 닮은 인물 %s", mbti_name(v->mbti),
                                    enneagram_name(v->enneagram), most),
        .title = arena_printf(p->arena, "%s · %s %s", mbti_name(v->mbti), enneagram_name(v->enneagram), name),
        .description =
            *most != '\0'
                ? arena_printf(p->arena, "나와 가장 닮은 영화 속 인물은 %s. 당신은 누구를 닮았나요?", most)
                : text_at(p, p->snapshot->types[v->mbti].summary.ko),
        .path = p->request->path,
        .hidden = true,
    };
    return h.title != NULL && h.description != NULL && h.picture_alt != NULL ? put_shell(p, 200, &h)
                                                                             : ERR_NOMEM;
}

/* Who is in a circle is for its page, not for previews: their robots do not have to know. */
enum err page_html_circle(struct exchange *p)
{
    struct circles_view v;
    enum err rc =
        circles_look(p->site->db, (struct circles_asked){&p->session, p->token}, p->arena, &v, &p->why);
    if (rc == ERR_NOT_FOUND)
        return page_html_missing(p);
    if (rc != ERR_OK)
        return put_unavailable(p, rc);
    struct head h = {
        .title = "나랑 비교해 볼래?",
        .description = "우리 둘은 영화 속 어떤 사이일까요? 유형의 궁합과 함께 볼 영화를 알려 드려요.",
        .path = p->request->path,
        .hidden = true,
    };
    return put_shell(p, 200, &h);
}
