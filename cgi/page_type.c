/* The page of one of the sixteen types, as www/js/pages/type.js draws it. */
#include <math.h>
#include <string.h>

#include "app/rank.h"
#include "facts.h"
#include "page.h"
#include "parts.h"
#include "picture.h"

/* As many as the API gives at once; FIT_MOST: the types that go best with it. */
enum { RANKED = 20, FIT_MOST = 6 };

static void put_hero(struct exchange *p, uint8_t mbti)
{
    const struct snapshot_type *t = &p->snapshot->types[mbti];
    parts_typed(p, HTML_SECTION, "marquee", mbti);
    html_out_open_class(&p->html, HTML_DIV, "wrap marquee-in");
    html_out_open_class(&p->html, HTML_DIV, "marquee-art");
    parts_drawing(p, "emblem");
    html_out_end(&p->html);
    html_out_open_class(&p->html, HTML_DIV, "marquee-text");
    html_out_say(&p->html, HTML_P, "over", parts_word(p, WORDS_type_over));
    html_out_open(&p->html, HTML_H1);
    html_out_say(&p->html, HTML_SPAN, "big-type", mbti_name(mbti));
    html_out_end(&p->html);
    html_out_open_class(&p->html, HTML_P, "names");
    parts_say(p, HTML_STRONG, NULL, t->name);
    html_out_end(&p->html);
    html_out_say(&p->html, HTML_P, "tags", parts_joined(p, t->tags, '|'));
    for (int i = 0; i < 3; i++)
        html_out_end(&p->html);
}

static void put_prose(struct exchange *p, uint8_t mbti)
{
    const struct snapshot_type *t = &p->snapshot->types[mbti];
    html_out_open_class(&p->html, HTML_SECTION, "prose");
    parts_say(p, HTML_P, "lead", t->summary);
    html_out_say(&p->html, HTML_P, NULL, parts_joined(p, t->description, '|'));
    parts_say(p, HTML_P, NULL, t->in_films);
    html_out_open(&p->html, HTML_P);
    parts_link(p, "button", parts_path(p, "/test"));
    html_out_text(&p->html, parts_word(p, WORDS_home_begin));
    html_out_end(&p->html);
    html_out_end(&p->html);
    html_out_end(&p->html);
}

/* grade: 0…100, −1 for none. */
static void put_grade(struct exchange *p, uint8_t mbti, int grade)
{
    parts_typed(p, HTML_A, "grade", mbti);
    html_out_attribute(&p->html, HTML_AT_HREF, parts_path(p, "/t/%s", mbti_name(mbti)));
    html_out_say(&p->html, HTML_B, NULL, mbti_name(mbti));
    if (grade >= 0)
        html_out_say(&p->html, HTML_SPAN, NULL, arena_printf(p->arena, "%d", grade));
    html_out_end(&p->html);
}

/* The best of the other types that are not in `taken` (bits); of two alike the first. */
static uint8_t next_best(const float *grades, unsigned taken)
{
    uint8_t best = MBTI_NONE;
    for (uint8_t t = 0; t < MBTI_COUNT; t++)
        if ((taken >> t & 1) == 0 && (best == MBTI_NONE || grades[t] > grades[best]))
            best = t;
    return best;
}

static void put_grades(struct exchange *p, uint8_t mbti)
{
    const float *grades = p->snapshot->grades + (size_t)mbti * MBTI_COUNT;
    unsigned taken = 1u << mbti;
    html_out_open_class(&p->html, HTML_UL, "grades");
    for (int i = 0; i < FIT_MOST; i++) {
        uint8_t t = next_best(grades, taken);
        taken |= 1u << t;
        html_out_open(&p->html, HTML_LI);
        put_grade(p, t, (int)lrintf(100 * grades[t]));
        html_out_end(&p->html);
    }
    html_out_end(&p->html);
}

static void put_fit(struct exchange *p, uint8_t mbti)
{
    parts_section(p, "panel", "fit", parts_word(p, WORDS_type_fit));
    html_out_open_class(&p->html, HTML_P, "fit-line");
    put_grade(p, p->snapshot->partners[mbti], -1);
    html_out_end(&p->html);
    parts_say(p, HTML_P, NULL, p->snapshot->types[mbti].compatible);
    html_out_say(&p->html, HTML_H3, NULL, parts_word(p, WORDS_type_grades));
    put_grades(p, mbti);
    html_out_end(&p->html);
}

static void put_ranked(struct exchange *p, uint32_t character, size_t place)
{
    const struct snapshot_character *c = &p->snapshot->characters[character];
    html_out_open(&p->html, HTML_LI);
    parts_link(p, "ranked", parts_path(p, "/c/%d", (int)c->id));
    html_out_say(&p->html, HTML_B, "rank", arena_printf(p->arena, "%zu", place));
    html_out_open_class(&p->html, HTML_SPAN, "rank-art");
    parts_portrait(p, character);
    html_out_end(&p->html);
    html_out_open_class(&p->html, HTML_SPAN, "rank-text");
    parts_say(p, HTML_STRONG, NULL, parts_name(p->snapshot, character));
    html_out_say(&p->html, HTML_SPAN, "film", parts_film_line(p, c->movie));
    parts_say(p, HTML_SPAN, "rank-tags", (struct snapshot_text){c->hashtags_ko, c->hashtags_en});
    html_out_end(&p->html);
    html_out_say(&p->html, HTML_SPAN, "rank-en", enneagram_name(c->enneagram));
    html_out_end(&p->html);
    html_out_end(&p->html);
}

static void put_ranking(struct exchange *p, uint8_t mbti)
{
    struct browse_page page;
    bool votes = strcmp(rank_rule(p->snapshot), "votes") == 0;
    const char *n = words_number(p->arena, (int64_t)rank_type_count(p->snapshot, mbti));
    rank_type(p->snapshot, mbti, 0, RANKED, &page);
    parts_band(p, "ranking",
               words_fill(p->arena, p->language, WORDS_type_ranking, "mbti", mbti_name(mbti), NULL),
               words_fill(p->arena, p->language, votes ? WORDS_type_rule_votes : WORDS_type_rule_popularity,
                          "n", n, NULL));
    html_out_open_class(&p->html, HTML_OL, "ranking");
    for (size_t i = 0; i < page.n; i++)
        put_ranked(p, page.items[i], i + 1);
    html_out_end(&p->html);
    html_out_end(&p->html);
}

static void put_type(struct exchange *p, const void *of)
{
    (void)of;
    put_hero(p, p->mbti);
    html_out_open_class(&p->html, HTML_DIV, "wrap columns");
    put_prose(p, p->mbti);
    put_fit(p, p->mbti);
    html_out_end(&p->html);
    put_ranking(p, p->mbti);
}

static void put_type_facts(struct exchange *p, struct json_out *w, const void *of)
{
    const struct shell_page *page = of;
    struct facts_step way = {page->title, page->path};
    struct browse_page ranked;
    rank_type(p->snapshot, p->mbti, 0, RANKED, &ranked);
    facts_list(p, w, page->title, ranked.items, ranked.n);
    facts_way(p, w, &way, 1);
}

enum err page_type(struct exchange *p)
{
    if (p->snapshot == NULL)
        return page_unavailable(p, ERR_UNAVAILABLE);
    if (p->respelled)
        return page_moved(p, parts_path(p, "/t/%s", mbti_name(p->mbti)));
    const struct snapshot_type *t = &p->snapshot->types[p->mbti];
    const char *path = arena_printf(p->arena, "/t/%s", mbti_name(p->mbti));
    struct buf facts = {0};
    struct shown_form card = picture_card(p);
    shown_type(&facts, p->snapshot, &card, p->mbti, ENNEAGRAM_NONE);
    struct shell_page page = {
        .picture = picture_address(p, path, &card, &facts),
        .picture_alt =
            words_fill(p->arena, p->language, WORDS_head_picture_type, "mbti", mbti_name(p->mbti), NULL),
        .title = arena_printf(p->arena, "%s %s", mbti_name(p->mbti), parts_text(p, t->name)),
        .description = parts_text(p, t->summary),
        .path = path,
        .content = put_type,
        .facts = put_type_facts,
    };
    page.of = &page;
    return page_show(p, &page);
}
