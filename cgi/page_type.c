/* The page of one of the sixteen types, as www/js/pages/type.js draws it. */
#include "app/rank.h"
#include "facts.h"
#include "kinds.h"
#include "page.h"
#include "picture.h"
#include "recent.h"

static void put_hero(struct exchange *p, uint8_t mbti)
{
    const struct snapshot_type *t = &p->snapshot->types[mbti];
    const struct kinds_hero hero = {
        .mbti = mbti,
        .over = parts_word(p, WORDS_type_over),
        .big = mbti_name(mbti),
        .name = t->name,
        .tags = parts_joined(p, t->tags, '|'),
    };
    kinds_hero(p, &hero);
}

static void put_prose(struct exchange *p, uint8_t mbti)
{
    const struct snapshot_type *t = &p->snapshot->types[mbti];
    kinds_prose(p, t->summary);
    html_out_say(&p->html, HTML_P, NULL, parts_joined(p, t->description, '|'));
    parts_say(p, HTML_P, NULL, t->in_films);
    kinds_prose_end(p);
}

/* By the last days where that is asked for; else, and while the database is away, by all time. */
static int read_ranking(struct exchange *p, struct browse_page *page)
{
    const struct rank_ask first = {.mbti = p->mbti, .limit = KINDS_RANKED};
    int days = recent_days(p);
    if (days > 0 && recent_rank(p, days, &first, page) == ERR_OK)
        return days;
    rank_type(p->snapshot, p->mbti, 0, KINDS_RANKED, page);
    return 0;
}

static void put_ranking(struct exchange *p, uint8_t mbti)
{
    struct browse_page page;
    int days = read_ranking(p, &page);
    const struct kinds_ranking r = {
        .title = words_fill(p->arena, p->language, WORDS_type_ranking, "mbti", mbti_name(mbti), NULL),
        .more = days > 0 ? words_fill(p->arena, p->language, WORDS_type_rule_recent, "n",
                                      words_number(p->arena, days), NULL)
                         : kinds_rule(p, rank_type_count(p->snapshot, mbti)),
        .page = &page,
        .spans = true,
        .days = days,
    };
    kinds_ranking(p, &r);
}

/* To the pages of this type with each Enneagram type. */
static void put_pairs(struct exchange *p, uint8_t mbti)
{
    uint32_t counts[RANK_PAIRS];
    rank_pair_counts(p->snapshot, counts);
    parts_band(p, "pairs", words_fill(p->arena, p->language, WORDS_type_pairs, "mbti", mbti_name(mbti), NULL),
               parts_word(p, WORDS_type_pairs_text));
    html_out_open_class(&p->html, HTML_UL, "grades");
    for (uint8_t e = 0; e < ENNEAGRAM_COUNT; e++) {
        html_out_open(&p->html, HTML_LI);
        kinds_link(p, mbti,
                   &(struct kinds_link){kinds_pair_path(p, mbti, e), enneagram_name(e),
                                        words_number(p->arena, counts[mbti * ENNEAGRAM_COUNT + e])});
        html_out_end(&p->html);
    }
    html_out_end(&p->html);
    html_out_end(&p->html);
}

static void put_type(struct exchange *p, const void *of)
{
    (void)of;
    put_hero(p, p->mbti);
    html_out_open_class(&p->html, HTML_DIV, "wrap columns");
    put_prose(p, p->mbti);
    kinds_fit(p, p->mbti);
    html_out_end(&p->html);
    html_out_end(&p->html);
    put_ranking(p, p->mbti);
    put_pairs(p, p->mbti);
}

static void put_type_facts(struct exchange *p, struct json_out *w, const void *of)
{
    const struct shell_page *page = of;
    struct facts_step way = {page->title, page->path};
    struct browse_page ranked;
    rank_type(p->snapshot, p->mbti, 0, KINDS_RANKED, &ranked);
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
