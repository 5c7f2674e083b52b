/* mvti snapshot info|verify FILE: what a published file holds, and whether it is whole. mvti snapshot history:
 * what was live when, and why. */
#include "jobs/job.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "json/json_out.h"
#include "model/snapshot.h"
#include "publish/snapshot_folder.h"
#include "store/publication.h"
#include "table.h"

static const char usage[] = "snapshot info|verify FILE | snapshot history [--limit N] [--json]";

static void say_info(struct job *job, const struct snapshot *s)
{
    char when[32];
    time_t created = (time_t)s->created;
    struct tm tm;
    strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&created, &tm));
    size_t rated = 0;
    for (size_t i = 0; i < s->n_movies; i++)
        rated += s->movies[i].rated;
    job_say(job, "id          %s", s->id);
    job_say(job, "created     %s", when);
    job_say(job, "bytes       %zu", s->size);
    job_say(job, "films       %zu (%zu with interactions)", s->n_movies, rated);
    job_say(job, "characters  %zu", s->n_characters);
    job_say(job, "links       %zu", s->n_links);
    for (size_t p = 0; p < s->fusion.n_parts; p++)
        job_say(job, "model       %s, %zu films, weight %.3f", s->models[p].info->kind, s->models[p].n_items,
                (double)s->fusion.parts[p].weight);
    job_say(job, "combined    by rule '%s', films without ratings x %.3f", fusion_rule_name(s->fusion.rule),
            (double)s->fusion.cold);
    job_say(job, "about       %.*s", (int)s->meta_len, s->meta);
}

/* ---- history ---- */

static void time_text(char out[32], int64_t ms)
{
    time_t seconds = (time_t)(ms / 1000);
    struct tm tm;
    strftime(out, 32, "%Y-%m-%d %H:%M:%S", gmtime_r(&seconds, &tm));
}

/* The figures that decided, else those of everybody; NULL if nothing was compared. */
static const struct publication_score *main_score(const struct publication *p)
{
    const char *wanted = p->decided_by[0] != '\0' ? p->decided_by : "all";
    for (size_t i = 0; i < p->n_scores; i++)
        if (strcmp(p->scores[i].people, wanted) == 0)
            return &p->scores[i];
    return NULL;
}

static void say_steps(struct job *job, const struct publication *all, size_t n)
{
    static const char *const heads[] = {"decided (UTC)", "action",   "outcome",  "snapshot", "was live",
                                        "compared",      "people",   "n",        "live",     "new",
                                        "difference",    "99 % low", "99 % high"};
    enum { HEADS = sizeof heads / sizeof *heads };
    struct table t;
    table_start(&t, job, HEADS);
    for (size_t i = 0; i < HEADS; i++)
        table_text(&t, heads[i]);
    for (size_t i = 0; i < n; i++) {
        const struct publication_score *s = main_score(&all[i]);
        char when[32];
        time_text(when, all[i].decided_ms);
        const char *const words[] = {
            when, all[i].action, all[i].outcome, all[i].snapshot, all[i].was_live, all[i].decision};
        for (size_t k = 0; k < 6; k++)
            table_text(&t, words[k]);
        table_text(&t, s != NULL ? s->people : "");
        table_real(&t, s != NULL ? (double)s->n_people : NAN, 0);
        const double figures[] = {s != NULL ? s->live : NAN, s != NULL ? s->fresh : NAN,
                                  s != NULL ? s->difference : NAN, s != NULL ? s->low : NAN,
                                  s != NULL ? s->high : NAN};
        for (size_t k = 0; k < 5; k++)
            table_real(&t, figures[k], 4);
    }
    table_say(&t);
}

static void json_step(struct json_out *w, const struct publication *p)
{
    const struct {
        const char *name, *text;
    } words[] = {{"action", p->action},     {"outcome", p->outcome},   {"snapshot", p->snapshot},
                 {"was_live", p->was_live}, {"decision", p->decision}, {"decided_by", p->decided_by},
                 {"held", p->held_hash},    {"reason", p->reason}};
    json_out_map(w);
    json_out_int_of(w, "decided_ms", p->decided_ms);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (words[i].text[0] != '\0')
            json_out_text_of(w, words[i].name, words[i].text);
        else
            json_out_null_of(w, words[i].name);
    json_out_name(w, "scores");
    json_out_map(w);
    for (size_t i = 0; i < p->n_scores; i++) {
        const struct publication_score *s = &p->scores[i];
        json_out_name(w, s->people);
        json_out_map(w);
        json_out_int_of(w, "n", s->n_people);
        json_out_real_of(w, "live", s->live, 9);
        json_out_real_of(w, "new", s->fresh, 9);
        json_out_real_of(w, "difference", s->difference, 9);
        json_out_real_of(w, "low", s->low, 9);
        json_out_real_of(w, "high", s->high, 9);
        json_out_end(w);
    }
    json_out_end(w);
    json_out_end(w);
}

static int say_json(struct job *job, const struct publication *all, size_t n)
{
    struct buf text = {0};
    struct json_out w;
    json_out_start(&w, &text);
    json_out_list(&w);
    for (size_t i = 0; i < n; i++)
        json_step(&w, &all[i]);
    json_out_end(&w);
    return job_say_text(job, &text);
}

static void say_pin(struct job *job)
{
    char pinned[SNAPSHOT_NAME];
    struct snapshot_folder f = {.lock = -1};
    if (config_state_path(&job->config, "snapshots", f.path, sizeof f.path, NULL) != ERR_OK)
        return;
    snapshot_folder_pinned(&f, pinned);
    if (pinned[0] != '\0')
        job_say(job, "pinned: %s; no publishing replaces it until mvti publish --unpin", pinned);
}

static int history(struct job *job, long limit, bool json)
{
    struct publication *all;
    struct fail why = {0};
    size_t n;
    enum err rc = publication_list(job->db, &job->arena, (size_t)limit, &all, &n, &why);
    if (rc != ERR_OK)
        return job_fail(job, rc, &why);
    if (json)
        return say_json(job, all, n);
    if (n == 0)
        job_say(job, "nothing was published yet; run mvti publish");
    else
        say_steps(job, all, n);
    if (n > 0)
        job_say(job, "last: %s", all[0].reason);
    say_pin(job);
    return JOB_OK;
}

int cmd_snapshot(struct job *job, int argc, char **argv)
{
    const char *operands[2];
    long limit = 20;
    bool json = false;
    const struct job_option options[] = {
        {"limit", JOB_INT, &limit, 1, 10000, "history: at most N steps, the newest first (default 20)"},
        {"json", JOB_FLAG, &json, 0, 0, "history: print everything as JSON"},
        {0}};
    int n = job_options(argc, argv, usage, options, (struct job_operands){operands, 1, 2});
    if (n < 0)
        return job_options_status(n);
    bool info = strcmp(operands[0], "info") == 0, verify = strcmp(operands[0], "verify") == 0;
    struct fail why = {0};
    if (strcmp(operands[0], "history") == 0 && n == 1)
        return history(job, limit, json);
    if ((!info && !verify) || n != 2) {
        job_note(job, "mvti: snapshot %s: expected info or verify and a file, or history\nusage: mvti %s",
                 operands[0], usage);
        return JOB_USAGE;
    }
    struct snapshot s;
    enum err rc = snapshot_open(&s, operands[1], &why);
    if (rc != ERR_OK)
        return job_fail(job, rc, &why);
    if (info)
        say_info(job, &s);
    else
        job_say(job, "%s: intact, %zu films, %zu characters, ID %s", operands[1], s.n_movies, s.n_characters,
                s.id);
    snapshot_close(&s);
    return JOB_OK;
}
