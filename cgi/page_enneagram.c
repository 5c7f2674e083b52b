/* The page of one of the eighteen Enneagram types, as www/js/pages/enneagram.js draws it. */
#include <math.h>

#include "app/rank.h"
#include "facts.h"
#include "kinds.h"
#include "page.h"
#include "picture.h"

enum { TEMPERAMENTS = 4, CORES = 9, KIN = 5 };

struct enneagram {
    struct browse_page ranked;
    size_t characters;
    uint32_t counts[RANK_PAIRS];
    uint8_t types[MBTI_COUNT]; /* most characters first */
    const char *path;          /* of the Korean page */
};

/* In the colours of the type that most of its characters have. */
static void put_hero(struct exchange *p, const struct enneagram *e)
{
    const struct snapshot_wing *w = &p->snapshot->wings[p->enneagram];
    const struct kinds_hero hero = {
        .mbti = e->types[0],
        .over = parts_word(p, WORDS_enneagram_over),
        .big = enneagram_name(p->enneagram),
        .name = w->name,
        .tags = parts_joined(p, w->tags, '|'),
    };
    kinds_hero(p, &hero);
}

/* What it is, by itself and with each temperament. */
static void put_text(struct exchange *p)
{
    static const enum words_key names[TEMPERAMENTS] = {WORDS_enneagram_NF, WORDS_enneagram_NT,
                                                       WORDS_enneagram_SJ, WORDS_enneagram_SP};
    const struct snapshot_wing *w = &p->snapshot->wings[p->enneagram];
    int core = enneagram_core(p->enneagram);
    const char digit[] = {(char)('0' + core), '\0'};
    kinds_prose(p, w->statement);
    html_out_say(&p->html, HTML_P, NULL,
                 arena_printf(p->arena, "%s %s", words_find(p->language, "core.", digit),
                              parts_joined(p, w->description, '|')));
    html_out_say(&p->html, HTML_H2, NULL, parts_word(p, WORDS_enneagram_with));
    html_out_open_class(&p->html, HTML_DL, "with");
    for (int i = 0; i < TEMPERAMENTS; i++) {
        html_out_say(&p->html, HTML_DT, NULL, parts_word(p, names[i]));
        parts_say(p, HTML_DD, NULL, p->snapshot->bridges[i * CORES + core - 1].text);
    }
    html_out_end(&p->html);
    kinds_prose_end(p);
}

static void put_types(struct exchange *p, const struct enneagram *e)
{
    html_out_open_class(&p->html, HTML_UL, "grades");
    for (int i = 0; i < MBTI_COUNT; i++) {
        uint8_t t = e->types[i];
        html_out_open(&p->html, HTML_LI);
        kinds_link(
            p, t,
            &(struct kinds_link){kinds_pair_path(p, t, p->enneagram), mbti_name(t),
                                 words_number(p->arena, e->counts[t * ENNEAGRAM_COUNT + p->enneagram])});
        html_out_end(&p->html);
    }
    html_out_end(&p->html);
}

static void put_kin(struct exchange *p, uint8_t mbti)
{
    uint8_t order[ENNEAGRAM_COUNT - 1];
    const float *similarity = p->snapshot->similarity + (size_t)p->enneagram * ENNEAGRAM_COUNT;
    rank_kin(p->snapshot, p->enneagram, order);
    html_out_open_class(&p->html, HTML_UL, "grades");
    for (int i = 0; i < KIN; i++) {
        html_out_open(&p->html, HTML_LI);
        kinds_link(
            p, mbti,
            &(struct kinds_link){parts_path(p, "/e/%s", enneagram_name(order[i])), enneagram_name(order[i]),
                                 arena_printf(p->arena, "%d%%", (int)lrintf(100 * similarity[order[i]]))});
        html_out_end(&p->html);
    }
    html_out_end(&p->html);
}

static void put_enneagram(struct exchange *p, const void *of)
{
    const struct enneagram *e = of;
    const char *name = enneagram_name(p->enneagram);
    put_hero(p, e);
    html_out_open_class(&p->html, HTML_DIV, "wrap columns");
    put_text(p);
    parts_section(p, "panel", "types", parts_word(p, WORDS_enneagram_types));
    html_out_say(&p->html, HTML_P, NULL,
                 words_fill(p->arena, p->language, WORDS_enneagram_types_text, "type", name, NULL));
    put_types(p, e);
    html_out_say(&p->html, HTML_H3, NULL, parts_word(p, WORDS_enneagram_kin));
    put_kin(p, e->types[0]);
    html_out_end(&p->html);
    html_out_end(&p->html);
    const struct kinds_ranking r = {
        .title = words_fill(p->arena, p->language, WORDS_pair_ranking, "pair", name, NULL),
        .more = e->characters > 0
                    ? kinds_rule(p, e->characters)
                    : words_fill(p->arena, p->language, WORDS_enneagram_nobody, "type", name, NULL),
        .page = &e->ranked,
        .both = true,
    };
    kinds_ranking(p, &r);
}

static void put_enneagram_facts(struct exchange *p, struct json_out *w, const void *of)
{
    const struct enneagram *e = of;
    const struct facts_step way = {enneagram_name(p->enneagram), e->path};
    if (e->ranked.n > 0)
        facts_list(p, w, enneagram_name(p->enneagram), e->ranked.items, e->ranked.n);
    facts_way(p, w, &way, 1);
}

static enum err show(struct exchange *p, const struct enneagram *e)
{
    const struct snapshot_wing *w = &p->snapshot->wings[p->enneagram];
    struct shell_page page = {
        .picture = picture_of_site(p),
        .picture_alt = parts_word(p, WORDS_title_home),
        .title = words_fill(p->arena, p->language, WORDS_title_enneagram, "type",
                            enneagram_name(p->enneagram), "name", parts_text(p, w->name), NULL),
        .description = parts_joined(p, w->description, '|'),
        .path = e->path,
        .content = put_enneagram,
        .facts = put_enneagram_facts,
        .of = e,
    };
    return page_show(p, &page);
}

enum err page_enneagram(struct exchange *p)
{
    struct enneagram e;
    const struct rank_ask first = {MBTI_NONE, p->enneagram, 0, KINDS_RANKED};
    if (p->snapshot == NULL)
        return page_unavailable(p, ERR_UNAVAILABLE);
    if (p->respelled)
        return page_moved(p, parts_path(p, "/e/%s", enneagram_name(p->enneagram)));
    rank_pair_counts(p->snapshot, e.counts);
    rank_types_of(e.counts, p->enneagram, e.types);
    e.path = arena_printf(p->arena, "/e/%s", enneagram_name(p->enneagram));
    enum err rc = rank_enneagram(p->snapshot, &first, p->arena, &e.ranked, &e.characters);
    return rc == ERR_OK ? show(p, &e) : rc;
}
