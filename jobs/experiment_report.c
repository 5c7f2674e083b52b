#include "experiment_report.h"

#include <inttypes.h>

#include "base/buf.h"
#include "base/clock.h"
#include "findings/findings_json.h"
#include "table.h"

static double percent(double rate)
{
    return 100 * rate;
}

static int say_json(struct job *job, const struct findings *f)
{
    struct buf b = {0};
    struct json_out w;
    json_out_start(&w, &b);
    findings_json_write(&w, f);
    bool ok = !b.failed;
    if (ok)
        job_say(job, "%.*s", (int)b.len, b.data);
    buf_free(&b);
    return ok ? JOB_OK : job_fail(job, ERR_NOMEM, NULL);
}

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
    job_say(job, "differences in percentage points, with intervals that hold at all looks together (%g %%)",
            100 * (1 - FINDINGS_ALPHA));
    job_say(job, "shares: chi-square %.2f, p = %.4g, at all looks %.4g%s", f->ratio.chi_square, f->ratio.p,
            f->ratio.always, f->ratio.refused ? ": REFUSED" : "");
    if (f->bots > 0)
        job_say(job, "left out: %" PRId64 " bots, by their user agent", f->bots);
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
