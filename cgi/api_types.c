#include "app/rank.h"
#include "input.h"
#include "recent.h"
#include "view.h"

enum { PAGE_DEFAULT = 20, PAGE_MOST = 100 };

enum err api_types(struct exchange *p)
{
    json_out_map(&p->out);
    view_items(p);
    for (uint8_t t = 0; t < MBTI_COUNT; t++)
        view_type(p, t);
    json_out_end(&p->out);
    json_out_end(&p->out);
    return ERR_OK;
}

static void put_text(struct exchange *p, const char *name, struct snapshot_text t)
{
    json_out_name(&p->out, name);
    view_text(p, t.ko, t.en);
}

/* How many characters it has with each Enneagram type. */
static void put_pairs(struct exchange *p)
{
    uint32_t counts[RANK_PAIRS];
    rank_pair_counts(p->snapshot, counts);
    json_out_name(&p->out, "enneagrams");
    json_out_list(&p->out);
    for (uint8_t e = 0; e < ENNEAGRAM_COUNT; e++) {
        json_out_map(&p->out);
        json_out_text_of(&p->out, "enneagram", enneagram_name(e));
        json_out_int_of(&p->out, "characters", counts[p->mbti * ENNEAGRAM_COUNT + e]);
        json_out_end(&p->out);
    }
    json_out_end(&p->out);
}

static void put_about(struct exchange *p)
{
    const struct snapshot *s = p->snapshot;
    const struct snapshot_type *type = &s->types[p->mbti];
    json_out_text_of(&p->out, "mbti", mbti_name(p->mbti));
    put_text(p, "name", type->name);
    json_out_name(&p->out, "tags");
    view_texts(p, type->tags, '|');
    put_text(p, "summary", type->summary);
    json_out_name(&p->out, "description");
    view_texts(p, type->description, '|');
    put_text(p, "in_films", type->in_films);
    json_out_name(&p->out, "compatible");
    json_out_map(&p->out);
    json_out_text_of(&p->out, "mbti", mbti_name(s->partners[p->mbti]));
    put_text(p, "text", type->compatible);
    json_out_end(&p->out);
    view_grades(p, p->mbti);
    put_pairs(p);
}

enum err api_types_one(struct exchange *p)
{
    size_t limit, offset = 0;
    uint64_t unused = 0;
    if (p->respelled)
        return problem_set(&p->problem, ERR_NOT_FOUND, "types are written in capitals: %s",
                           mbti_name(p->mbti));
    enum err rc = input_limit(p, PAGE_DEFAULT, PAGE_MOST, &limit);
    if (rc == ERR_OK)
        rc = input_cursor(p, &unused, &offset);
    if (rc != ERR_OK)
        return rc;
    struct browse_page page;
    rank_type(p->snapshot, p->mbti, offset, limit, &page);
    json_out_map(&p->out);
    put_about(p);
    json_out_int_of(&p->out, "characters", (int64_t)rank_type_count(p->snapshot, p->mbti));
    json_out_text_of(&p->out, "ranking", rank_rule(p->snapshot));
    json_out_text_of(&p->out, "snapshot", p->snapshot->id);
    view_items(p);
    for (size_t i = 0; i < page.n; i++)
        view_character(p, page.items[i]);
    json_out_end(&p->out);
    view_next(p, page.more, 0, offset + page.n);
    json_out_end(&p->out);
    return ERR_OK;
}

enum err api_types_recent(struct exchange *p)
{
    struct rank_ask ask = {.mbti = p->mbti};
    struct browse_page page;
    uint64_t unused = 0;
    int days = recent_days(p);
    if (p->respelled)
        return problem_set(&p->problem, ERR_NOT_FOUND, "types are written in capitals: %s",
                           mbti_name(p->mbti));
    if (days <= 0)
        problem_field(&p->problem, "days", "must be %d or %d", RECENT_LIKE_WEEK, RECENT_LIKE_MONTH);
    enum err rc = input_limit(p, PAGE_DEFAULT, PAGE_MOST, &ask.limit);
    if (rc == ERR_OK)
        rc = input_cursor(p, &unused, &ask.offset);
    if (rc != ERR_OK || p->problem.n_errors > 0)
        return rc != ERR_OK ? rc : ERR_INVALID;
    rc = recent_rank(p, days, &ask, &page);
    if (rc != ERR_OK)
        return exchange_unsaved(p, rc);
    json_out_map(&p->out);
    json_out_text_of(&p->out, "mbti", mbti_name(p->mbti));
    json_out_int_of(&p->out, "days", days);
    json_out_text_of(&p->out, "ranking", "recent");
    json_out_text_of(&p->out, "snapshot", p->snapshot->id);
    view_items(p);
    for (size_t i = 0; i < page.n; i++)
        view_character(p, page.items[i]);
    json_out_end(&p->out);
    view_next(p, page.more, 0, ask.offset + page.n);
    json_out_end(&p->out);
    return ERR_OK;
}
