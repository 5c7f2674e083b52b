/* The Enneagram types, by themselves and in pairs with the MBTI types. */
#include <math.h>

#include "app/browse.h"
#include "app/rank.h"
#include "input.h"
#include "view.h"
#include "words.h"

enum { PAGE_DEFAULT = 20, PAGE_MOST = 100, TEMPERAMENTS = 4, CORES = 9, KIN = 5 };

/* Which part of the ranking is asked for. */
static enum err read_part(struct exchange *p, uint8_t mbti, struct rank_ask *part)
{
    uint64_t unused = 0;
    *part = (struct rank_ask){.mbti = mbti, .enneagram = p->enneagram};
    if (p->respelled)
        return problem_set(&p->problem, ERR_NOT_FOUND, "types are written as INFP and 4w5");
    enum err rc = input_limit(p, PAGE_DEFAULT, PAGE_MOST, &part->limit);
    return rc == ERR_OK ? input_cursor(p, &unused, &part->offset) : rc;
}

static void put_text(struct exchange *p, const char *name, struct snapshot_text t)
{
    json_out_name(&p->out, name);
    view_text(p, t.ko, t.en);
}

/* The members of a ranking: how many there are, the rule, this part of it. */
static void put_ranking(struct exchange *p, size_t offset, const struct browse_page *page, size_t n)
{
    json_out_int_of(&p->out, "characters", (int64_t)n);
    json_out_text_of(&p->out, "ranking", rank_rule(p->snapshot));
    json_out_text_of(&p->out, "snapshot", p->snapshot->id);
    view_items(p);
    for (size_t i = 0; i < page->n; i++)
        view_character(p, page->items[i]);
    json_out_end(&p->out);
    view_next(p, page->more, 0, offset + page->n);
}

static void put_core(struct exchange *p)
{
    const char digit[] = {(char)('0' + enneagram_core(p->enneagram)), '\0'};
    json_out_name(&p->out, "core");
    json_out_map(&p->out);
    for (enum language l = 0; l < LANGUAGE_COUNT; l++)
        json_out_text_of(&p->out, language_code(l), words_find(l, "core.", digit));
    json_out_end(&p->out);
}

/* What the type is with each temperament. */
static void put_with(struct exchange *p)
{
    static const char *const names[TEMPERAMENTS] = {"NF", "NT", "SJ", "SP"};
    int core = enneagram_core(p->enneagram);
    json_out_name(&p->out, "with");
    json_out_list(&p->out);
    for (int i = 0; i < TEMPERAMENTS; i++) {
        json_out_map(&p->out);
        json_out_text_of(&p->out, "temperament", names[i]);
        put_text(p, "text", p->snapshot->bridges[i * CORES + core - 1].text);
        json_out_end(&p->out);
    }
    json_out_end(&p->out);
}

static void put_types(struct exchange *p)
{
    uint32_t counts[RANK_PAIRS];
    uint8_t order[MBTI_COUNT];
    rank_pair_counts(p->snapshot, counts);
    rank_types_of(counts, p->enneagram, order);
    json_out_name(&p->out, "types");
    json_out_list(&p->out);
    for (int i = 0; i < MBTI_COUNT; i++) {
        json_out_map(&p->out);
        json_out_text_of(&p->out, "mbti", mbti_name(order[i]));
        json_out_int_of(&p->out, "characters", counts[order[i] * ENNEAGRAM_COUNT + p->enneagram]);
        json_out_end(&p->out);
    }
    json_out_end(&p->out);
}

static void put_kin(struct exchange *p)
{
    uint8_t order[ENNEAGRAM_COUNT - 1];
    const float *similarity = p->snapshot->similarity + (size_t)p->enneagram * ENNEAGRAM_COUNT;
    rank_kin(p->snapshot, p->enneagram, order);
    json_out_name(&p->out, "similar");
    json_out_list(&p->out);
    for (int i = 0; i < KIN; i++) {
        json_out_map(&p->out);
        json_out_text_of(&p->out, "enneagram", enneagram_name(order[i]));
        json_out_real_of(&p->out, "similarity", (double)similarity[order[i]], 2);
        json_out_end(&p->out);
    }
    json_out_end(&p->out);
}

enum err api_enneagrams_likely(struct exchange *p)
{
    struct enneagram_likely likely[ENNEAGRAM_LIKELY];
    enum social_style style;
    enum coping_style coping;
    uint8_t mbti, unused;
    enum err type = input_personality(p, true, &mbti, &unused); /* all wrong fields are named at once */
    enum err answers = input_answers(p, &style, &coping);
    if (type != ERR_OK || answers != ERR_OK)
        return ERR_INVALID;
    rank_likely(p->snapshot, mbti, style, coping, likely);
    json_out_map(&p->out);
    json_out_name(&p->out, "likely");
    json_out_list(&p->out);
    for (int i = 0; i < ENNEAGRAM_LIKELY; i++) {
        json_out_map(&p->out);
        json_out_int_of(&p->out, "core", likely[i].core);
        json_out_int_of(&p->out, "percent", lround(100 * likely[i].share));
        json_out_end(&p->out);
    }
    json_out_end(&p->out);
    json_out_text_of(&p->out, "snapshot", p->snapshot->id);
    json_out_end(&p->out);
    return ERR_OK;
}

enum err api_enneagrams_one(struct exchange *p)
{
    struct rank_ask part;
    struct browse_page page;
    size_t n = 0;
    enum err rc = read_part(p, MBTI_NONE, &part);
    if (rc == ERR_OK)
        rc = rank_enneagram(p->snapshot, &part, p->arena, &page, &n);
    if (rc != ERR_OK)
        return rc;
    const struct snapshot_wing *w = &p->snapshot->wings[p->enneagram];
    json_out_map(&p->out);
    json_out_text_of(&p->out, "enneagram", enneagram_name(p->enneagram));
    put_text(p, "name", w->name);
    json_out_name(&p->out, "tags");
    view_texts(p, w->tags, '|');
    put_text(p, "statement", w->statement);
    put_core(p);
    json_out_name(&p->out, "description");
    view_texts(p, w->description, '|');
    put_with(p);
    put_types(p);
    put_kin(p);
    put_ranking(p, part.offset, &page, n);
    json_out_end(&p->out);
    return ERR_OK;
}

enum err api_enneagrams_pair(struct exchange *p)
{
    struct rank_ask part;
    struct browse_page page, near;
    size_t n = 0;
    enum err rc = read_part(p, p->mbti, &part);
    if (rc == ERR_OK)
        rc = rank_enneagram(p->snapshot, &part, p->arena, &page, &n);
    if (rc == ERR_OK)
        rc = browse_near(p->snapshot, p->mbti, p->enneagram, p->arena, &near);
    if (rc != ERR_OK)
        return rc;
    json_out_map(&p->out);
    json_out_name(&p->out, "personality");
    view_personality(p, p->mbti, p->enneagram, NULL);
    view_grades(p, p->mbti);
    put_ranking(p, part.offset, &page, n);
    json_out_name(&p->out, "near");
    json_out_list(&p->out);
    for (size_t i = 0; i < near.n; i++)
        view_character(p, near.items[i]);
    json_out_end(&p->out);
    json_out_end(&p->out);
    return ERR_OK;
}
