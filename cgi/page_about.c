/* The page about the site, as www/js/pages/about.js draws it; words alone, so it is there without a catalog too. */
#include <stdio.h>

#include "app/recommend.h"
#include "page.h"
#include "parts.h"

/* The paragraphs of a part, as many as the dictionary has from number `from` to `to`. */
static void put_paragraphs(struct exchange *p, const char *part, int from, int to)
{
    char begin[40], number[16];
    snprintf(begin, sizeof begin, "about.%s.", part);
    for (int n = from; n <= to; n++) {
        snprintf(number, sizeof number, "%d", n);
        const char *said = words_find(p->language, begin, number);
        if (said == NULL)
            return;
        html_out_say(&p->html, HTML_P, NULL, said);
    }
}

static void open_part(struct exchange *p, const char *part)
{
    char begin[40];
    snprintf(begin, sizeof begin, "about.%s.", part);
    html_out_open(&p->html, HTML_SECTION);
    html_out_attribute(&p->html, HTML_AT_ID, part);
    html_out_say(&p->html, HTML_H2, NULL, words_find(p->language, begin, "title"));
}

static void put_part(struct exchange *p, const char *part)
{
    open_part(p, part);
    put_paragraphs(p, part, 1, 99);
    html_out_end(&p->html);
}

/* Who else may hear of a visit is said where that can be. */
static void put_privacy(struct exchange *p)
{
    open_part(p, "privacy");
    put_paragraphs(p, "privacy", 1, 99);
    if (config_kakao(p->site->config))
        html_out_say(&p->html, HTML_P, NULL, parts_word(p, WORDS_about_privacy_kakao));
    html_out_end(&p->html);
}

static void put_share(struct exchange *p, enum words_key what, int percent)
{
    html_out_open(&p->html, HTML_DIV);
    html_out_say(&p->html, HTML_DT, NULL, parts_word(p, what));
    html_out_say(&p->html, HTML_DD, NULL, arena_printf(p->arena, "%d%%", percent));
    html_out_end(&p->html);
}

static void put_match(struct exchange *p)
{
    open_part(p, "match");
    put_paragraphs(p, "match", 1, 1);
    html_out_open_class(&p->html, HTML_DL, "formula");
    put_share(p, WORDS_about_formula_film, RECOMMEND_FILM);
    put_share(p, WORDS_about_formula_enneagram, RECOMMEND_ENNEAGRAM);
    put_share(p, WORDS_about_formula_sure, RECOMMEND_CERTAINTY);
    put_share(p, WORDS_about_formula_fame, RECOMMEND_FAME);
    html_out_end(&p->html);
    put_paragraphs(p, "match", 2, 99);
    html_out_end(&p->html);
}

static void put_about(struct exchange *p, const void *of)
{
    (void)of;
    html_out_open_class(&p->html, HTML_DIV, "wrap pad page prose");
    html_out_say(&p->html, HTML_H1, NULL, parts_word(p, WORDS_about_title));
    put_part(p, "what");
    put_match(p);
    put_part(p, "art");
    put_part(p, "simulated");
    put_privacy(p);
    put_part(p, "mark");
    html_out_end(&p->html);
}

enum err page_about(struct exchange *p)
{
    struct shell_page page = {
        .title = parts_word(p, WORDS_title_about),
        .named = true,
        .description = parts_word(p, WORDS_about_what_1),
        .path = "/about",
        .content = put_about,
    };
    return page_show(p, &page);
}
