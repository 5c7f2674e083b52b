/* mvti simulate: data that nobody gave, for trying things out. */
#include "job.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/map_file.h"
#include "base/vec.h"
#include "data/audience.h"

static const char usage[] = "simulate audience --movies movies.csv --out ratings.csv [--tastes tastes.csv] "
                            "[--seed N] [--users N] [--mean X]";

struct csv_out {
    struct out_file file;
    uint64_t n;
};

static void write_rating(void *arg, const struct audience_rating *r)
{
    struct csv_out *out = arg;
    char line[64];
    int n = snprintf(line, sizeof line, "%u,%d,%u.%u,%u\n", r->user, r->movie, r->half_stars / 2u,
                     r->half_stars % 2u * 5u, r->time);
    map_file_out_write(&out->file, line, (size_t)n);
    out->n++;
}

/* A whole number from 0, −1 for none. */
static long number(const struct csv_row *row, int column)
{
    char *end;
    const char *text = column >= 0 ? row->fields[column].text : "";
    long n = strtol(text, &end, 10);
    return *end == '\0' && end != text && n >= 0 && n <= INT32_MAX ? n : -1;
}

static char *copy(struct job *job, const struct csv_row *row, int column)
{
    return arena_strdup(&job->arena, column >= 0 ? row->fields[column].text : "");
}

/* Good rows only: `mvti import movies` is where bad ones are explained. */
static enum err read_films(struct job *job, struct csv *csv, struct vec *films, struct fail *why)
{
    static const char *const need[] = {"movie_id", "genres", NULL};
    enum err rc = csv_need(csv, need, why);
    int id = csv_column(csv, "movie_id"), year = csv_column(csv, "year");
    int genres = csv_column(csv, "genres"), country = csv_column(csv, "country");
    struct csv_row row;
    while (rc == ERR_OK && csv_next(csv, &row)) {
        if (row.verdict != CSV_OK || number(&row, id) < 0)
            continue;
        struct audience_film film = {.id = (int32_t)number(&row, id),
                                     .year = (int32_t)(number(&row, year) > 0 ? number(&row, year) : 0),
                                     .genres = copy(job, &row, genres),
                                     .country = copy(job, &row, country)};
        if (film.genres == NULL || film.country == NULL || !vec_push(films, &film))
            rc = fail_set(why, ERR_NOMEM, "out of memory");
    }
    return rc == ERR_OK ? csv_end(csv, why) : rc;
}

static struct audience_film *film_of(const struct vec *films, long id)
{
    struct audience_film *all = films->data;
    for (size_t i = 0; i < films->len; i++)
        if (all[i].id == id)
            return &all[i];
    return NULL;
}

/* −2…2; what is not a number there counts as 0. */
static int32_t tone_of(const char *text)
{
    long n = strtol(text, NULL, 10);
    return (int32_t)(n < -2 ? -2 : n > 2 ? 2 : n);
}

/* Of films that the catalog does not have nothing is kept. */
static enum err read_tastes(struct job *job, struct csv *csv, struct vec *films, struct fail *why)
{
    static const char *const need[] = {"movie_id", "fame", "tone", "fandoms", NULL};
    enum err rc = csv_need(csv, need, why);
    int id = csv_column(csv, "movie_id"), fame = csv_column(csv, "fame");
    int tone = csv_column(csv, "tone"), fandoms = csv_column(csv, "fandoms");
    struct csv_row row;
    while (rc == ERR_OK && csv_next(csv, &row)) {
        struct audience_film *film = row.verdict == CSV_OK ? film_of(films, number(&row, id)) : NULL;
        if (film == NULL)
            continue;
        if (number(&row, fame) < 1 || number(&row, fame) > 10)
            return fail_set(why, ERR_INVALID, "line %llu: fame must be from 1 to 10",
                            (unsigned long long)row.line);
        film->fame = (int32_t)number(&row, fame);
        film->tone = tone_of(row.fields[tone].text);
        film->fandoms = copy(job, &row, fandoms);
        if (film->fandoms == NULL)
            return fail_set(why, ERR_NOMEM, "out of memory");
    }
    return rc == ERR_OK ? csv_end(csv, why) : rc;
}

typedef enum err read_rows(struct job *job, struct csv *csv, struct vec *films, struct fail *why);

static enum err load(struct job *job, const char *path, read_rows *read, struct vec *films, struct fail *why)
{
    struct csv *csv = NULL;
    enum err rc = csv_open(&csv, path, why);
    if (rc == ERR_OK)
        rc = read(job, csv, films, why);
    csv_close(csv);
    return rc;
}

static enum err simulate(struct job *job, struct audience_plan *plan, struct csv_out *csv, const char *out,
                         struct fail *why)
{
    enum err rc = map_file_out_open(&csv->file, out, why);
    if (rc != ERR_OK)
        return rc;
    static const char header[] = "userId,movieId,rating,timestamp\n";
    map_file_out_write(&csv->file, header, sizeof header - 1);
    plan->rate = write_rating;
    plan->arg = csv;
    rc = audience_simulate(plan, &job->progress, why);
    if (rc == ERR_OK)
        rc = map_file_out_commit(&csv->file, why);
    map_file_out_abort(&csv->file);
    return rc;
}

struct files {
    const char *movies, *tastes, *out; /* tastes may be NULL */
};

static int run(struct job *job, struct audience_plan *plan, const struct files *f)
{
    struct vec films = VEC_OF(struct audience_film);
    struct csv_out csv = {0};
    struct fail why = {0};
    enum err rc = load(job, f->movies, read_films, &films, &why);
    if (rc == ERR_OK && f->tastes != NULL)
        rc = load(job, f->tastes, read_tastes, &films, &why);
    plan->films = films.data;
    plan->n_films = films.len;
    if (rc == ERR_OK)
        rc = simulate(job, plan, &csv, f->out, &why);
    vec_free(&films);
    if (rc != ERR_OK)
        return job_fail(job, rc, &why);
    job_say(job, "%u simulated people gave %llu ratings to %zu films: %s", plan->users,
            (unsigned long long)csv.n, plan->n_films, f->out);
    return JOB_OK;
}

int cmd_simulate(struct job *job, int argc, char **argv)
{
    const char *what = NULL;
    struct files files = {0};
    long seed = 1, users = 4000;
    double mean = 35;
    const struct job_option options[] = {
        {.name = "movies",
         .kind = JOB_TEXT,
         .target = &files.movies,
         .help = "films, as for mvti import movies"},
        {.name = "tastes",
         .kind = JOB_TEXT,
         .target = &files.tastes,
         .help =
             "what is known of them: movie_id, fame (1 to 10), tone (-2 dark to 2 bright), fandoms (a|b)"},
        {.name = "out", .kind = JOB_OUT, .target = &files.out, .help = "ratings.csv to write"},
        {.name = "seed",
         .kind = JOB_INT,
         .target = &seed,
         .min = 0,
         .max = 1e15,
         .help = "random seed (default 1)"},
        {.name = "users",
         .kind = JOB_INT,
         .target = &users,
         .min = 1,
         .max = AUDIENCE_MAX_USERS,
         .help = "number of people (default 4000)"},
        {.name = "mean",
         .kind = JOB_REAL,
         .target = &mean,
         .min = 8,
         .max = 1000,
         .help = "mean number of ratings per person (default 35)"},
        {0}};
    int n = job_options(argc, argv, usage, options, (struct job_operands){&what, 1, 1});
    if (n < 0)
        return job_options_status(n);
    if (strcmp(what, "audience") != 0 || files.movies == NULL || files.out == NULL) {
        fprintf(stderr, "usage: mvti %s\n", usage);
        return JOB_USAGE;
    }
    struct audience_plan plan = {.users = (uint32_t)users, .mean = mean, .seed = (uint64_t)seed};
    return run(job, &plan, &files);
}
