#include "benchmark_options.h"

#include <stdlib.h>
#include <string.h>

#include "data/dataset.h"

static const double A_TENTH = 0.1;

size_t benchmark_options_rows(struct benchmark_options *b, struct job_option *rows)
{
    *b = (struct benchmark_options){.threshold = (double)DATASET_THRESHOLD, .valid_users = -1, .min_user = 5};
    struct benchmark_files *f = &b->files;
    f->users = (struct split_users_rule){.test = A_TENTH, .fold_in = 0.8};
    const struct job_option all[] = {
        {"train", JOB_TEXT, &f->train, 0, 0, "training data"},
        {"test", JOB_TEXT, &f->test, 0, 0, "test data: what the model should find"},
        {"valid", JOB_TEXT, &f->valid, 0, 0, "validation data, on which tune chooses settings"},
        {"mask", JOB_TEXT, &f->mask, 0, 0, "items never to be recommended, such as the validation data"},
        {"candidates", JOB_TEXT, &f->candidates, 0, 0,
         "instead of --test: lines of (user,positive) and the items it competes with (NCF's "
         "*.test.negative)"},
        {"fold-in-file", JOB_TEXT, &f->fold_in, 0, 0,
         "known items of the test users, who are not in --train"},
        {"data", JOB_TEXT, &f->data, 0, 0, "instead of the files above: one file, split by --protocol"},
        {"format", JOB_TEXT, &f->format, 0, 0,
         "lists (user item item …), pairs (user item), rows (user item …, NCF), movielens (ratings.csv, "
         ".dat), inter (RecBole). User IDs are any text, and so are item IDs without --catalog"},
        {"threshold", JOB_REAL, &b->threshold, 0, 5,
         "movielens, inter: lowest rating that is a like, out of 5 (default 3.5, which is 7 of 10; 0: every "
         "row is a like)"},
        {"catalog", JOB_TEXT, &f->catalog, 0, 0, "CSV with a column movie_id: rank exactly these films"},
        {"content", JOB_TEXT, &f->content, 0, 0,
         "content model (mvti train bts) for models that read texts; needs --catalog"},
        {"new-films", JOB_REAL, &f->new_films, 0, 0.9,
         "strong: share of the films to treat as new: their likes are removed from the training data"},
        {"find-new", JOB_FLAG, &f->find_new, 0, 0, "with --new-films: only the new films are to be found"},
        {"protocol", JOB_TEXT, &b->protocol, 0, 0,
         "weak: hold out a part of each user's items (default); strong: hold out whole users; leave-one-out; "
         "time: hold out what comes after a point in time (movielens and inter with timestamps)"},
        {"split", JOB_TEXT, &b->split, 0, 0,
         "weak, time: shares of training, validation and test data (default 0.8,0.1,0.1)"},
        {"hold-out-users", JOB_REAL, &f->users.test, 0, 1e9,
         "strong: number of test users, or their share if below 1 (default 0.1)"},
        {"valid-users", JOB_REAL, &b->valid_users, 0, 1e9,
         "strong: number of validation users (default: as many as test users)"},
        {"fold-in", JOB_REAL, &f->users.fold_in, 0.01, 0.99,
         "strong: share of their items that the model is given (default 0.8)"},
        {"given", JOB_INT, &b->given, 1, 1e6,
         "strong: number of their items that the model is given, instead of a share; to compare 3, 5 and "
         "10 on the same people, use --min-user 11 with each"},
        {"min-user", JOB_INT, &b->min_user, 2, 1e6,
         "strong: do not hold out users with fewer items (default 5)"},
        {"seed", JOB_INT, &b->seed, 0, 1e15, "seed of the split and of models that sample (default 0)"},
    };
    enum { ALL = sizeof all / sizeof *all };
    _Static_assert(ALL + RATINGS_OPTIONS <= BENCHMARK_OPTIONS, "room for all options");
    memcpy(rows, all, sizeof all);
    ratings_options_rows(&b->ratings, rows + ALL);
    return ALL + RATINGS_OPTIONS;
}

static enum err read_protocol(struct benchmark_options *b, struct fail *why)
{
    static const char *const names[] = {[BENCHMARK_WEAK] = "weak",
                                        [BENCHMARK_STRONG] = "strong",
                                        [BENCHMARK_LEAVE_ONE_OUT] = "leave-one-out",
                                        [BENCHMARK_TIME] = "time"};
    const char *name = b->protocol != NULL ? b->protocol : names[BENCHMARK_WEAK];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], name) == 0) {
            b->protocol = names[i];
            b->files.protocol = (enum benchmark_protocol)i;
            return ERR_OK;
        }
    return fail_set(why, ERR_INVALID, "--protocol %s: weak, strong, leave-one-out or time", name);
}

static enum err read_split(struct benchmark_options *b, struct fail *why)
{
    const char *text = b->split != NULL ? b->split : "0.8,0.1,0.1", *at = text;
    for (int p = 0; p < SPLIT_PARTS; p++) {
        char *end;
        b->files.ratio[p] = strtod(at, &end);
        if (end == at || *end != (p + 1 < SPLIT_PARTS ? ',' : '\0'))
            return fail_set(why, ERR_INVALID, "--split %s: three shares such as 0.8,0.1,0.1", text);
        at = end + 1;
    }
    return ERR_OK;
}

enum err benchmark_options_read(struct benchmark_options *b, struct fail *why)
{
    struct benchmark_files *f = &b->files;
    bool measured = f->test != NULL || f->valid != NULL || f->candidates != NULL;
    if (f->format == NULL || (f->data == NULL && (f->train == NULL || !measured)))
        return fail_set(why, ERR_INVALID, "--train, --test and --format are needed, or --data and --format");
    if (b->given > 0 && (b->protocol == NULL || strcmp(b->protocol, "strong") != 0))
        return fail_set(why, ERR_INVALID, "--given %ld needs --protocol strong", b->given);
    if (f->content != NULL && f->catalog == NULL)
        return fail_set(why, ERR_INVALID, "--content %s needs --catalog, which identifies the films",
                        f->content);
    if (f->new_films > 0 && (b->protocol == NULL || strcmp(b->protocol, "strong") != 0))
        return fail_set(why, ERR_INVALID, "--new-films %g needs --protocol strong", f->new_films);
    if (f->find_new && f->new_films <= 0)
        return fail_set(why, ERR_INVALID, "--find-new needs --new-films");
    if (f->data == NULL && (b->protocol != NULL || b->split != NULL))
        return fail_set(why, ERR_INVALID, "--protocol and --split need --data");
    f->threshold = (float)b->threshold;
    f->users.valid = b->valid_users < 0 ? f->users.test : b->valid_users;
    f->users.least = (size_t)b->min_user;
    f->users.given = (size_t)b->given;
    f->seed = (uint64_t)b->seed;
    struct ratings_rules rules;
    enum err rc = read_protocol(b, why);
    if (rc == ERR_OK)
        rc = read_split(b, why);
    if (rc == ERR_OK)
        rc = ratings_options_read(&b->ratings, &rules, why);
    if (rc != ERR_OK)
        return rc;
    f->scale = rules.scale;
    f->tolerate = rules.tolerate;
    f->encoding = rules.encoding;
    bool rated = strcmp(f->format, "movielens") == 0 || strcmp(f->format, "inter") == 0;
    if (!rated && (b->ratings.scale != NULL || b->ratings.like_at != NULL || f->encoding != NULL ||
                   f->protocol == BENCHMARK_TIME))
        rc = fail_set(why, ERR_INVALID,
                      "--format %s has neither ratings nor times: --scale, --like-at, --encoding and "
                      "--protocol time are "
                      "for movielens and inter",
                      f->format);
    return rc;
}

enum err benchmark_options_cuts(const char *text, int k[METRIC_MAX_CUTS], size_t *n, struct fail *why)
{
    *n = 0;
    for (const char *at = text; *n < METRIC_MAX_CUTS;) {
        char *end;
        long cut = strtol(at, &end, 10);
        if (end == at || cut < 1 || cut > METRIC_MAX_K || (*end != ',' && *end != '\0') ||
            (*n > 0 && cut <= k[*n - 1]))
            break;
        k[(*n)++] = (int)cut;
        if (*end == '\0')
            return ERR_OK;
        at = end + 1;
    }
    return fail_set(why, ERR_INVALID, "--k %s: at most %d ascending numbers from 1 to %d, such as 10,20",
                    text, METRIC_MAX_CUTS, METRIC_MAX_K);
}
