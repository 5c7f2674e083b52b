/* mvti snapshot info|verify FILE: what a published file holds, and whether it is whole. */
#include "jobs/job.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "model/snapshot.h"

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
    job_say(job, "joined      by rule '%s', films without ratings x %.3f", fusion_rule_name(s->fusion.rule),
            (double)s->fusion.cold);
    job_say(job, "about       %.*s", (int)s->meta_len, s->meta);
}

int cmd_snapshot(struct job *job, int argc, char **argv)
{
    const char *operands[2];
    int n = job_options(argc, argv, "snapshot info|verify FILE", NULL, operands, 2, 2);
    if (n < 0)
        return job_options_status(n);
    bool info = strcmp(operands[0], "info") == 0;
    struct fail why = {0};
    if (!info && strcmp(operands[0], "verify") != 0) {
        enum err rc = fail_set(&why, ERR_INVALID, "snapshot %s: expected info or verify", operands[0]);
        (void)job_fail(job, rc, &why);
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
