/* mvti dataset build: ratings and visitors' choices → what models are trained on. mvti dataset info shows
 * one, or a .mvr file of ratings. */
#include "job.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/day.h"
#include "base/secret.h"
#include "base/state_path.h"
#include "data/dataset.h"
#include "publish/dataset_shelf.h"
#include "store/training.h"
#include "dataset_without.h"
#include "data/ratings_file.h"
#include "data/ratings_likes.h"
#include "import/dataset_gather.h"
#include "ratings_options.h"

static const char usage[] =
    "dataset build|info|kept|held|without|with [FILE|NUMBER] [--ratings FILE]… [--out FILE] [--threshold X] "
    "[--scale …] [--like-at X] [--tolerate X] [--encoding NAME] [--items "
    "catalog|all] [--min-user N] [--no-db] [--as-of DATE] [--without WHAT]…";

struct request {
    struct job_list ratings, without;
    struct ratings_rules rules; /* of the files among them that are no .mvr */
    const char *out, *items;
    double threshold;
    int64_t until; /* seconds since 1970 UTC; 0: now */
    long min_user;
    bool no_db, simulated;
};

static int show_ratings(struct job *job, const char *path)
{
    struct ratings_file f;
    struct fail why = {0};
    char hash[2 * RATINGS_HASH + 1], top[RATING_TEXT];
    enum err rc = ratings_file_open(&f, path, &why);
    if (rc != ERR_OK)
        return job_fail(job, rc, &why);
    const struct ratings_header *h = f.header;
    bool own = h->version > 1 && h->top == 0;
    secret_hex(hash, h->checksum, RATINGS_HASH);
    job_say(job, "%s: %llu ratings of %llu films by %llu %s, %s%s", path, (unsigned long long)h->n_ratings,
            (unsigned long long)h->n_movies, (unsigned long long)h->n_users,
            h->simulated ? "simulated people" : "people", own ? "likes and others" : "on a scale of ",
            own ? "" : rating_scale_text(h->version > 1 ? h->top : 5 * RATING_ONE, top));
    job_say(job, "  hash %s", hash);
    ratings_file_close(&f);
    return JOB_OK;
}

static const char nothing_left[] =
    "; nothing is left of it: are its films in the catalog, its ratings likes?";

/* Of the people held out, if there are any. */
static void show_panel(struct job *job, const char *path)
{
    char file[PANEL_PATH];
    struct dataset held;
    if (panel_path(path, file, sizeof file, NULL) != ERR_OK || dataset_open(&held, file, NULL) != ERR_OK)
        return;
    uint64_t people[PANEL_KINDS] = {0};
    for (size_t i = 0; i < held.n_sources; i++)
        people[held.sources[i].visitors != 0 ? PANEL_VISITORS : PANEL_RATINGS] += held.sources[i].n_users;
    job_say(job, "  held out of training, to compare snapshots on: %llu visitors, %llu others",
            (unsigned long long)people[PANEL_VISITORS], (unsigned long long)people[PANEL_RATINGS]);
    dataset_close(&held);
}

static int show(struct job *job, const char *path)
{
    if (ratings_likes_is_file(path))
        return show_ratings(job, path);
    struct dataset d;
    struct fail why = {0};
    enum err rc = dataset_open(&d, path, &why);
    if (rc != ERR_OK)
        return job_fail(job, rc, &why);
    char hash[2 * SECTION_HASH + 1];
    secret_hex(hash, d.hash, SECTION_HASH);
    job_say(job, "%s: %zu users, %zu films, %zu likes (rated %g or better%s)%s", path, d.x.n_rows, d.x.n_cols,
            csr_count(&d.x), (double)d.info->threshold, d.info->catalog_only ? ", films of the catalog" : "",
            d.info->simulated ? ", some of them simulated" : "");
    for (size_t i = 0; i < d.n_sources; i++)
        job_say(job, "  %-20s %llu rows, %llu likes of %llu users%s%s", d.sources[i].name,
                (unsigned long long)d.sources[i].n_rows, (unsigned long long)d.sources[i].n_likes,
                (unsigned long long)d.sources[i].n_users, d.sources[i].simulated ? ", simulated" : "",
                d.sources[i].n_likes == 0 ? nothing_left : "");
    if (d.info->n_without > 0)
        job_say(job, "  left out by the owner's word: %u choices, by %u rules ('mvti dataset without')",
                d.info->n_left_out, d.info->n_without);
    show_panel(job, path);
    job_say(job, "  hash %s", hash);
    dataset_close(&d);
    return JOB_OK;
}

static void say_moved(struct job *job, const struct dataset_gather *g)
{
    const struct credit_tally *t = &g->visitors.tally;
    if (t->kept < t->choices)
        job_note(job,
                 "mvti: of %zu choices by %zu guests, %zu count; repeated ones of a film from one network, "
                 "day or set "
                 "of films weigh less",
                 t->choices, t->guests, t->kept);
    if (g->moved > 0)
        job_note(job, "mvti: %zu likes of duplicate films count for the film that is shown instead",
                 g->moved);
}

/* "2026-11-29", which is the end of that day, or "2026-11-29 04:10"; UTC. */
static enum err read_time(const char *text, int64_t *out, struct fail *why)
{
    struct tm moment = {0};
    const char *rest;
    bool right = day_read(text, &rest, out), is_day = right && *rest == '\0';
    rest = right && *rest == ' ' ? strptime(rest + 1, "%H:%M", &moment) : NULL;
    if (!is_day && (rest == NULL || *rest != '\0'))
        return fail_set(why, ERR_INVALID, "--as-of '%.40s': not YYYY-MM-DD or 'YYYY-MM-DD HH:MM' (UTC)",
                        text);
    *out += is_day ? 24 * 3600 : (moment.tm_hour * 60 + moment.tm_min) * 60;
    return *out > 0 && *out < TRAINING_ALL ? ERR_OK
                                           : fail_set(why, ERR_INVALID, "--as-of %.40s: out of range", text);
}

/* The night's own dataset is kept under its hash; one that cannot be kept is built all the same. */
static void keep(struct job *job, const char *path)
{
    struct fail why = {0};
    if (dataset_shelf_put(&job->config, path, &why) != ERR_OK)
        job_note(job, "mvti: this dataset is not kept under its hash: %s", why.text);
    (void)dataset_shelf_clean(&job->config);
}

static int say_kept(struct job *job)
{
    struct dataset_shelf_entry *all;
    size_t n = dataset_shelf_list(&job->config, &all);
    for (size_t i = 0; i < n; i++) {
        char path[DATASET_SHELF_PATH], when[32];
        struct dataset d;
        struct tm tm;
        time_t written = (time_t)all[i].written;
        if (dataset_shelf_find(&job->config, all[i].hash, path, NULL) != ERR_OK ||
            dataset_open(&d, path, NULL) != ERR_OK)
            continue;
        strftime(when, sizeof when, "%Y-%m-%d %H:%M", gmtime_r(&written, &tm));
        job_say(job, "%s  %s UTC  %zu users, %zu films, %zu likes", all[i].hash, when, d.x.n_rows, d.x.n_cols,
                csr_count(&d.x));
        dataset_close(&d);
    }
    if (n == 0)
        job_say(job, "no datasets are kept yet; 'mvti dataset build' keeps the first one");
    free(all);
    return JOB_OK;
}

static int build(struct job *job, const struct request *q, const char *path)
{
    const struct progress progress = job_file_progress(job);
    struct fail why = {0};
    struct dataset_gather g = {.db = q->no_db ? NULL : job->db,
                               .arena = &job->arena,
                               .progress = &progress,
                               .config = &job->config,
                               .files = q->ratings.values,
                               .n_files = q->ratings.n,
                               .rules = q->rules,
                               .simulated = q->simulated,
                               .threshold = q->threshold,
                               .min_user = (uint32_t)q->min_user,
                               .catalog_only =
                                   q->items != NULL ? strcmp(q->items, "catalog") == 0 : !q->no_db,
                               .until = q->until};
    enum err rc = dataset_gather_run(&g, path, &why);
    if (rc == ERR_STOPPED)
        return job_interrupted_fail(job);
    if (rc != ERR_OK)
        return job_fail(job, rc, &why);
    say_moved(job, &g);
    if (q->until != 0)
        job_note(job,
                 "mvti: choices that were withdrawn or deleted since then are not included%s; the dataset of "
                 "that night may have been kept: 'mvti dataset kept'",
                 g.later > 0 ? ", nor are ratings that were imported later" : "");
    else if (q->out == NULL)
        keep(job, path);
    return show(job, path);
}

static int start(struct job *job, const struct request *q)
{
    char path[STATE_PATH];
    struct fail why = {0};
    enum err rc = q->without.n > 0 ? dataset_without_add(job, &q->without, &why) : ERR_OK;
    if (rc == ERR_OK)
        rc = state_path(&job->config,
                        &(struct state_file){.given = q->out,
                                             .folder = "datasets",
                                             .name = q->until != 0 ? "as-of.mvd" : "current.mvd",
                                             .create = true},
                        path, &why);
    return rc == ERR_OK ? build(job, q, path) : job_fail(job, rc, &why);
}

/* Whom no model is trained on, for whoever trains elsewhere. */
static enum err say_held(struct job *job, const char *path, struct fail *why)
{
    char file[PANEL_PATH];
    struct dataset held;
    enum err rc = panel_path(path, file, sizeof file, why);
    if (rc == ERR_OK)
        rc = dataset_open(&held, file, why);
    if (rc != ERR_OK)
        return rc;
    job_say(job, "source,person");
    for (size_t u = 0; u < held.x.n_rows; u++)
        job_say(job, "%.*s,%u", DATASET_NAME, held.sources[held.users[u].source].name, held.users[u].id);
    dataset_close(&held);
    return ERR_OK;
}

static int list_held(struct job *job)
{
    char path[STATE_PATH];
    struct fail why = {0};
    enum err rc = state_path(&job->config, &(struct state_file){.folder = "datasets", .name = "current.mvd"},
                             path, &why);
    if (rc == ERR_OK)
        rc = say_held(job, path, &why);
    return rc == ERR_OK ? JOB_OK : job_fail(job, rc, &why);
}

static int find_and_show(struct job *job, const char *given)
{
    char path[STATE_PATH];
    struct fail why = {0};
    enum err rc = state_path(
        &job->config, &(struct state_file){.given = given, .folder = "datasets", .name = "current.mvd"}, path,
        &why);
    return rc == ERR_OK ? show(job, path) : job_fail(job, rc, &why);
}

int cmd_dataset(struct job *job, int argc, char **argv)
{
    struct request q = {.threshold = (double)DATASET_THRESHOLD, .min_user = 1};
    const char *words[2] = {NULL, NULL}, *as_of = NULL;
    struct ratings_options shared = {.tolerate = RATINGS_TOLERATE};
    const struct job_option own[] = {
        {.name = "ratings",
         .kind = JOB_LIST,
         .target = &q.ratings,
         .help = "another ratings.csv, .dat, .inter or .mvr file besides the imported ones"},
        {.name = "out",
         .kind = JOB_OUT,
         .target = &q.out,
         .help = "dataset file (default: datasets/current.mvd in state_dir)"},
        {.name = "threshold",
         .kind = JOB_REAL,
         .target = &q.threshold,
         .min = 0.5,
         .max = 5,
         .help = "lowest rating that is a like, out of 5 (default 3.5, which is 7 of 10)"},
        {.name = "items",
         .kind = JOB_TEXT,
         .target = &q.items,
         .help = "catalog: only films of the catalog (default); all: every film (default with --no-db)"},
        {.name = "min-user",
         .kind = JOB_INT,
         .target = &q.min_user,
         .min = 1,
         .max = 1000,
         .help = "skip users with fewer likes (default 1)"},
        {.name = "no-db",
         .kind = JOB_FLAG,
         .target = &q.no_db,
         .help = "use only the given files, not the database"},
        {.name = "as-of",
         .kind = JOB_TEXT,
         .target = &as_of,
         .help = "what visitors had chosen by the end of this day, or 'YYYY-MM-DD HH:MM' (UTC); written to "
                 "datasets/as-of.mvd unless --out names a file"},
        {.name = "without",
         .kind = JOB_LIST,
         .target = &q.without,
         .help = "from now on leave out of every dataset: 2026-11-01..2026-11-03, 2026-11-01.., visitor:N, "
                 "visitor:N@FROM..TO or ADDRESS@FROM..TO (as root); 'dataset without' lists, 'dataset with "
                 "NUMBER' ends it"},
        {.name = "simulated",
         .kind = JOB_FLAG,
         .target = &q.simulated,
         .help = "the given .csv and .dat files are simulated"},
        {0}};
    struct job_option options[RATINGS_OPTIONS + sizeof own / sizeof *own];
    ratings_options_rows(&shared, options);
    memcpy(options + RATINGS_OPTIONS, own, sizeof own);
    int n = job_options(argc, argv, usage, options, (struct job_operands){words, 1, 2});
    if (n < 0)
        return job_options_status(n);
    bool info = strcmp(words[0], "info") == 0, make = strcmp(words[0], "build") == 0;
    bool kept = strcmp(words[0], "kept") == 0 && n == 1;
    bool held = strcmp(words[0], "held") == 0 && n == 1;
    bool rules = strcmp(words[0], "without") == 0 && n == 1, again = strcmp(words[0], "with") == 0 && n == 2;
    bool items_ok =
        q.items == NULL || strcmp(q.items, "all") == 0 || (strcmp(q.items, "catalog") == 0 && !q.no_db);
    struct fail why = {0};
    if ((!info && !make && !kept && !held && !rules && !again) || (q.without.n > 0 && (!make || q.no_db)) ||
        !items_ok || (make && n == 2) || (as_of != NULL && (!make || q.no_db))) {
        fprintf(stderr, "usage: mvti %s\n", usage);
        return JOB_USAGE;
    }
    if (ratings_options_read(&shared, &q.rules, &why) != ERR_OK)
        return job_wrong_words(job, &why);
    if (as_of != NULL && read_time(as_of, &q.until, &why) != ERR_OK)
        return job_wrong_words(job, &why);
    if (held)
        return list_held(job);
    if (kept)
        return say_kept(job);
    if (rules || again)
        return rules ? dataset_without_list(job) : dataset_without_lift(job, words[1]);
    return make ? start(job, &q) : find_and_show(job, words[1]);
}
