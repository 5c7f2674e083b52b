/* mvti report: the owner's week as text, or as an HTML file to mail. */
#include <string.h>

#include "base/map_file.h"
#include "job.h"
#include "week_report.h"

enum { STEPS = 10, WEEK = 7 };

/* Without a day, the last whole week. */
static enum err read(struct job *job, const char *day, struct week_report *r, struct fail *why)
{
    char sunday[FIGURES_DATE];
    enum err rc = ERR_OK;
    if (day == NULL) {
        rc = figures_calendar(job->db, NULL, &r->overview.calendar, why);
        memcpy(sunday, r->overview.calendar.spans[FIGURES_LAST_WEEK].to, sizeof sunday);
        day = sunday;
    }
    if (rc == ERR_OK)
        rc = overview_read(job->db, day, &job->arena, &r->overview, why);
    if (rc == ERR_OK)
        rc = list_figures_read(job->db, WEEK, LIST_FIGURES_LIST, &job->arena, &r->lists, why);
    return rc == ERR_OK ? publication_list(job->db, &job->arena, STEPS, &r->steps, &r->n_steps, why) : rc;
}

static enum err write_html(struct job *job, const struct week_report *r, const char *path, struct fail *why)
{
    struct buf html = {0};
    struct out_file file;
    week_report_html(job, r, &html);
    enum err rc = html.failed ? fail_set(why, ERR_NOMEM, "out of memory for the report")
                              : map_file_out_open(&file, path, why);
    if (rc == ERR_OK) {
        map_file_out_write(&file, buf_str(&html), html.len);
        rc = map_file_out_commit(&file, why);
    }
    buf_free(&html);
    return rc;
}

int cmd_report(struct job *job, int argc, char **argv)
{
    const char *day = NULL, *path = NULL, *locale = "ko";
    const struct job_option options[] = {
        {"week", JOB_TEXT, &day, 0, 0,
         "report the week of this day, such as 2026-11-29, until that day (default: the last complete week)"},
        {"html", JOB_OUT, &path, 0, 0, "write an HTML file, to be mailed, and print nothing"},
        {"locale", JOB_TEXT, &locale, 0, 0, "ko (default) or en"},
        {0},
    };
    int n = job_options(argc, argv, "report [--week DAY] [--html FILE] [--locale ko|en]", options,
                        (struct job_operands){0});
    if (n < 0)
        return job_options_status(n);
    struct week_report r = {.language = strcmp(locale, "en") == 0};
    struct fail why = {0};
    if (r.language == 0 && strcmp(locale, "ko") != 0) {
        (void)fail_set(&why, ERR_INVALID, "--locale '%.20s': must be ko or en", locale);
        return job_wrong_words(job, &why);
    }
    enum err rc = read(job, day, &r, &why);
    if (rc == ERR_OK && path == NULL)
        week_report_say(job, &r);
    else if (rc == ERR_OK)
        rc = write_html(job, &r, path, &why);
    return rc == ERR_OK ? JOB_OK : job_fail(job, rc, &why);
}
