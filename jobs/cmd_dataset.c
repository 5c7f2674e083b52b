/* mvti dataset build: ratings and visitors' choices → what models are trained on. mvti dataset info shows
 * one, or a .mvr file of ratings. */
#include "job.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/secret.h"
#include "base/state_path.h"
#include "data/dataset.h"
#include "data/ratings_file.h"
#include "data/ratings_likes.h"
#include "ratings_options.h"
#include "shown_films.h"
#include "store/ratings_source.h"
#include "store/training.h"
#include "visitors_likes.h"

static const char usage[] = "dataset build|info [FILE] [--ratings FILE]… [--out FILE] [--threshold X] "
                            "[--scale …] [--like-at X] [--tolerate X] [--encoding NAME] [--items "
                            "catalog|all] [--min-user N] [--no-db]";

struct request {
    struct job_list ratings;
    struct ratings_rules rules; /* of the files among them that are no .mvr */
    const char *out, *items;
    double threshold;
    long min_user;
    bool no_db, simulated;
};

struct work {
    struct job *job;
    const struct request *q;
    struct dataset_builder builder;
    struct vec catalog; /* int32_t */
    struct films_hidden hidden;
    size_t moved; /* likes of hidden films */
    bool catalog_only;
};

/* "…/ml-25m/ratings.csv" → "ml-25m", "…/mine.csv" → "mine". */
static void name_of_file(const char *path, char name[DATASET_NAME])
{
    char copy[STATE_PATH];
    snprintf(copy, sizeof copy, "%s", path);
    char *base = strrchr(copy, '/');
    if (base != NULL && strncmp(base + 1, "ratings.", 8) == 0 && base != copy) {
        *base = '\0';
        base = strrchr(copy, '/');
    }
    base = base == NULL ? copy : base + 1;
    base[strcspn(base, ".")] = '\0';
    snprintf(name, DATASET_NAME, "%.*s", DATASET_NAME - 1, base[0] != '\0' ? base : "ratings");
}

static enum err add_part(struct work *w, const struct dataset_source *record, struct interactions *in,
                         struct fail *why)
{
    w->moved += shown_films_apply(&w->hidden, in);
    return dataset_builder_add(&w->builder, record, in, why);
}

static enum err add_file(struct work *w, const char *path, struct fail *why)
{
    struct interactions in = INTERACTIONS_NONE;
    struct dataset_source record = {.simulated = w->q->simulated};
    struct ratings_count count = {0};
    name_of_file(path, record.name);
    enum err rc;
    if (ratings_likes_is_file(path)) {
        rc = ratings_likes_file(&in, path, w->q->threshold, &record, &w->job->progress, why);
    } else {
        rc = ratings_likes_text(&in, path, &w->q->rules, w->q->threshold, &count, &w->job->progress, why);
        record.n_rows = count.rows;
    }
    if (rc == ERR_OK && count.rejected > 0)
        job_note(w->job, "%s: skipped %llu invalid rows; mvti import ratings lists them", path,
                 (unsigned long long)count.rejected);
    if (rc == ERR_OK && count.remark[0] != '\0')
        job_note(w->job, "%s: warning: %s", path, count.remark);
    if (rc == ERR_OK)
        rc = add_part(w, &record, &in, why);
    interactions_free(&in);
    return rc;
}

static enum err add_source(struct work *w, const struct ratings_source *s, struct fail *why)
{
    struct interactions in = INTERACTIONS_NONE;
    struct dataset_source record = {.id = (uint64_t)s->id};
    char file[128], path[STATE_PATH], hash[2 * SECTION_HASH + 1];
    snprintf(record.name, sizeof record.name, "%s", s->name);
    snprintf(file, sizeof file, "%s.mvr", s->name);
    enum err rc =
        state_path(&w->job->config, &(struct state_file){.folder = "ratings", .name = file}, path, why);
    if (rc == ERR_OK)
        rc = ratings_likes_file(&in, path, w->q->threshold, &record, &w->job->progress, why);
    secret_hex(hash, record.hash, sizeof record.hash);
    if (rc == ERR_OK && strcmp(hash, s->content_hash) != 0)
        rc = fail_set(why, ERR_CORRUPT, "%s is not the file that was imported as %s; import it again", path,
                      s->name);
    record.simulated |= s->simulated;
    if (rc == ERR_OK)
        rc = add_part(w, &record, &in, why);
    interactions_free(&in);
    return rc;
}

static enum err add_sources(struct work *w, struct fail *why)
{
    struct ratings_source *sources;
    size_t n;
    enum err rc = ratings_source_list(w->job->db, &w->job->arena, &sources, &n, why);
    for (size_t i = 0; i < n && rc == ERR_OK; i++)
        rc = add_source(w, &sources[i], why);
    return rc;
}

/* What the site's visitors chose, as far as it is believed. */
static enum err add_visitors(struct work *w, struct fail *why)
{
    struct interactions in = INTERACTIONS_NONE;
    struct visitors_read read;
    enum err rc = visitors_likes(w->job->db, dataset_builder_people(&w->builder), &in, &read, why);
    const struct dataset_source record = {.name = "visitors", .n_rows = read.choices, .visitors = 1};
    if (rc == ERR_OK && read.choices > 0)
        rc = add_part(w, &record, &in, why);
    if (rc == ERR_OK && read.tally.kept < read.tally.choices)
        job_note(
            w->job,
            "mvti: of %zu choices of %zu guests %zu count; more of one film from one place, day or set of "
            "films count for less",
            read.tally.choices, read.tally.guests, read.tally.kept);
    interactions_free(&in);
    return rc;
}

static enum err collect(struct work *w, struct fail *why)
{
    enum err rc = ERR_OK;
    if (!w->q->no_db)
        rc = shown_films_read(w->job, &w->hidden, why);
    if (rc == ERR_OK && !w->q->no_db)
        rc = add_sources(w, why);
    for (size_t i = 0; i < w->q->ratings.n && rc == ERR_OK; i++)
        rc = add_file(w, w->q->ratings.values[i], why);
    if (rc == ERR_OK && !w->q->no_db)
        rc = add_visitors(w, why);
    if (rc == ERR_OK && w->catalog_only)
        rc = training_catalog(w->job->db, &w->catalog, why);
    if (rc == ERR_OK && w->catalog_only && w->catalog.len == 0)
        rc = fail_set(why, ERR_INVALID, "the catalog has no films; import movies first, or use --items all");
    return rc;
}

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
    show_panel(job, path);
    job_say(job, "  hash %s", hash);
    dataset_close(&d);
    return JOB_OK;
}

/* Files of the caller's own are divided by whoever evaluates them. */
static enum err open_panel(struct job *job, struct panel *panel, struct fail *why)
{
    char path[STATE_PATH];
    enum err rc = config_state_path(&job->config, "panel.key", path, sizeof path, why);
    return rc == ERR_OK ? panel_open(panel, path, true, why) : rc;
}

static int build(struct job *job, const struct request *q, const char *path)
{
    struct work w = {.job = job, .q = q, .catalog = VEC_OF(int32_t)};
    struct fail why = {0};
    struct panel panel = {0};
    w.catalog_only = q->items != NULL ? strcmp(q->items, "catalog") == 0 : !q->no_db;
    dataset_builder_init(&w.builder);
    enum err rc = q->no_db ? ERR_OK : open_panel(job, &panel, &why);
    if (rc == ERR_OK)
        rc = collect(&w, &why);
    const struct dataset_rules rules = {.threshold = (float)q->threshold,
                                        .min_user = (uint32_t)q->min_user,
                                        .catalog = w.catalog_only ? w.catalog.data : NULL,
                                        .n_catalog = w.catalog.len,
                                        .panel = q->no_db ? NULL : &panel};
    if (rc == ERR_OK && job_interrupted())
        rc = ERR_PEER_GONE;
    else if (rc == ERR_OK)
        rc = dataset_builder_write(&w.builder, &rules, path, &why);
    if (rc == ERR_OK && w.moved > 0)
        job_note(job, "mvti: %zu likes of films that another is shown for count for that one", w.moved);
    films_hidden_free(&w.hidden);
    dataset_builder_free(&w.builder);
    vec_free(&w.catalog);
    if (rc == ERR_PEER_GONE)
        return job_interrupted_fail(job);
    return rc == ERR_OK ? show(job, path) : job_fail(job, rc, &why);
}

int cmd_dataset(struct job *job, int argc, char **argv)
{
    struct request q = {.threshold = (double)DATASET_THRESHOLD, .min_user = 1};
    const char *words[2] = {NULL, NULL};
    struct ratings_options shared = {.tolerate = RATINGS_TOLERATE};
    const struct job_option own[] = {
        {.name = "ratings",
         .kind = JOB_LIST,
         .target = &q.ratings,
         .help = "another ratings.csv, .dat, .inter or .mvr file besides the imported ones"},
        {.name = "out",
         .kind = JOB_TEXT,
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
        {.name = "simulated",
         .kind = JOB_FLAG,
         .target = &q.simulated,
         .help = "the given .csv and .dat files are simulated"},
        {0}};
    struct job_option options[RATINGS_OPTIONS + sizeof own / sizeof *own];
    ratings_options_rows(&shared, options);
    memcpy(options + RATINGS_OPTIONS, own, sizeof own);
    int n = job_options(argc, argv, usage, options, words, 1, 2);
    if (n < 0)
        return job_options_status(n);
    bool info = strcmp(words[0], "info") == 0, make = strcmp(words[0], "build") == 0;
    bool items_ok =
        q.items == NULL || strcmp(q.items, "all") == 0 || (strcmp(q.items, "catalog") == 0 && !q.no_db);
    char path[STATE_PATH];
    struct fail why = {0};
    if ((!info && !make) || !items_ok || (make && n == 2)) {
        fprintf(stderr, "usage: mvti %s\n", usage);
        return JOB_USAGE;
    }
    if (ratings_options_read(&shared, &q.rules, &why) != ERR_OK)
        return job_wrong_words(job, &why);
    enum err rc = state_path(
        &job->config,
        &(struct state_file){
            .given = info ? words[1] : q.out, .folder = "datasets", .name = "current.mvd", .create = make},
        path, &why);
    if (rc != ERR_OK)
        return job_fail(job, rc, &why);
    return info ? show(job, path) : build(job, &q, path);
}
