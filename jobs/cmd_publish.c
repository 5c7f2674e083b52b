/* mvti publish: a new snapshot for the workers, if it is no worse than the live one; another one that is kept;
 * and which one stays live. */
#include "job.h"

#include "job_offer.h"
#include "job_tracking.h"
#include "publish_judge.h"
#include "publish/publisher.h"

static const char usage[] =
    "publish [--model FILE] [--keep N] [--margin X | --force] | --rollback [SNAPSHOT] | "
    "--forward | --pin [SNAPSHOT] | --unpin | --judge";

static void say_scores(struct job *job, const struct champion_verdict *v)
{
    static const char *const names[] = {"visitors", "people of imported ratings", "together"};
    for (int g = 0; g <= CHAMPION_ALL; g++)
        if (v->ndcg[g].n > 0)
            job_say(
                job,
                "  %-26s %5zu, NDCG@10 %.4f live, %.4f new, difference %+.4f (99%% interval %+.4f to %+.4f)",
                names[g], v->ndcg[g].n, v->ndcg[g].before, v->ndcg[g].after, v->ndcg[g].difference,
                v->ndcg[g].low, v->ndcg[g].high);
}

static int offered(bool done)
{
    return done ? JOB_OK : err_exit_status(ERR_IO);
}

static int publish(struct job *job, const struct publisher *p)
{
    struct publisher_result made;
    struct fail why = {0};
    enum err rc = publisher_run(p, &made, &why);
    if (made.has_verdict && made.verdict.decision != CHAMPION_UNKNOWN)
        say_scores(job, &made.verdict);
    if (rc != ERR_OK)
        return job_fail(job, rc, &why);
    if (!made.has_verdict || made.verdict.decision == CHAMPION_UNKNOWN)
        job_note(job, "mvti: %s", made.reason);
    else
        job_say(job, "%s", made.reason);
    if (made.outcome == PUBLISHER_PINNED)
        job_say(job,
                "%s is pinned and stays live; %s was built and compared, and not kept. mvti publish --unpin "
                "lets the next one in",
                made.pinned, made.id);
    else
        job_say(job, "published %s: %zu films, %zu characters, %.1f MB", made.id, made.n_films,
                made.n_characters, (double)made.bytes / 1e6);
    job_tracking_live(job);
    return offered(job_offer(job));
}

static int change(struct job *job, const struct publisher *p, enum publisher_way way, const char *wanted)
{
    char name[SNAPSHOT_NAME];
    struct fail why = {0};
    enum err rc = publisher_switch(p, way, wanted, name, &why);
    if (rc != ERR_OK)
        return job_fail(job, rc, &why);
    job_tracking_live(job);
    job_say(job, "%s %s; the next 'mvti publish' may replace it, --pin keeps it",
            way == PUBLISHER_BACK ? "rolled back to" : "went forward to", name);
    return offered(job_offer_kept(job));
}

static int pin(struct job *job, const struct publisher *p, const char *wanted)
{
    char name[SNAPSHOT_NAME];
    struct fail why = {0};
    enum err rc = publisher_pin(p, wanted, name, &why);
    if (rc != ERR_OK)
        return job_fail(job, rc, &why);
    job_tracking_live(job);
    job_say(job, "%s is live and stays so until mvti publish --unpin", name);
    return offered(job_offer(job));
}

static int unpin(struct job *job, const struct publisher *p)
{
    char name[SNAPSHOT_NAME];
    struct fail why = {0};
    enum err rc = publisher_unpin(p, name, &why);
    if (rc != ERR_OK)
        return job_fail(job, rc, &why);
    job_say(job, "%s is no longer pinned; the next 'mvti publish' may replace it", name);
    return JOB_OK;
}

int cmd_publish(struct job *job, int argc, char **argv)
{
    bool back = false, forward = false, pinned = false, free_again = false, judging = false;
    const char *wanted = NULL;
    struct publisher p = {.config = &job->config,
                          .db = job->db,
                          .arena = &job->arena,
                          .progress = &job->progress,
                          .keep = 5,
                          .margin = (double)job->config.publish_margin / 1000};
    const struct job_option options[] = {
        {"model", JOB_TEXT, &p.model_file, 0, 0,
         "model file to serve (default: models/blend.mvm in state_dir, else ease.mvm)"},
        {"keep", JOB_INT, &p.keep, 1, 1000, "number of snapshots to keep for rollbacks (default 5)"},
        {"margin", JOB_REAL, &p.margin, 0, 1,
         "NDCG@10 that a snapshot may lose on held-out users, significant or not (default: the "
         "setting publish_margin)"},
        {"force", JOB_FLAG, &p.force, 0, 0, "publish regardless of the comparison"},
        {"rollback", JOB_FLAG, &back, 0, 0, "switch to SNAPSHOT, or to the one that the live one replaced"},
        {"forward", JOB_FLAG, &forward, 0, 0, "switch to the newest one that replaced the live one"},
        {"pin", JOB_FLAG, &pinned, 0, 0,
         "make SNAPSHOT (default: the live one) live, and keep publish from replacing it"},
        {"unpin", JOB_FLAG, &free_again, 0, 0, "remove the pin"},
        {"judge", JOB_FLAG, &judging, 0, 0,
         "where a snapshot waits to be live on all hosts (offer_lead_s): compare the host that has it with "
         "the "
         "others, and withdraw it if it is worse; a timer does this"},
        {0},
    };
    int n = job_options(argc, argv, usage, options, (struct job_operands){&wanted, 0, 1});
    if (n < 0)
        return job_options_status(n);
    if (back + forward + pinned + free_again + judging > 1 || (n == 1 && !back && !pinned)) {
        job_note(job,
                 "mvti: publish: give one of --rollback, --forward, --pin, --unpin and --judge, and a "
                 "snapshot to the "
                 "first and third only\nusage: mvti %s",
                 usage);
        return JOB_USAGE;
    }
    if (judging)
        return publish_judge(job, &p);
    if (pinned)
        return pin(job, &p, wanted);
    if (free_again)
        return unpin(job, &p);
    if (back || forward)
        return change(job, &p, back ? PUBLISHER_BACK : PUBLISHER_FORWARD, wanted);
    return publish(job, &p);
}
