/* The page of a search over everything, as www/js/pages/search.js draws it: a plain form that asks for itself. */
#include "base/percent.h"
#include "found.h"
#include "input.h"
#include "kinds.h"
#include "page.h"
#include "parts.h"
#include "picture.h"

/* As many characters and films as the script asks for. */
enum { SHOWN = 24 };

struct search_page {
    const char *q; /* "": nothing was asked */
    struct found found;
};

static void put_form(struct exchange *p, const char *q)
{
    html_out_open_class(&p->html, HTML_FORM, "finder seek");
    html_out_attribute(&p->html, HTML_AT_ROLE, "search");
    html_out_attribute(&p->html, HTML_AT_ARIA_LABELLEDBY, "search-title");
    html_out_attribute(&p->html, HTML_AT_ACTION, parts_path(p, "/search"));
    parts_seek_field(p, "search-q", q);
    html_out_say(&p->html, HTML_BUTTON, "button", parts_word(p, WORDS_search_label));
    html_out_end(&p->html);
}

/* The first few of many. */
static void put_rest(struct exchange *p, const struct search_result *r)
{
    if (r->found <= r->n)
        return;
    const char *n = words_number(p->arena, (int64_t)r->found), *m = words_number(p->arena, (int64_t)r->n);
    html_out_say(&p->html, HTML_P, "muted",
                 words_fill(p->arena, p->language, WORDS_search_rest, "n", n, "m", m, NULL));
}

/* In the colours of a type; an Enneagram type by itself has none. */
static void put_kind(struct exchange *p, uint32_t kind)
{
    uint8_t mbti, enneagram;
    search_kind(kind, &mbti, &enneagram);
    html_out_open(&p->html, HTML_LI);
    if (mbti == MBTI_NONE) {
        parts_link(p, "grade plain", parts_path(p, "/e/%s", enneagram_name(enneagram)));
        html_out_say(&p->html, HTML_B, NULL, enneagram_name(enneagram));
        parts_say(p, HTML_SPAN, NULL, p->snapshot->wings[enneagram].name);
        html_out_end(&p->html);
    } else {
        const char *name = parts_text(p, p->snapshot->types[mbti].name);
        bool pair = enneagram != ENNEAGRAM_NONE;
        kinds_link(p, mbti,
                   &(struct kinds_link){
                       pair ? kinds_pair_path(p, mbti, enneagram) : parts_path(p, "/t/%s", mbti_name(mbti)),
                       pair ? arena_printf(p->arena, "%s %s", mbti_name(mbti), enneagram_name(enneagram))
                            : mbti_name(mbti),
                       name});
    }
    html_out_end(&p->html);
}

static void put_kinds(struct exchange *p, const struct search_result *r)
{
    if (r->n == 0)
        return;
    parts_section(p, "found", "found-types", parts_word(p, WORDS_type_over));
    html_out_open_class(&p->html, HTML_UL, "grades");
    for (size_t i = 0; i < r->n; i++)
        put_kind(p, r->items[i]);
    html_out_end(&p->html);
    html_out_end(&p->html);
}

static void put_characters(struct exchange *p, const struct search_result *r)
{
    if (r->n == 0)
        return;
    parts_section(p, "found", "found-characters", parts_word(p, WORDS_search_characters));
    html_out_open_class(&p->html, HTML_DIV, "faces");
    for (size_t i = 0; i < r->n; i++)
        parts_face(p, r->items[i]);
    html_out_end(&p->html);
    put_rest(p, r);
    html_out_end(&p->html);
}

static void put_movie(struct exchange *p, uint32_t movie)
{
    const struct snapshot_movie *m = &p->snapshot->movies[movie];
    html_out_open(&p->html, HTML_LI);
    parts_link(p, "pick", parts_path(p, "/m/%d", (int)m->id));
    parts_drawing(p, "poster");
    html_out_open_class(&p->html, HTML_SPAN, "pick-title");
    parts_say(p, HTML_SPAN, NULL, parts_title(p->snapshot, movie));
    html_out_text(&p->html, " ");
    html_out_say(&p->html, HTML_SMALL, NULL, m->year > 0 ? arena_printf(p->arena, "%d", m->year) : "");
    for (int i = 0; i < 3; i++)
        html_out_end(&p->html);
}

static void put_movies(struct exchange *p, const struct search_result *r)
{
    if (r->n == 0)
        return;
    parts_section(p, "found", "found-movies", parts_word(p, WORDS_search_movies));
    html_out_open_class(&p->html, HTML_UL, "wall");
    for (size_t i = 0; i < r->n; i++)
        put_movie(p, r->items[i]);
    html_out_end(&p->html);
    put_rest(p, r);
    html_out_end(&p->html);
}

/* Where nothing was asked: what can be, and the types to look around in. */
static void put_types(struct exchange *p)
{
    html_out_say(&p->html, HTML_P, "muted", parts_word(p, WORDS_search_lead));
    parts_section(p, "found", "found-types", parts_word(p, WORDS_home_types));
    html_out_open_class(&p->html, HTML_UL, "grades");
    for (int i = 0; i < MBTI_COUNT; i++)
        put_kind(p, mbti_parse(parts_order[i], 4));
    html_out_end(&p->html);
    html_out_end(&p->html);
}

static void put_none(struct exchange *p)
{
    html_out_open_class(&p->html, HTML_DIV, "state");
    html_out_say(&p->html, HTML_P, NULL, parts_word(p, WORDS_search_none));
    html_out_say(&p->html, HTML_P, "muted", parts_word(p, WORDS_search_none_text));
    html_out_end(&p->html);
}

static const char *heading(struct exchange *p, const char *q)
{
    return *q == '\0' ? parts_word(p, WORDS_search_ask)
                      : words_fill(p->arena, p->language, WORDS_search_found, "q", q, NULL);
}

static void put_search(struct exchange *p, const void *of)
{
    const struct search_page *s = of;
    html_out_open_class(&p->html, HTML_DIV, "wrap pad search");
    html_out_open(&p->html, HTML_H1);
    html_out_attribute(&p->html, HTML_AT_ID, "search-title");
    html_out_text(&p->html, heading(p, s->q));
    html_out_end(&p->html);
    put_form(p, s->q);
    put_kinds(p, &s->found.kinds);
    put_characters(p, &s->found.characters);
    put_movies(p, &s->found.movies);
    if (*s->q == '\0')
        put_types(p);
    else if (s->found.kinds.n + s->found.characters.n + s->found.movies.n == 0)
        put_none(p);
    html_out_end(&p->html);
}

/* With what was asked, so that the other language asks the same. */
static const char *path_of(struct exchange *p, const char *q)
{
    struct buf b = {0};
    buf_puts(&b, *q == '\0' ? "/search" : "/search?q=");
    percent_encode(&b, q);
    return arena_take(p->arena, &b);
}

enum err page_search(struct exchange *p)
{
    struct search_page s = {0};
    if (p->snapshot == NULL)
        return page_unavailable(p, ERR_UNAVAILABLE);
    s.q = input_search(p);
    enum err rc = s.q == NULL ? ERR_NOMEM : found_all(p, s.q, SHOWN, &s.found);
    if (rc != ERR_OK)
        return rc;
    struct shell_page page = {
        .picture = picture_of_site(p),
        .picture_alt = parts_word(p, WORDS_title_home),
        .title = parts_word(p, WORDS_title_search),
        .named = true,
        .description = parts_word(p, WORDS_search_lead),
        .path = path_of(p, s.q),
        .hidden = true,
        .content = put_search,
        .of = &s,
    };
    return page_show(p, &page);
}
