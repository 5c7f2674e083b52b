#include "experiment_estimate.h"

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/map_file.h"
#include "experiment/lifecycle.h"
#include "findings/findings_json.h"
#include "findings/off_policy.h"
#include "table.h"

/* ---- which ranker ---- */

static enum err read_file(struct job *job, const char *path, struct variant_settings *out, struct fail *why)
{
    struct map_file file = {0};
    struct variant_words words;
    const struct json_value *v = NULL;
    struct fail inner = {0};
    enum err rc = map_file_open(&file, path, why);
    if (rc != ERR_OK)
        return rc;
    rc = json_read(&job->arena, file.data != NULL ? (const char *)file.data : "", file.size, &v, &inner);
    if (rc == ERR_OK)
        rc = variant_read(v, path, out, &words, why);
    else
        fail_set(why, rc, "%s: %s", path, inner.text);
    map_file_close(&file);
    return rc;
}

static enum err read_policy(struct job *job, const struct experiment_estimate *ask,
                            struct variant_settings *out, struct fail *why)
{
    struct experiment e;
    struct variant_words words;
    enum err rc = experiment_find(job->db, ask->name, &job->arena, &e, why);
    if (rc == ERR_NOT_FOUND)
        return fail_set(why, rc, "there is no experiment %s; 'mvti experiment list' lists them", ask->name);
    for (size_t i = 0; rc == ERR_OK && i < e.n; i++)
        if (strcmp(e.variants[i].name, ask->policy) == 0)
            return lifecycle_settings(&e, i, &job->arena, out, &words, why);
    rc = rc == ERR_OK ? read_file(job, ask->policy, out, why) : rc;
    if (rc == ERR_NOT_FOUND)
        return fail_set(why, rc, "--policy %s: neither a variant of %s nor a file", ask->policy, ask->name);
    return rc;
}

/* ---- figures ---- */

struct figures {
    struct policy_value_estimate wanted[POLICY_VALUE_KINDS], site[POLICY_VALUE_KINDS], difference;
    bool comparable; /* the log says enough of the site's order, too */
    double logged;   /* rate of what was drawn */
};

static enum err work_out(const struct off_policy *o, struct figures *f, struct fail *why)
{
    enum err rc = ERR_OK;
    for (int k = 0; rc == ERR_OK && k < POLICY_VALUE_KINDS; k++) {
        enum policy_value_kind kind = (enum policy_value_kind)k;
        rc = policy_value_estimate(&o->wanted, kind, &f->wanted[k], why);
        if (rc == ERR_OK)
            rc = policy_value_estimate(&o->site, kind, &f->site[k], why);
    }
    if (rc == ERR_OK)
        rc = policy_value_difference(&o->wanted, &o->site, POLICY_VALUE_DR, &f->difference, why);
    f->comparable = policy_value_check(&o->site, NULL) == ERR_OK;
    f->logged = o->wanted.rewards / o->wanted.all.n;
    return rc;
}

static const char *verdict(const struct figures *f)
{
    return !f->comparable ? "The log says too little of the site's own order to compare the two."
           : f->difference.low > 0
               ? "It would have done better than the site's own order: try it in an experiment."
           : f->difference.high < 0
               ? "It would have done worse than the site's own order."
               : "Whether it would have done better or worse than the site's own order is not known.";
}

/* ---- JSON ---- */

static void json_estimate(struct json_out *w, const char *name, const struct policy_value_estimate *e)
{
    json_out_name(w, name);
    json_out_map(w);
    findings_json_number(w, "value", e->value);
    findings_json_number(w, "low", e->low);
    findings_json_number(w, "high", e->high);
    json_out_end(w);
}

static void json_policy(struct json_out *w, const char *name, const struct policy_value *p,
                        const struct policy_value_estimate *e)
{
    json_out_name(w, name);
    json_out_map(w);
    for (int k = 0; k < POLICY_VALUE_KINDS; k++)
        json_estimate(w, policy_value_name((enum policy_value_kind)k), &e[k]);
    findings_json_number(w, "effective_rows", policy_value_rows(p));
    findings_json_number(w, "effective_conversions", policy_value_rewards(p));
    findings_json_number(w, "mean_weight", policy_value_support(p));
    json_out_int_of(w, "clipped_rows", p->clipped);
    findings_json_number(w, "clipped_weight", p->clipped_weight);
    json_out_end(w);
}

static int say_json(struct job *job, const struct off_policy *o, const struct figures *f)
{
    struct buf b = {0};
    struct json_out w;
    json_out_start(&w, &b);
    json_out_map(&w);
    json_out_text_of(&w, "experiment", o->experiment.name);
    json_out_text_of(&w, "goal", o->goal->name);
    json_out_int_of(&w, "tests", o->tests);
    json_out_int_of(&w, "places", o->places);
    json_out_int_of(&w, "tests_without_snapshot", o->gone);
    json_out_int_of(&w, "tests_without_models", o->unable);
    json_out_int_of(&w, "places_otherwise", o->odd);
    findings_json_number(&w, "logged", f->logged);
    json_policy(&w, "wanted", &o->wanted, f->wanted);
    json_policy(&w, "site", &o->site, f->site);
    if (f->comparable)
        json_estimate(&w, "difference", &f->difference);
    else
        json_out_null_of(&w, "difference");
    json_out_text_of(&w, "verdict", verdict(f));
    json_out_end(&w);
    bool ok = !b.failed;
    if (ok)
        job_say(job, "%.*s", (int)b.len, b.data);
    buf_free(&b);
    return ok ? JOB_OK : job_fail(job, ERR_NOMEM, NULL);
}

/* ---- text ---- */

static void say_policy(struct table *t, const char *name, const struct policy_value *p,
                       const struct policy_value_estimate *e)
{
    table_text(t, name);
    for (int k = 0; k < POLICY_VALUE_KINDS; k++) {
        const char *text = arena_printf(&t->job->arena, "%.2f (%.2f to %.2f)", 100 * e[k].value,
                                        100 * e[k].low, 100 * e[k].high);
        table_text(t, text != NULL ? text : "");
    }
    table_real(t, policy_value_rows(p), 0);
    table_real(t, policy_value_rewards(p), 0);
    table_real(t, policy_value_support(p), 2);
}

static void say_lost(struct job *job, const struct off_policy *o)
{
    if (o->gone > 0)
        job_say(job, "left out: %" PRId64 " results whose snapshots, such as %s, are not kept any more",
                o->gone, o->lost);
    if (o->unable > 0)
        job_say(job, "left out: %" PRId64 " results whose snapshots lack a model of it", o->unable);
    if (o->odd > 0)
        job_say(job, "left out: %" PRId64 " places that cannot be reproduced as logged", o->odd);
    if (o->wanted.clipped > 0)
        job_say(job, "clipped: the weights of %" PRId64 " places to %g, by %.1f in all", o->wanted.clipped,
                o->wanted.clip, o->wanted.clipped_weight);
}

static void say_text(struct job *job, const char *policy, const struct off_policy *o, const struct figures *f)
{
    static const char *const heads[] = {"order", "IPS %", "SNIPS %",     "DM %",
                                        "DR %",  "rows",  "conversions", "weight"};
    enum { HEADS = sizeof heads / sizeof *heads };
    struct table t;
    job_say(job, "%s: of %" PRId64 " places of %" PRId64 " results that were drawn, visitors %s in %.2f %%",
            o->experiment.name, o->places, o->tests, o->goal->did, 100 * f->logged);
    table_start(&t, job, HEADS);
    for (size_t i = 0; i < HEADS; i++)
        table_text(&t, heads[i]);
    say_policy(&t, policy, &o->wanted, f->wanted);
    say_policy(&t, "the site's", &o->site, f->site);
    table_say(&t);
    job_say(job, "with %g %% intervals; rows and conversions are effective ones, the mean weight should be 1",
            100 * POLICY_VALUE_LEVEL);
    say_lost(job, o);
    if (f->comparable)
        job_say(job, "difference (DR): %+.2f points (%+.2f to %+.2f)", 100 * f->difference.value,
                100 * f->difference.low, 100 * f->difference.high);
    job_say(job, "%s", verdict(f));
}

int experiment_estimate(struct job *job, const struct experiment_estimate *ask)
{
    struct variant_settings wanted;
    struct figures f;
    struct fail why = {0};
    char snapshots[1200];
    struct off_policy *o = arena_alloc(&job->arena, sizeof *o);
    if (o == NULL)
        return job_fail(job, ERR_NOMEM, NULL);
    snprintf(snapshots, sizeof snapshots, "%s/snapshots", job->config.state_dir);
    const struct off_policy_task task = {.experiment = ask->name,
                                         .goal = ask->goal,
                                         .wanted = &wanted,
                                         .snapshots = snapshots,
                                         .clip = ask->clip};
    enum err rc = read_policy(job, ask, &wanted, &why);
    if (rc == ERR_OK)
        rc = off_policy_estimate(job->db, &task, &job->arena, o, &why);
    if (rc == ERR_OK)
        rc = work_out(o, &f, &why);
    if (rc != ERR_OK)
        return job_fail(job, rc, &why);
    if (ask->json)
        return say_json(job, o, &f);
    say_text(job, ask->policy, o, &f);
    return JOB_OK;
}
