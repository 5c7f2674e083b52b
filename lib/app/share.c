#include "app/share.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Moves *p behind a word; false if it does not stand there. */
static bool skip(const char **p, const char *word)
{
    size_t n = strlen(word);
    if (strncmp(*p, word, n) != 0)
        return false;
    *p += n;
    return true;
}

/* Reads [{"movie_id":1,"share":0.6},…] as quiz.c writes it; stops at anything else. Films that left the
 * catalog are left out. */
static size_t read_because(const struct snapshot *s, const char *text, struct recommend_because *out,
                           size_t most)
{
    size_t n = 0;
    const char *p = text + (*text == '[');
    while (n < most && skip(&p, "{\"movie_id\":")) {
        char *end;
        const char *number = p;
        long id = strtol(p, &end, 10);
        p = end;
        if (!skip(&p, ",\"share\":"))
            break;
        float share = strtof(p, &end);
        p = end;
        if (!skip(&p, "}"))
            break;
        int64_t movie =
            end > number && id >= 0 && id <= INT32_MAX ? snapshot_movie_index(s, (int32_t)id) : -1;
        if (movie >= 0)
            out[n++] = (struct recommend_because){.movie = (uint32_t)movie, .share = share};
        skip(&p, ",");
    }
    return n;
}

/* What stored results are told with. */
struct teller {
    const struct snapshot *s;
    struct arena *a;
    struct likeness_chosen chosen;
};

/* The match as it was told. What is asked about the character alone is as the catalog says now. */
static struct recommend_match match_of(const struct teller *t, const struct visitor_quiz *v,
                                       const struct visitor_quiz_result *r, uint32_t character)
{
    const struct snapshot_character *c = &t->s->characters[character];
    return (struct recommend_match){
        .percent = r->percent,
        .type = (enum match_type)r->type,
        .film = r->told.known ? r->told.film / 100.0F : NAN,
        .parts = r->told.points / 100.0F,
        .above = r->told.above / 100.0F,
        .strange = r->told.strange,
        .completes = mbti_distance(c->mbti, t->s->partners[v->mbti]) < mbti_distance(c->mbti, v->mbti),
        .enneagram = (float)r->enneagram,
        .grade = t->s->grades[v->mbti * MBTI_COUNT + c->mbti],
        .certainty = c->certainty,
        .fame = recommend_fame(t->s, c),
    };
}

static enum err add_result(const struct teller *t, const struct visitor_quiz *v,
                           const struct visitor_quiz_result *r, struct recommend_list *list)
{
    int64_t character = snapshot_character_index(t->s, r->character_id);
    if (character < 0)
        return ERR_OK;
    struct recommend_because *because = arena_array(t->a, RECOMMEND_MAX_MOVIES, sizeof *because);
    if (because == NULL)
        return ERR_NOMEM;
    struct recommend_item *item = &list->items[list->n++];
    *item = (struct recommend_item){
        .character = (uint32_t)character,
        .match = match_of(t, v, r, (uint32_t)character),
        .because = because,
        .n_because = read_because(t->s, r->because, because, RECOMMEND_MAX_MOVIES),
    };
    return item->n_because == 0 ? recommend_liken(&t->chosen, t->a, item)
                                : recommend_compare(&t->chosen, t->a, t->s->characters[character].movie,
                                                    because, item->n_because);
}

/* Films that the catalog still has, and how results are told. */
static enum err start_telling(struct teller *t, struct share_quiz *q, struct fail *why)
{
    const struct visitor_quiz *v = &q->stored;
    uint32_t *movies = arena_array(t->a, v->n_movies + 1, sizeof *movies);
    if (movies == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory");
    for (size_t i = 0; i < v->n_movies; i++) {
        int64_t movie = snapshot_movie_index(t->s, v->movies[i]);
        if (movie >= 0)
            movies[q->n_movies++] = (uint32_t)movie;
    }
    q->movies = movies;
    if (likeness_prepare(t->s, (const int32_t *)movies, q->n_movies, t->a, &t->chosen) != ERR_OK)
        return fail_set(why, ERR_NOMEM, "out of memory");
    return ERR_OK;
}

static enum err resolve(const struct snapshot *s, struct arena *a, struct share_quiz *t, struct fail *why)
{
    const struct visitor_quiz *v = &t->stored;
    struct teller teller = {.s = s, .a = a};
    t->same.items = arena_array(a, v->n_results, sizeof *t->same.items);
    t->compatible.items = arena_array(a, v->n_results, sizeof *t->compatible.items);
    if (t->same.items == NULL || t->compatible.items == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory");
    enum err rc = start_telling(&teller, t, why);
    for (size_t i = 0; rc == ERR_OK && i < v->n_results; i++)
        if (add_result(&teller, v, &v->results[i], v->results[i].compatible ? &t->compatible : &t->same) !=
            ERR_OK)
            rc = fail_set(why, ERR_NOMEM, "out of memory");
    return rc;
}

enum err share_load(struct db *db, struct share_asked asked, struct arena *a, struct share_quiz *out,
                    struct fail *why)
{
    *out = (struct share_quiz){0};
    enum err rc = visitor_quiz_load(db, asked.token, a, &out->stored, why);
    if (rc != ERR_OK)
        return rc;
    int64_t visitor_id;
    rc = visit_known(db, asked.session, &visitor_id, why);
    if (rc != ERR_OK && rc != ERR_NOT_FOUND)
        return rc;
    out->mine = rc == ERR_OK && visitor_id == out->stored.visitor_id;
    return resolve(asked.snapshot, a, out, why);
}

enum err share_newest(struct db *db, const struct snapshot *s, const struct session *session, struct arena *a,
                      struct share_quiz *out, struct fail *why)
{
    struct visitor_quizzes newest = {.most = 1};
    enum err rc = share_list(db, session, &newest, a, why);
    if (rc == ERR_OK && newest.n == 0)
        return fail_set(why, ERR_NOT_FOUND, "no test yet");
    return rc == ERR_OK ? share_load(db, (struct share_asked){s, session, newest.items[0].token}, a, out, why)
                        : rc;
}

enum err share_list(struct db *db, const struct session *session, struct visitor_quizzes *page,
                    struct arena *a, struct fail *why)
{
    page->items = NULL;
    page->n = 0;
    int64_t visitor_id;
    enum err rc = visit_known(db, session, &visitor_id, why);
    if (rc == ERR_NOT_FOUND)
        return ERR_OK;
    return rc == ERR_OK ? visitor_quiz_list(db, visitor_id, page, a, why) : rc;
}

struct deletion {
    int64_t visitor_id;
    const char *token;
};

static enum err delete_work(struct db *db, void *arg, struct fail *why)
{
    const struct deletion *d = arg;
    return visitor_quiz_delete(db, d->visitor_id, d->token, why);
}

enum err share_delete(struct db *db, const struct session *session, const char *token, struct fail *why)
{
    struct deletion d = {.token = token};
    enum err rc = visit_known(db, session, &d.visitor_id, why);
    return rc == ERR_OK ? db_transaction(db, delete_work, &d, why) : rc;
}
