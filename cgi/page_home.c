/* The first page, as www/js/pages/home.js draws it for who comes for the first time. */
#include "app/rank.h"
#include "facts.h"
#include "page.h"
#include "parts.h"
#include "picture.h"

enum { POPULAR = 12, CAST = 7, STEPS = 3 };

static void put_begin(struct exchange *p)
{
    parts_link(p, "button big", parts_path(p, "/test"));
    html_out_text(&p->html, parts_word(p, WORDS_home_begin));
    html_out_end(&p->html);
}

/* Nobody in particular: the figures that scripts draw on the first screen. */
static void put_cast(struct exchange *p)
{
    static const char *const types[CAST] = {"INFP", "ENTJ", "ESFP", "ISTJ", "ENFP", "INTP", "ESFJ"};
    html_out_open_class(&p->html, HTML_DIV, "cast");
    html_out_attribute(&p->html, HTML_AT_ARIA_HIDDEN, "true");
    for (int i = 0; i < CAST; i++) {
        html_out_open(&p->html, HTML_DIV);
        parts_typed(p, HTML_SPAN, "portrait", mbti_parse(types[i], 4));
        html_out_end(&p->html);
        html_out_end(&p->html);
    }
    html_out_end(&p->html);
}

static void put_hero(struct exchange *p)
{
    html_out_open_class(&p->html, HTML_SECTION, "hero");
    html_out_open_class(&p->html, HTML_DIV, "beam");
    html_out_attribute(&p->html, HTML_AT_ARIA_HIDDEN, "true");
    html_out_end(&p->html);
    html_out_open_class(&p->html, HTML_DIV, "wrap hero-in");
    html_out_open_class(&p->html, HTML_DIV, "hero-text");
    html_out_say(&p->html, HTML_P, "over", parts_word(p, WORDS_home_over));
    html_out_open(&p->html, HTML_H1);
    html_out_text(&p->html, parts_word(p, WORDS_home_title_1));
    html_out_open(&p->html, HTML_BR);
    html_out_end(&p->html);
    html_out_text(&p->html, parts_word(p, WORDS_home_title_2));
    html_out_end(&p->html);
    html_out_say(&p->html, HTML_P, "lead", parts_word(p, WORDS_home_lead));
    html_out_open_class(&p->html, HTML_P, "actions");
    put_begin(p);
    html_out_say(&p->html, HTML_SPAN, "took", parts_word(p, WORDS_home_takes));
    html_out_end(&p->html);
    html_out_say(&p->html, HTML_P, "count", "\u00a0"); /* the line where scripts say how many there were */
    html_out_end(&p->html);
    put_cast(p);
    html_out_end(&p->html);
    html_out_end(&p->html);
}

static void put_tiles(struct exchange *p)
{
    parts_band(p, "types", parts_word(p, WORDS_home_types), parts_word(p, WORDS_home_types_text));
    html_out_open_class(&p->html, HTML_DIV, "tiles");
    for (int i = 0; i < MBTI_COUNT; i++) {
        uint8_t t = mbti_parse(parts_order[i], 4);
        parts_typed(p, HTML_A, "tile", t);
        html_out_attribute(&p->html, HTML_AT_HREF, parts_path(p, "/t/%s", parts_order[i]));
        parts_drawing(p, "emblem");
        html_out_open_class(&p->html, HTML_SPAN, "tile-text");
        html_out_say(&p->html, HTML_STRONG, NULL, parts_order[i]);
        parts_say(p, HTML_SPAN, NULL, p->snapshot->types[t].name);
        html_out_end(&p->html);
        html_out_end(&p->html);
    }
    html_out_end(&p->html);
    html_out_end(&p->html);
}

static void put_popular(struct exchange *p, const struct browse_page *popular)
{
    parts_band(p, "popular", parts_word(p, WORDS_home_popular), parts_word(p, WORDS_home_popular_text));
    html_out_open_class(&p->html, HTML_DIV, "rail");
    html_out_attribute(&p->html, HTML_AT_ROLE, "group");
    html_out_attribute(&p->html, HTML_AT_TABINDEX, "0");
    html_out_attribute(&p->html, HTML_AT_ARIA_LABELLEDBY, "popular");
    for (size_t i = 0; i < popular->n; i++)
        parts_face(p, popular->items[i]);
    html_out_end(&p->html);
    html_out_end(&p->html);
}

static void put_steps(struct exchange *p)
{
    static const enum words_key keys[STEPS][2] = {{WORDS_home_step1, WORDS_home_step1_text},
                                                  {WORDS_home_step2, WORDS_home_step2_text},
                                                  {WORDS_home_step3, WORDS_home_step3_text}};
    static const char *const numbers[STEPS] = {"1", "2", "3"};
    parts_section(p, "wrap band steps", "how", parts_word(p, WORDS_home_how));
    html_out_open(&p->html, HTML_OL);
    for (int i = 0; i < STEPS; i++) {
        html_out_open(&p->html, HTML_LI);
        html_out_open(&p->html, HTML_B);
        html_out_attribute(&p->html, HTML_AT_ARIA_HIDDEN, "true");
        html_out_text(&p->html, numbers[i]);
        html_out_end(&p->html);
        html_out_say(&p->html, HTML_STRONG, NULL, parts_word(p, keys[i][0]));
        html_out_say(&p->html, HTML_SPAN, NULL, parts_word(p, keys[i][1]));
        html_out_end(&p->html);
    }
    html_out_end(&p->html);
    html_out_end(&p->html);
}

static void put_home(struct exchange *p, const void *of)
{
    const char *movies = words_number(p->arena, (int64_t)p->snapshot->n_movies);
    const char *characters = words_number(p->arena, (int64_t)p->snapshot->n_characters);
    put_hero(p);
    put_tiles(p);
    put_popular(p, of);
    put_steps(p);
    html_out_open_class(&p->html, HTML_SECTION, "wrap band closing");
    html_out_say(&p->html, HTML_P, NULL,
                 words_fill(p->arena, p->language, WORDS_home_stock, "movies", movies, "characters",
                            characters, NULL));
    put_begin(p);
    html_out_end(&p->html);
}

static void put_home_facts(struct exchange *p, struct json_out *w, const void *of)
{
    (void)of;
    facts_site(p, w);
}

enum err page_home(struct exchange *p)
{
    struct browse_page popular;
    if (p->snapshot == NULL)
        return page_unavailable(p, ERR_UNAVAILABLE);
    enum err rc = rank_popular(p->snapshot, POPULAR, p->arena, &popular);
    if (rc != ERR_OK)
        return rc;
    struct shell_page page = {
        .picture = picture_of_site(p),
        .picture_alt = parts_word(p, WORDS_title_home),
        .title = parts_word(p, WORDS_title_home),
        .named = true,
        .description = parts_word(p, WORDS_home_lead),
        .path = "/",
        .content = put_home,
        .facts = put_home_facts,
        .of = &popular,
    };
    return page_show(p, &page);
}
