#include "experiment_report.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/clock.h"
#include "findings/findings.h"
#include "json/json_out.h"
#include "table.h"

static double percent(double rate)
{
    return 100 * rate;
}

/* ---- JSON ---- */

void experiment_report_number(struct json_out *w, const char *name, double value)
{
    char text[40];
    int n = snprintf(text, sizeof text, "%.9g", value);
    json_out_name(w, name);
    if (isfinite(value))
        json_out_raw(w, text, (size_t)n);
    else
        json_out_null(w);
}

static void json_difference(struct json_out *w, const char *name, const struct difference *d)
{
    json_out_name(w, name);
    json_out_map(w);
    experiment_report_number(w, "control", d->control);
    experiment_report_number(w, "variant", d->variant);
    experiment_report_number(w, "difference", d->by);
    experiment_report_number(w, "low", d->low);
    experiment_report_number(w, "high", d->high);
    experiment_report_number(w, "detectable", d->detectable);
    json_out_text_of(w, "verdict", findings_verdict_name(d->verdict));
    json_out_end(w);
}

static void json_variant(struct json_out *w, const struct findings *f, size_t i)
{
    const struct findings_variant *v = &f->variants[i];
    json_out_map(w);
    json_out_text_of(w, "name", f->experiment.variants[i].name);
    json_out_int_of(w, "visitors", v->visitors);
    experiment_report_number(w, "expected", v->expected);
    json_out_int_of(w, "converted", v->converted);
    experiment_report_number(w, "rate", v->rate);
    if (i > 0) {
        json_difference(w, "plain", &v->plain);
        json_difference(w, "cuped", &v->cuped);
        json_out_bool_of(w, "has_past", v->has_past);
        experiment_report_number(w, "variance_kept", v->kept);
        experiment_report_number(w, "planned_difference", v->lift);
        experiment_report_number(w, "visitors_needed", v->needed);
        json_out_text_of(w, "verdict", v->verdict);
    }
    json_out_end(w);
}

static int say_json(struct job *job, const struct findings *f)
{
    struct buf b = {0};
    struct json_out w;
    json_out_start(&w, &b);
    json_out_map(&w);
    json_out_text_of(&w, "experiment", f->experiment.name);
    json_out_text_of(&w, "state", f->experiment.state);
    json_out_text_of(&w, "goal", f->goal->name);
    json_out_int_of(&w, "visitors", f->visitors);
    json_out_int_of(&w, "converted", f->converted);
    json_out_int_of(&w, "bots_left_out", f->bots);
    experiment_report_number(&w, "visitors_per_day", f->per_day);
    experiment_report_number(&w, "alpha", f->alpha);
    json_out_name(&w, "shares");
    json_out_map(&w);
    experiment_report_number(&w, "chi_square", f->ratio.chi_square);
    experiment_report_number(&w, "p", f->ratio.p);
    experiment_report_number(&w, "p_at_all_looks", f->ratio.always);
    json_out_bool_of(&w, "refused", f->ratio.refused);
    json_out_end(&w);
    json_out_name(&w, "variants");
    json_out_list(&w);
    for (size_t i = 0; i < f->experiment.n; i++)
        json_variant(&w, f, i);
    json_out_end(&w);
    json_out_text_of(&w, "verdict", f->verdict);
    json_out_end(&w);
    bool ok = !b.failed;
    if (ok)
        job_say(job, "%.*s", (int)b.len, b.data);
    buf_free(&b);
    return ok ? JOB_OK : job_fail(job, ERR_NOMEM, NULL);
}

/* ---- text ---- */

static const char *interval(struct job *job, const struct difference *d)
{
    const char *text = arena_printf(&job->arena, "%+.1f (%+.1f to %+.1f)", percent(d->by), percent(d->low),
                                    percent(d->high));
    return text != NULL ? text : "";
}

static void say_table(struct job *job, const struct findings *f)
{
    static const char *const heads[] = {"variant", "visitors",   "expected",  "converted",
                                        "rate %",  "difference", "with CUPED"};
    enum { HEADS = sizeof heads / sizeof *heads };
    struct table t;
    table_start(&t, job, HEADS);
    for (size_t i = 0; i < HEADS; i++)
        table_text(&t, heads[i]);
    for (size_t i = 0; i < f->experiment.n; i++) {
        const struct findings_variant *v = &f->variants[i];
        table_text(&t, f->experiment.variants[i].name);
        table_real(&t, (double)v->visitors, 0);
        table_real(&t, v->expected, 0);
        table_real(&t, (double)v->converted, 0);
        table_real(&t, percent(v->rate), 1);
        table_text(&t, i > 0 ? interval(job, &v->plain) : "");
        table_text(&t, i > 0 && v->has_past ? interval(job, &v->cuped) : "");
    }
    table_say(&t);
}

static void say_text(struct job *job, const struct findings *f)
{
    job_say(job, "%s, %s: visitors who %s", f->experiment.name, f->experiment.state, f->goal->did);
    say_table(job, f);
    job_say(job, "differences in points of percent, with intervals that hold at all looks together (%g %%)",
            100 * (1 - FINDINGS_ALPHA));
    job_say(job, "shares: chi-square %.2f, p = %.4g, at all looks %.4g%s", f->ratio.chi_square, f->ratio.p,
            f->ratio.always, f->ratio.refused ? ": REFUSED" : "");
    if (f->bots > 0)
        job_say(job, "left out: %" PRId64 " programs that say that they are programs", f->bots);
    for (size_t i = 1; f->experiment.n > 2 && i < f->experiment.n; i++)
        if (!f->ratio.refused)
            job_say(job, "- %s", f->variants[i].verdict);
    job_say(job, "%s", f->verdict);
}

int experiment_report(struct job *job, const char *name, const char *goal, bool json)
{
    struct findings f;
    struct fail why = {0};
    const struct findings_ask ask = {.name = name, .goal = goal, .now = clock_wall()};
    enum err rc = findings_read(job->db, &ask, &job->arena, &f, &why);
    if (rc == ERR_NOT_FOUND)
        rc = fail_set(&why, rc, "there is no experiment %s; 'mvti experiment list' lists them", name);
    if (rc != ERR_OK)
        return job_fail(job, rc, &why);
    if (json)
        return say_json(job, &f);
    say_text(job, &f);
    return JOB_OK;
}
