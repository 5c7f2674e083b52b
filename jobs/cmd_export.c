/* mvti export: what analysts see, as files, for a copy elsewhere. */
#include "job.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "export/export.h"

static int list_tables(struct job *job)
{
    job_say(job, "%-20s %-22s %-24s %s", "table", "view", "key", "brings");
    for (const struct export_table *t = export_tables(); t->name != NULL; t++) {
        char key[64];
        snprintf(key, sizeof key, "%s%s%s", t->key[0], t->key[1] != NULL ? ", " : "",
                 t->key[1] != NULL ? t->key[1] : "");
        job_say(job, "%-20s %-22s %-24s %s", t->name, t->view, key,
                t->what == CHANGE_KINDS ? "all rows" : "changed rows, and the keys of deleted ones");
    }
    return JOB_OK;
}

static int report(struct job *job, const struct export_done *done)
{
    char kept[80] = "";
    if (done->kept > 0)
        snprintf(kept, sizeof kept, " (and %d tables that were there)", done->kept);
    job_say(job, "%s: %" PRId64 " rows, %" PRId64 " deleted, of %d tables%s", done->path, done->rows,
            done->gone, done->tables, kept);
    job_say(job, "next: --since %" PRId64, done->until);
    return JOB_OK;
}

struct request {
    const char *table, *format, *out;
    long since;
    bool list;
};

/* Words to numbers. ERR_INVALID names the word. */
static enum err read_order(const struct request *q, struct export_order *o, struct fail *why)
{
    *o = (struct export_order){.dir = q->out, .since = q->since, .format = parts_format_of(q->format)};
    if (q->table == NULL)
        return fail_set(why, ERR_INVALID, "name a table (mvti export --list) or all");
    if (q->out == NULL)
        return fail_set(why, ERR_INVALID, "name the target folder: --out FOLDER");
    if (o->format == PARTS_FORMATS)
        return fail_set(why, ERR_INVALID, "--format: '%s' is not parquet, csv or jsonl", q->format);
    if (strcmp(q->table, "all") != 0 && (o->table = export_table_find(q->table)) == NULL)
        return fail_set(why, ERR_INVALID, "unknown table '%s'; mvti export --list lists them", q->table);
    return ERR_OK;
}

int cmd_export(struct job *job, int argc, char **argv)
{
    struct request q = {.format = "parquet", .since = EXPORT_LAST};
    const struct job_option options[] = {
        {.name = "since",
         .kind = JOB_INT,
         .target = &q.since,
         .min = 0,
         .max = 9000000000000000.0,
         .help =
             "export what has changed since this watermark; 0: everything (default: since the last export "
             "in the folder)"},
        {.name = "format", .kind = JOB_TEXT, .target = &q.format, .help = "parquet (default), csv or jsonl"},
        {.name = "out",
         .kind = JOB_OUT,
         .target = &q.out,
         .help = "folder in which a new folder with the files is created"},
        {.name = "list", .kind = JOB_FLAG, .target = &q.list, .help = "list the tables and exit"},
        {0}};
    int n =
        job_options(argc, argv, "export TABLE|all --out FOLDER [--since WATERMARK] [--format NAME] | --list",
                    options, (struct job_operands){&q.table, 0, 1});
    if (n < 0)
        return job_options_status(n);
    if (q.list)
        return list_tables(job);
    struct export_order order;
    struct export_done done;
    struct fail why = {0};
    if (read_order(&q, &order, &why) != ERR_OK)
        return job_wrong_words(job, &why);
    job->keeps = true;
    order.progress = &job->progress;
    enum err rc = export_run(job->db, &order, &job->arena, &done, &why);
    if (rc == ERR_STOPPED)
        return job_interrupted_fail(job);
    return rc == ERR_OK ? report(job, &done) : job_fail(job, rc, &why);
}
