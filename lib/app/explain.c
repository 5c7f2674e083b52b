#include "app/explain.h"

#include <string.h>

#include "app/live.h"

static const struct recommend_item *find(const struct explain *e, const struct visitor_quiz_result *r,
                                         size_t *at)
{
    const struct recommend_list *list = r->compatible ? &e->again.compatible : &e->again.same;
    for (*at = 0; *at < list->n; ++*at)
        if (e->snapshot.characters[list->items[*at].character].id == r->character_id)
            return &list->items[*at];
    return NULL;
}

static enum err compare(struct explain *e, struct arena *a, struct fail *why)
{
    size_t place[2] = {0, 0};
    e->now = arena_array(a, e->stored.n_results, sizeof(const struct recommend_item *));
    if (e->now == NULL && e->stored.n_results > 0)
        return fail_set(why, ERR_NOMEM, "out of memory");
    e->same = true;
    for (size_t i = 0; i < e->stored.n_results; i++) {
        const struct visitor_quiz_result *r = &e->stored.results[i];
        size_t at;
        e->now[i] = find(e, r, &at);
        e->same = e->same && e->now[i] != NULL && at == place[r->compatible];
        place[r->compatible]++;
    }
    return ERR_OK;
}

static enum err ask_again(struct explain *e, struct arena *a, struct fail *why)
{
    const struct visitor_quiz *v = &e->stored;
    size_t n[2] = {0, 0};
    for (size_t i = 0; i < v->n_results; i++)
        n[v->results[i].compatible]++;
    size_t most = n[0] > n[1] ? n[0] : n[1];
    const struct recommend_request q = {.mbti = v->mbti,
                                        .enneagram = v->enneagram,
                                        .movies = v->movies,
                                        .n_movies = v->n_movies,
                                        .limit = most > 0 ? most : RECOMMEND_DEFAULT};
    enum err rc = recommend_run(&e->snapshot, &q, a, &e->again, why);
    return rc == ERR_OK ? compare(e, a, why) : rc;
}

/* A snapshot that is gone or unreadable is an answer too. */
static enum err open_snapshot(struct explain *e, const struct config *config, struct arena *a,
                              struct fail *why)
{
    char path[CONFIG_TEXT * 2];
    struct fail inner = {0};
    if (live_file(config, e->stored.snapshot_id, path, sizeof path, &inner) != ERR_OK ||
        snapshot_open(&e->snapshot, path, &inner) != ERR_OK)
        return ERR_OK;
    e->kept = true;
    return ask_again(e, a, why);
}

enum err explain_read(struct db *db, const struct explain_test *which, struct arena *a, struct explain *out,
                      struct fail *why)
{
    *out = (struct explain){0};
    const char *token = which->token;
    enum err rc = token == NULL ? quiz_lookup_token(db, which->test_id, a, &token, why) : ERR_OK;
    if (rc == ERR_OK)
        rc = visitor_quiz_load(db, token, a, &out->stored, why);
    if (rc == ERR_OK)
        rc = quiz_lookup_variants(db, out->stored.test_id, a, &out->variants, why);
    return rc == ERR_OK ? open_snapshot(out, which->config, a, why) : rc;
}

void explain_close(struct explain *e)
{
    if (e->kept)
        snapshot_close(&e->snapshot);
    e->kept = false;
}
