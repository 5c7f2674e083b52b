/* The page of one of the 288 pairs of an MBTI and an Enneagram type, as www/js/pages/pair.js draws it. */
#include "app/rank.h"
#include "facts.h"
#include "kinds.h"
#include "page.h"
#include "picture.h"

struct pair {
    struct browse_page own, near;
    size_t characters;
    const char *name, *path; /* path: of the Korean page */
};

static void put_hero(struct exchange *p)
{
    const struct snapshot_type *t = &p->snapshot->types[p->mbti];
    const struct snapshot_wing *w = &p->snapshot->wings[p->enneagram];
    const struct kinds_hero hero = {
        .mbti = p->mbti,
        .over = parts_word(p, WORDS_pair_over),
        .big = mbti_name(p->mbti),
        .wing = enneagram_name(p->enneagram),
        .name = t->name,
        .wing_name = w->name,
        .tags = arena_printf(p->arena, "%s %s", parts_joined(p, t->tags, '|'), parts_joined(p, w->tags, '|')),
    };
    kinds_hero(p, &hero);
}

/* The description that a result with these types has. */
static const char *description(struct exchange *p)
{
    const struct snapshot *s = p->snapshot;
    int bridge = snapshot_temperament(p->mbti) * 9 + enneagram_core(p->enneagram) - 1;
    return arena_printf(p->arena, "%s %s %s", parts_joined(p, s->types[p->mbti].description, '|'),
                        parts_joined(p, s->bridges[bridge].text, '|'),
                        parts_joined(p, s->wings[p->enneagram].description, '|'));
}

/* To the pages of both types. */
static void put_parents(struct exchange *p)
{
    const char *mbti = mbti_name(p->mbti), *enneagram = enneagram_name(p->enneagram);
    html_out_open_class(&p->html, HTML_P, "actions");
    parts_link(p, "button quiet", parts_path(p, "/t/%s", mbti));
    html_out_text(&p->html, words_fill(p->arena, p->language, WORDS_pair_parent, "type", mbti, NULL));
    html_out_end(&p->html);
    parts_link(p, "button quiet", parts_path(p, "/e/%s", enneagram));
    html_out_text(&p->html, words_fill(p->arena, p->language, WORDS_pair_parent, "type", enneagram, NULL));
    html_out_end(&p->html);
    html_out_end(&p->html);
}

static void put_text(struct exchange *p)
{
    html_out_open_class(&p->html, HTML_DIV, "wrap columns");
    kinds_prose(p, p->snapshot->types[p->mbti].summary);
    html_out_say(&p->html, HTML_P, NULL, description(p));
    kinds_prose_end(p);
    kinds_fit(p, p->mbti);
    html_out_say(&p->html, HTML_H3, NULL, parts_word(p, WORDS_pair_parents));
    put_parents(p);
    html_out_end(&p->html);
    html_out_end(&p->html);
}

static void put_pair(struct exchange *p, const void *of)
{
    const struct pair *pair = of;
    put_hero(p);
    put_text(p);
    const struct kinds_ranking r = {
        .title = words_fill(p->arena, p->language, WORDS_pair_ranking, "pair", pair->name, NULL),
        .more = pair->characters > 0 ? kinds_rule(p, pair->characters)
                                     : words_fill(p->arena, p->language, WORDS_pair_nobody, "pair",
                                                  pair->name, "mbti", mbti_name(p->mbti), NULL),
        .page = &pair->own,
    };
    kinds_ranking(p, &r);
    parts_faces(p, "near",
                words_fill(p->arena, p->language, WORDS_pair_near, "mbti", mbti_name(p->mbti), NULL),
                &pair->near);
}

static void put_pair_facts(struct exchange *p, struct json_out *w, const void *of)
{
    const struct pair *pair = of;
    const struct facts_step way[] = {
        {mbti_name(p->mbti), arena_printf(p->arena, "/t/%s", mbti_name(p->mbti))}, {pair->name, pair->path}};
    if (pair->own.n > 0)
        facts_list(p, w, pair->name, pair->own.items, pair->own.n);
    facts_way(p, w, way, 2);
}

static enum err read_pair(struct exchange *p, struct pair *pair)
{
    const struct rank_ask first = {p->mbti, p->enneagram, 0, KINDS_RANKED};
    pair->name = arena_printf(p->arena, "%s %s", mbti_name(p->mbti), enneagram_name(p->enneagram));
    pair->path = arena_printf(p->arena, "/t/%s/%s", mbti_name(p->mbti), enneagram_name(p->enneagram));
    enum err rc = rank_enneagram(p->snapshot, &first, p->arena, &pair->own, &pair->characters);
    return rc == ERR_OK ? browse_near(p->snapshot, p->mbti, p->enneagram, p->arena, &pair->near) : rc;
}

/* The type's picture, of this pair. */
static const char *picture(struct exchange *p)
{
    struct buf facts = {0};
    struct shown_form card = picture_card(p);
    shown_type(&facts, p->snapshot, &card, p->mbti, p->enneagram);
    const char *type = arena_printf(p->arena, "/t/%s", mbti_name(p->mbti));
    const char *address = picture_address(p, type, &card, &facts);
    return address != NULL ? arena_printf(p->arena, "%s&enneagram=%s", address, enneagram_name(p->enneagram))
                           : NULL;
}

enum err page_pair(struct exchange *p)
{
    struct pair pair;
    if (p->snapshot == NULL)
        return page_unavailable(p, ERR_UNAVAILABLE);
    if (p->respelled)
        return page_moved(p, kinds_pair_path(p, p->mbti, p->enneagram));
    enum err rc = read_pair(p, &pair);
    if (rc != ERR_OK)
        return rc;
    const struct snapshot_type *t = &p->snapshot->types[p->mbti];
    const struct snapshot_wing *w = &p->snapshot->wings[p->enneagram];
    struct shell_page page = {
        .picture = picture(p),
        .picture_alt = words_fill(p->arena, p->language, WORDS_head_picture_type, "mbti", pair.name, NULL),
        .title =
            arena_printf(p->arena, "%s – %s, %s", pair.name, parts_text(p, t->name), parts_text(p, w->name)),
        .description =
            arena_printf(p->arena, "%s %s", parts_text(p, t->summary), parts_joined(p, w->description, '|')),
        .path = pair.path,
        .content = put_pair,
        .facts = put_pair_facts,
        .of = &pair,
    };
    return page_show(p, &page);
}
