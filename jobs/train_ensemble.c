#include "train_ensemble.h"

#include <stdio.h>

static const char *part_name(const struct trained *t, size_t p)
{
    return p < t->n_parts ? t->parts[p].trainer->name : "bts";
}

static void say_row(struct job *job, const char *name, const char *note, const struct metric_sum *m)
{
    char line[256];
    int n = snprintf(line, sizeof line, "  %-24s", name);
    for (int kind = 0; kind < METRIC_KINDS && n < (int)sizeof line - 16; kind++)
        n += snprintf(line + n, sizeof line - (size_t)n, " %9.4f", metric_mean(m, 0, (enum metric_kind)kind));
    job_say(job, "%s  %s", line, note);
}

static void say_head(struct job *job, const struct ensemble_found *found)
{
    char line[256], name[24];
    int n = snprintf(line, sizeof line, "  %-24s", "");
    for (int kind = 0; kind < METRIC_KINDS && n < (int)sizeof line - 16; kind++) {
        snprintf(name, sizeof name, "%s@%d", metric_name((enum metric_kind)kind), ensemble_cuts[0]);
        n += snprintf(line + n, sizeof line - (size_t)n, " %9s", name);
    }
    job_say(job,
            "evaluated on %zu held-out users, given at most %d of their films:", found->joined[0].n_users,
            VISITORS_GIVEN);
    job_say(job, "%s", line);
}

/* Why a part has no weight. */
static void say_silent(struct job *job, const struct ensemble_found *found, const struct trained *t)
{
    const struct ensemble_choice *taken = &found->choices[found->chosen];
    for (size_t p = 0; p < found->n_parts; p++)
        if (taken->fusion.parts[p].weight <= 0 && found->chosen == 0)
            job_say(job, "  %s has no weight: it is not part of the report's fusion, which was the best",
                    part_name(t, p));
        else if (taken->fusion.parts[p].weight <= 0)
            job_say(
                job,
                "  %s has no weight: an equal share for it would change NDCG@10 by %+.4f for the people that "
                "the weights were fitted on",
                part_name(t, p), taken->fitted.gain[p]);
}

static void say_weights(struct job *job, const struct trained *t, const struct fusion *f, size_t n_chosen,
                        const char *what)
{
    char line[256] = "";
    size_t n = 0;
    for (size_t p = 0; p < f->n_parts && n < sizeof line - 32; p++)
        n += (size_t)snprintf(line + n, sizeof line - n, "%s%s %.3f", p > 0 ? ", " : "", part_name(t, p),
                              (double)fusion_weight(f, p, n_chosen));
    job_say(job, "%s: %s", what, line);
}

/* What was given for lists that cover more films. */
static void say_variety(struct job *job, const struct ensemble_choice *taken, const struct trained *t)
{
    static const char *const of[] = {"few", "many"};
    for (size_t i = 0; i < 2; i++) {
        const struct ensemble_variety *v = &taken->variety[i];
        if (v->by > 0)
            job_say(job,
                    "variety, for histories of %s films: weights moved by %.3f towards %s, coverage@20 %.3f "
                    "-> %.3f "
                    "for NDCG@10 %.4f -> %.4f, on the people that the weights were fitted on",
                    of[i], v->by, part_name(t, v->part), v->coverage[0], v->coverage[1], v->ndcg[0],
                    v->ndcg[1]);
    }
}

static void say_found(struct job *job, const struct ensemble_found *found, const struct trained *t)
{
    static const char *const how[ENSEMBLE_CHOICES] = {"the report's fusion", "fitted, standard",
                                                      "fitted, rank", "fitted, reciprocal"};
    const struct fusion *taken = &found->choices[found->chosen].fusion;
    say_head(job, found);
    for (size_t p = 0; p < found->n_parts; p++)
        say_row(job, part_name(t, p), "", &found->alone[p]);
    for (size_t c = 0; c < ENSEMBLE_CHOICES; c++)
        say_row(job, how[c], c == found->chosen ? "<- taken" : "", &found->joined[c]);
    say_variety(job, &found->choices[found->chosen], t);
    say_weights(job, t, taken, FUSION_SHORT + 1, "for more than ten films");
    say_weights(job, t, taken, 1, "weights");
    job_say(job, "cold %.3f", (double)taken->cold);
    if (found->chosen > 0 && !found->choices[found->chosen].fitted.better)
        job_say(job,
                "  no fusion was better than the best member for both short and long histories; this one "
                "loses least");
    say_silent(job, found, t);
}

enum err train_ensemble(struct job *job, const struct ensemble_make *q, struct fail *why)
{
    struct ensemble_found found;
    struct trained t;
    enum err rc = ensemble_make(q, &found, &t, why);
    if (t.n_parts > 0)
        say_found(job, &found, &t);
    if (rc == ERR_OK)
        job_say(job, "written to %s, with the files of its parts beside it", q->path);
    trained_free(&t);
    return rc;
}
