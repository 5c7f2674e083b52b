/* mvti recommend: what a visitor would be answered, from a snapshot file alone. */
#include "jobs/job.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/recommend.h"
#include "base/buf.h"
#include "json/json_out.h"

static enum err parse_movies(struct job *job, const char *text, struct recommend_request *q, struct fail *why)
{
    int32_t *ids = arena_array(&job->arena, RECOMMEND_MAX_MOVIES, sizeof *ids);
    if (ids == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory");
    for (const char *p = text; *p != '\0';) {
        char *end;
        errno = 0;
        long id = strtol(p, &end, 10);
        if (end == p || errno != 0 || id < 0 || id > INT32_MAX || (*end != ',' && *end != '\0'))
            return fail_set(why, ERR_INVALID, "--movies: '%.40s' is not a list of film ids such as 1,2,3", p);
        if (q->n_movies == RECOMMEND_MAX_MOVIES)
            return fail_set(why, ERR_INVALID, "--movies: more than %d films", RECOMMEND_MAX_MOVIES);
        ids[q->n_movies++] = (int32_t)id;
        p = end + (*end == ',');
    }
    q->movies = ids;
    return q->n_movies >= RECOMMEND_MIN_MOVIES
               ? ERR_OK
               : fail_set(why, ERR_INVALID, "--movies: at least %d films are needed", RECOMMEND_MIN_MOVIES);
}

static const char *match_name(enum match_type type)
{
    static const char *const names[] = {"same", "compatible", "near"};
    return names[type];
}

static void say_list(struct job *job, const struct snapshot *s, const char *title,
                     const struct recommend_list *l)
{
    job_say(job, "\n%s", title);
    for (size_t i = 0; i < l->n; i++) {
        const struct recommend_item *it = &l->items[i];
        const struct snapshot_character *c = &s->characters[it->character];
        const struct snapshot_movie *m = &s->movies[c->movie];
        job_say(job, "%3d%%  %s %s %-10s %s — %s (%d)", it->match.percent, mbti_name(c->mbti),
                enneagram_name(c->enneagram), match_name(it->match.type), snapshot_text(s, c->name_ko),
                snapshot_text(s, m->title_ko), m->year);
        for (size_t k = 0; k < it->n_because && k < 3; k++)
            job_say(job, "        %3.0f%% %s", 100.0 * it->because[k].share,
                    snapshot_text(s, s->movies[it->because[k].movie].title_ko));
    }
}

static void write_list(struct json_out *w, const struct snapshot *s, const char *name,
                       const struct recommend_list *l)
{
    json_out_name(w, name);
    json_out_list(w);
    for (size_t i = 0; i < l->n; i++) {
        const struct recommend_item *it = &l->items[i];
        const struct snapshot_character *c = &s->characters[it->character];
        json_out_map(w);
        json_out_int_of(w, "character_id", c->id);
        json_out_text_of(w, "name_ko", snapshot_text(s, c->name_ko));
        json_out_text_of(w, "name_en", snapshot_text(s, c->name_en));
        json_out_int_of(w, "movie_id", s->movies[c->movie].id);
        json_out_text_of(w, "mbti", mbti_name(c->mbti));
        json_out_text_of(w, "enneagram", enneagram_name(c->enneagram));
        json_out_int_of(w, "percent", it->match.percent);
        json_out_text_of(w, "type", match_name(it->match.type));
        json_out_name(w, "because");
        json_out_list(w);
        for (size_t k = 0; k < it->n_because; k++) {
            json_out_map(w);
            json_out_int_of(w, "movie_id", s->movies[it->because[k].movie].id);
            json_out_real_of(w, "share", it->because[k].share, 6);
            json_out_end(w);
        }
        json_out_end(w);
        json_out_end(w);
    }
    json_out_end(w);
}

/* False when memory is out: half of it would be no JSON. */
static bool say_json(struct job *job, const struct snapshot *s, const struct recommend_request *q,
                     const struct recommend_result *r)
{
    struct buf out = {0};
    struct json_out w;
    json_out_start(&w, &out);
    json_out_map(&w);
    json_out_text_of(&w, "snapshot", s->id);
    json_out_text_of(&w, "mbti", mbti_name(q->mbti));
    if (q->enneagram != ENNEAGRAM_NONE)
        json_out_text_of(&w, "enneagram", enneagram_name(q->enneagram));
    else
        json_out_null_of(&w, "enneagram");
    json_out_text_of(&w, "partner", mbti_name(r->partner));
    write_list(&w, s, "same", &r->same);
    write_list(&w, s, "compatible", &r->compatible);
    json_out_end(&w);
    bool whole = !out.failed;
    if (whole)
        job_say(job, "%s", buf_str(&out));
    buf_free(&out);
    return whole;
}

struct wanted {
    const char *mbti, *enneagram, *movies, *file;
    long limit;
    bool json;
};

static enum err read_words(struct job *job, const struct wanted *want, struct recommend_request *q,
                           struct fail *why)
{
    *q = (struct recommend_request){.mbti = mbti_parse(want->mbti, strlen(want->mbti)),
                                    .limit = (size_t)want->limit};
    if (q->mbti == MBTI_NONE)
        return fail_set(why, ERR_INVALID, "--mbti '%.40s': not one of the 16 types", want->mbti);
    if (!enneagram_parse_any(want->enneagram, strlen(want->enneagram), &q->enneagram))
        return fail_set(why, ERR_INVALID, "--enneagram '%.40s': not one of the 18 types with a wing",
                        want->enneagram);
    return parse_movies(job, want->movies, q, why);
}

static enum err run(struct job *job, const struct wanted *want, const struct recommend_request *q,
                    struct snapshot *s, struct fail *why)
{
    char path[1024];
    enum err rc = config_state_path(&job->config, "snapshots/current", path, sizeof path, why);
    if (rc == ERR_OK)
        rc = snapshot_open(s, want->file != NULL ? want->file : path, why);
    struct recommend_result result;
    if (rc == ERR_OK)
        rc = recommend_run(s, q, &job->arena, &result, why);
    if (rc != ERR_OK)
        return rc;
    if (want->json)
        return say_json(job, s, q, &result) ? ERR_OK : fail_set(why, ERR_NOMEM, "out of memory");
    char title[64];
    snprintf(title, sizeof title, "like you: %s", mbti_name(q->mbti));
    say_list(job, s, title, &result.same);
    snprintf(title, sizeof title, "good match: %s", mbti_name(result.partner));
    say_list(job, s, title, &result.compatible);
    return ERR_OK;
}

int cmd_recommend(struct job *job, int argc, char **argv)
{
    struct wanted want = {.mbti = "", .enneagram = "", .movies = "", .limit = RECOMMEND_DEFAULT};
    const struct job_option options[] = {
        {"mbti", JOB_TEXT, &want.mbti, 0, 0, "one of the 16 types, such as INFP"},
        {"enneagram", JOB_TEXT, &want.enneagram, 0, 0,
         "one of the 18 types with a wing, such as 4w5; if omitted, only type and films count"},
        {"movies", JOB_TEXT, &want.movies, 0, 0, "at least three film IDs, such as 1,2,3"},
        {"limit", JOB_INT, &want.limit, 1, RECOMMEND_MAX, "length of each list (default 20)"},
        {"snapshot", JOB_TEXT, &want.file, 0, 0, "snapshot file to use instead of the current one"},
        {"json", JOB_FLAG, &want.json, 0, 0, "print JSON"},
        {0},
    };
    int n = job_options(argc, argv, "recommend --mbti TYPE [--enneagram TYPE] --movies ID,ID,ID [--json]",
                        options, (struct job_operands){0});
    if (n < 0)
        return job_options_status(n);
    struct snapshot s = {0};
    struct fail why = {0};
    struct recommend_request q;
    enum err rc = read_words(job, &want, &q, &why);
    if (rc == ERR_INVALID)
        return job_wrong_words(job, &why);
    if (rc == ERR_OK)
        rc = run(job, &want, &q, &s, &why);
    snapshot_close(&s);
    return rc == ERR_OK ? JOB_OK : job_fail(job, rc, &why);
}
