#include "kinds.h"

#include <math.h>
#include <string.h>

#include "app/rank.h"

/* The types that go best with one. */
enum { FIT_MOST = 6 };

static void put_names(struct exchange *p, const struct kinds_hero *h)
{
    html_out_open_class(&p->html, HTML_P, "names");
    parts_say(p, HTML_STRONG, NULL, h->name);
    if (h->wing != NULL)
        parts_say(p, HTML_SPAN, NULL, h->wing_name);
    html_out_end(&p->html);
}

void kinds_hero_open(struct exchange *p, const struct kinds_hero *h)
{
    parts_typed(p, HTML_SECTION, "marquee", h->mbti);
    html_out_open_class(&p->html, HTML_DIV, "wrap marquee-in");
    html_out_open_class(&p->html, HTML_DIV, "marquee-art");
    parts_drawing(p, "emblem");
    html_out_end(&p->html);
    html_out_open_class(&p->html, HTML_DIV, "marquee-text");
    html_out_say(&p->html, HTML_P, "over", h->over);
    html_out_open(&p->html, HTML_H1);
    html_out_say(&p->html, HTML_SPAN, "big-type", h->big);
    if (h->wing != NULL) {
        html_out_text(&p->html, " ");
        html_out_say(&p->html, HTML_SPAN, "big-wing", h->wing);
    }
    html_out_end(&p->html);
    put_names(p, h);
    if (h->tags != NULL)
        html_out_say(&p->html, HTML_P, "tags", h->tags);
    html_out_end(&p->html);
    html_out_end(&p->html);
}

void kinds_hero(struct exchange *p, const struct kinds_hero *h)
{
    kinds_hero_open(p, h);
    html_out_end(&p->html);
}

void kinds_link(struct exchange *p, uint8_t mbti, const struct kinds_link *l)
{
    parts_typed(p, HTML_A, "grade", mbti);
    html_out_attribute(&p->html, HTML_AT_HREF, l->address);
    html_out_say(&p->html, HTML_B, NULL, l->word);
    if (l->number == NULL || *l->number != '\0')
        html_out_say(&p->html, HTML_SPAN, NULL, l->number);
    html_out_end(&p->html);
}

/* grade: as it stands behind it. */
static void put_grade(struct exchange *p, uint8_t mbti, const char *grade)
{
    kinds_link(p, mbti,
               &(struct kinds_link){parts_path(p, "/t/%s", mbti_name(mbti)), mbti_name(mbti), grade});
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
        put_grade(p, t, arena_printf(p->arena, "%d", (int)lrintf(100 * grades[t])));
        html_out_end(&p->html);
    }
    html_out_end(&p->html);
}

void kinds_fit(struct exchange *p, uint8_t mbti)
{
    parts_section(p, "panel", "fit", parts_word(p, WORDS_type_fit));
    html_out_open_class(&p->html, HTML_P, "fit-line");
    put_grade(p, p->snapshot->partners[mbti], "");
    html_out_end(&p->html);
    parts_say(p, HTML_P, NULL, p->snapshot->types[mbti].compatible);
    html_out_say(&p->html, HTML_H3, NULL, parts_word(p, WORDS_type_grades));
    put_grades(p, mbti);
}

void kinds_prose(struct exchange *p, struct snapshot_text lead)
{
    html_out_open_class(&p->html, HTML_SECTION, "prose");
    parts_say(p, HTML_P, "lead", lead);
}

void kinds_prose_end(struct exchange *p)
{
    html_out_open(&p->html, HTML_P);
    parts_link(p, "button", parts_path(p, "/test"));
    html_out_text(&p->html, parts_word(p, WORDS_home_begin));
    html_out_end(&p->html);
    html_out_end(&p->html);
    html_out_end(&p->html);
}

static void put_ranked(struct exchange *p, uint32_t character, size_t place, bool both)
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
    if (both)
        parts_chip(p, c->mbti, c->enneagram);
    else
        html_out_say(&p->html, HTML_SPAN, "rank-en", enneagram_name(c->enneagram));
    html_out_end(&p->html);
    html_out_end(&p->html);
}

static void put_span(struct exchange *p, int days, int shown, enum words_key word)
{
    const char *type = mbti_name(p->mbti);
    html_out_open(&p->html, HTML_LI);
    parts_link(p, "span",
               days == 0 ? parts_path(p, "/t/%s", type) : parts_path(p, "/t/%s?days=%d", type, days));
    html_out_attribute(&p->html, HTML_AT_ARIA_CURRENT, days == shown ? "true" : "false");
    html_out_text(&p->html, parts_word(p, word));
    html_out_end(&p->html);
    html_out_end(&p->html);
}

static void put_spans(struct exchange *p, int shown)
{
    html_out_open_class(&p->html, HTML_UL, "spans");
    put_span(p, RECENT_LIKE_WEEK, shown, WORDS_type_span_week);
    put_span(p, RECENT_LIKE_MONTH, shown, WORDS_type_span_month);
    put_span(p, 0, shown, WORDS_type_span_all);
    html_out_end(&p->html);
}

void kinds_ranking(struct exchange *p, const struct kinds_ranking *r)
{
    parts_band(p, "ranking", r->title, r->spans ? "" : r->more);
    if (r->spans) {
        put_spans(p, r->days);
        html_out_say(&p->html, HTML_P, "muted",
                     r->more); /* below them: it may be longer for one than for another */
    }
    if (r->page->n > 0)
        html_out_open_class(&p->html, HTML_OL, "ranking");
    for (size_t i = 0; i < r->page->n; i++)
        put_ranked(p, r->page->items[i], i + 1, r->both);
    if (r->page->n > 0)
        html_out_end(&p->html);
    html_out_end(&p->html);
}

const char *kinds_rule(struct exchange *p, size_t n)
{
    bool votes = strcmp(rank_rule(p->snapshot), "votes") == 0;
    return words_fill(p->arena, p->language, votes ? WORDS_type_rule_votes : WORDS_type_rule_popularity, "n",
                      words_number(p->arena, (int64_t)n), NULL);
}

const char *kinds_pair_path(struct exchange *p, uint8_t mbti, uint8_t enneagram)
{
    return enneagram != ENNEAGRAM_NONE ? parts_path(p, "/t/%s/%s", mbti_name(mbti), enneagram_name(enneagram))
                                       : parts_path(p, "/t/%s", mbti_name(mbti));
}
