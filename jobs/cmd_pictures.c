/* mvti pictures: draws the pictures of types that links are shown with when there is no time to draw their own. */
#include "job.h"
#include "picture/gallery.h"
#include "picture/spare.h"

static enum err draw(struct job *job, struct shelf *shelf, struct spare_work *work, struct fail *why)
{
    char version[GALLERY_VERSION];
    gallery_version(&job->config, version);
    if (*version == '\0')
        return fail_set(why, ERR_NOT_FOUND, "picture_dir: %s contains no drawing script",
                        job->config.picture_dir);
    work->version = version;
    work->painter = painter_new(job->config.picture_program, job->config.picture_dir);
    enum err rc =
        work->painter != NULL ? spare_draw(shelf, work, why) : fail_set(why, ERR_NOMEM, "out of memory");
    painter_close(work->painter);
    work->painter = NULL;
    work->version = NULL;
    return rc;
}

int cmd_pictures(struct job *job, int argc, char **argv)
{
    struct fail why = {0};
    struct shelf shelf;
    struct snapshot snapshot;
    char path[SHELF_PATH];
    int n = job_options(argc, argv, "pictures", NULL, (struct job_operands){0});
    if (n < 0)
        return job_options_status(n);
    enum err rc = config_state_path(&job->config, "snapshots/current", path, sizeof path, &why);
    if (rc == ERR_OK)
        rc = snapshot_open(&snapshot, path, &why);
    if (rc != ERR_OK)
        return job_fail(job, rc, &why);
    struct spare_work work = {.snapshot = &snapshot, .config = &job->config, .progress = &job->progress};
    rc = spare_open(&shelf, &job->config, &why);
    job->keeps = true;
    if (rc == ERR_OK)
        rc = draw(job, &shelf, &work, &why);
    job->keeps = false;
    snapshot_close(&snapshot);
    if (rc != ERR_OK)
        return job_fail(job, rc, &why);
    job_say(job, "%zu of %d pictures drawn; the others are unchanged", work.drawn, (int)SPARE_ALL);
    return JOB_OK;
}
