/* Characters, films and kinds of people by name. */
#include <string.h>

#include "base/utf8.h"
#include "found.h"
#include "input.h"
#include "view.h"

enum { LIMIT_DEFAULT = 8, LIMIT_MOST = 40 };

static void put_name(struct exchange *p, struct snapshot_text t)
{
    view_text(p, t.ko, t.en);
}

/* Of a pair, both names. */
static void put_kind(struct exchange *p, uint32_t kind)
{
    uint8_t mbti, enneagram;
    search_kind(kind, &mbti, &enneagram);
    json_out_map(&p->out);
    view_word(p, "mbti", mbti_name(mbti));
    view_word(p, "enneagram", enneagram_name(enneagram));
    json_out_name(&p->out, "names");
    json_out_list(&p->out);
    if (mbti != MBTI_NONE)
        put_name(p, p->snapshot->types[mbti].name);
    if (enneagram != ENNEAGRAM_NONE)
        put_name(p, p->snapshot->wings[enneagram].name);
    json_out_end(&p->out);
    json_out_end(&p->out);
}

/* {"found", "items"} */
static void put_list(struct exchange *p, const char *name, const struct search_result *r,
                     void (*put)(struct exchange *p, uint32_t item))
{
    json_out_name(&p->out, name);
    json_out_map(&p->out);
    json_out_int_of(&p->out, "found", (int64_t)r->found);
    view_items(p);
    for (size_t i = 0; i < r->n; i++)
        put(p, r->items[i]);
    json_out_end(&p->out);
    json_out_end(&p->out);
}

enum err api_search(struct exchange *p)
{
    const char *q = form_get(&p->query, "q");
    size_t limit;
    struct found found;
    if (q == NULL)
        q = "";
    if (utf8_length(q, strlen(q)) > SEARCH_MAX_CHARS)
        return problem_field(&p->problem, "q", "takes at most %d characters", SEARCH_MAX_CHARS);
    enum err rc = input_limit(p, LIMIT_DEFAULT, LIMIT_MOST, &limit);
    if (rc == ERR_OK)
        rc = found_all(p, q, limit, &found);
    if (rc != ERR_OK)
        return rc;
    json_out_map(&p->out);
    json_out_text_of(&p->out, "snapshot", p->snapshot->id);
    put_list(p, "types", &found.kinds, put_kind);
    put_list(p, "characters", &found.characters, view_character);
    put_list(p, "movies", &found.movies, view_movie);
    json_out_end(&p->out);
    return ERR_OK;
}
