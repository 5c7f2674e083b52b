/* The search for settings: its spaces, what it finds on figures with a known best, and the file it leaves. */
#include "train/tune.h"

#include <unistd.h>

#include "tests/check.h"
#include "train/trainers.h"
#include "train/tuned_file.h"

/* Every row of the real table: a text that cannot be read would fail the first person who tunes. */
static void every_range_can_be_read(void)
{
    size_t n, searched = 0;
    const struct trainer *const *rows = trainers(&n);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < rows[i]->n_settings; k++) {
            const struct trainer_setting *s = &rows[i]->settings[k];
            struct tune_range r;
            struct fail why = {0};
            if (s->tune == NULL)
                continue;
            CHECK_MSG(tune_range_read(&r, s, &why) == ERR_OK, "%s: %s", rows[i]->name, why.text);
            searched++;
            for (double u = 0; u <= 1; u += 0.125) {
                double x = tune_range_value(&r, u);
                CHECK_MSG(x >= s->least && x <= s->most, "%s.%s: %g", rows[i]->name, s->name, x);
                /* Rounding to three digits moves a value by at most half a thousandth of itself. */
                CHECK_NEAR(tune_range_value(&r, tune_range_place(&r, x)), x, 2e-3 * fabs(x));
            }
        }
    CHECK(searched >= 10);
}

static void refuses_what_is_no_range(void)
{
    const char *const bad[] = {"",        "1",     "a",   "1..",    "..2",  "2..1",  "1..1", "log 0..1",
                               "log 1,2", "1,2,2", "1,x", "0..101", "-1,5", "1..2 ", "1,2,"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const struct trainer_setting s = {.name = "x", .least = 0, .most = 100, .tune = bad[i]};
        struct tune_range r;
        CHECK_MSG(tune_range_read(&r, &s, NULL) == ERR_FAULT, "'%s'", bad[i]);
    }
    const struct trainer_setting log10 = {.name = "x", .least = 0, .most = 100, .tune = "log 1..100"};
    struct tune_range r;
    CHECK(tune_range_read(&r, &log10, NULL) == ERR_OK);
    CHECK_NEAR(tune_range_value(&r, 0.5), 10, 1e-9);
    CHECK_NEAR(tune_range_place(&r, 10), 0.5, 1e-9);
    CHECK_NEAR(tune_range_place(&r, 1e9), 1, 0);
}

static double ten(const struct csr *x)
{
    (void)x;
    return 10;
}

static const struct trainer_setting toy_settings[] = {
    {"lambda", 1e-3, 1e6, ten, "", "log 1..10000"},
    {"factors", 1, 256, ten, "", "16,32,64,128"},
    {"nu", 0, 1, ten, "", "0..1"},
    {"steps", 1, 256, ten, "", NULL},
};
static const struct trainer toy = {.name = "toy", .settings = toy_settings, .n_settings = 4};

/* Best at lambda 300, 64 factors, nu 0.7; there it is 0. */
static double hill(const double v[TRAINER_MAX_SETTINGS])
{
    return -pow(log10(v[0] / 300), 2) - pow(log2(v[1] / 64), 2) / 10 - pow(v[2] - 0.7, 2);
}

/* What trainer_run does: defaults for what is not given. */
static void fill(const struct trainer_values *v, double value[TRAINER_MAX_SETTINGS])
{
    const double fallback[] = {10, 10, 0.1, 3};
    for (int i = 0; i < TRAINER_MAX_SETTINGS; i++)
        value[i] = i >= 4 ? 0 : v->given[i] ? v->value[i] : fallback[i];
}

static double search(size_t budget, uint64_t seed, const struct trainer_values *given, double best[4])
{
    struct tune t;
    struct trainer_values v;
    double value[TRAINER_MAX_SETTINGS], seen = -INFINITY;
    if (tune_start(&t, &toy, given, budget, seed, NULL) != ERR_OK)
        return NAN;
    for (size_t i = 0; i < budget && tune_next(&t, &v); i++) {
        fill(&v, value);
        if (i == 0)
            CHECK(v.given[0] == given->given[0] && v.given[1] == given->given[1]);
        CHECK(!v.given[3]);
        double figure = i == 3 ? NAN : hill(value); /* a trial that fails is no end */
        bool better = tune_tell(&t, value, figure);
        CHECK_INT(better, figure > seen);
        seen = figure > seen ? figure : seen;
    }
    CHECK_NEAR(t.best, seen, 0);
    memcpy(best, t.value, 4 * sizeof *best);
    tune_free(&t);
    return seen;
}

static void finds_the_hill(void)
{
    const struct trainer_values none = {0};
    double best[4] = {0}, again[4] = {0};
    for (uint64_t seed = 1; seed <= 20; seed++) {
        double figure = search(60, seed, &none, best);
        /* The defaults are at −3.1; 60 trials come within a factor of 2 of lambda and 0.3 of nu. */
        CHECK_MSG(figure > -0.18, "seed %d: %g", (int)seed, figure);
        CHECK_NEAR(best[1], 64, 0);
        search(60, seed, &none, again);
        CHECK(memcmp(best, again, sizeof best) == 0);
    }
}

static void leaves_alone_what_is_given(void)
{
    struct trainer_values given = {0};
    struct trainer_values v;
    struct tune t;
    double best[4] = {0}, value[TRAINER_MAX_SETTINGS];
    CHECK(trainer_set(&toy, &given, "lambda=7", NULL) == ERR_OK);
    search(30, 1, &given, best);
    CHECK_NEAR(best[0], 7, 0);
    CHECK(trainer_set(&toy, &given, "nu=0.5", NULL) == ERR_OK);
    /* The defaults and four choices, one of which is what 10 is nearest to but not equal: five trials. */
    CHECK(tune_start(&t, &toy, &given, 0, 1, NULL) == ERR_OK);
    size_t n = 0;
    while (n < 50 && tune_next(&t, &v)) {
        fill(&v, value);
        (void)tune_tell(&t, value, hill(value));
        n++;
    }
    CHECK_INT(n, 5);
    tune_free(&t);
    CHECK(trainer_set(&toy, &given, "factors=9", NULL) == ERR_OK);
    CHECK(tune_start(&t, &toy, &given, 0, 1, NULL) == ERR_INVALID);
    tune_free(&t);
}

static void settings_there_and_back(void)
{
    char path[64];
    struct trainer_values v = {0}, back = {0};
    struct fail why = {0};
    snprintf(path, sizeof path, "/tmp/mvti-tuned-%d", (int)getpid());
    CHECK(trainer_set(&toy, &v, "lambda=0.1", NULL) == ERR_OK &&
          trainer_set(&toy, &v, "steps=5", NULL) == ERR_OK);
    CHECK(tuned_file_write(&v, &toy, "ndcg.10 0.3", path, NULL) == ERR_OK);
    CHECK(trainer_set(&toy, &back, "steps=9", NULL) == ERR_OK);
    CHECK_MSG(tuned_file_read(&back, &toy, path, &why) == ERR_OK, "%s", why.text);
    CHECK(back.given[0] && !back.given[1] && !back.given[2]);
    CHECK_NEAR(back.value[0], 0.1, 0);
    CHECK_NEAR(back.value[3], 9, 0); /* what was given stays */
    unlink(path);
    CHECK(tuned_file_read(&back, &toy, path, NULL) == ERR_NOT_FOUND);
    const char *const bad[] = {"# x\nlambda\n", "\nlambda = \n", "a\nb=1", "nu=0.5\nnu = 2 # too much"};
    const int line[] = {2, 2, 1, 2};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char says[8];
        struct trainer_values untouched = {0};
        snprintf(says, sizeof says, "f:%d: ", line[i]);
        CHECK(tuned_file_parse(&untouched, &toy, &(struct named_bytes){bad[i], strlen(bad[i]), "f"}, &why) ==
              ERR_INVALID);
        CHECK_MSG(strncmp(why.text, says, strlen(says)) == 0, "%s", why.text);
        CHECK(!untouched.given[2]);
    }
}

/* As editors of other systems write it; and what is longer than any line of ours, or no text. */
static void lines_of_other_editors(void)
{
    static const char crlf[] = "# found\r\n\tsteps \t=  5 # enough\r\n\r\nlambda=0.25";
    struct trainer_values v = {0};
    struct fail why = {0};
    CHECK_MSG(tuned_file_parse(&v, &toy, &(struct named_bytes){crlf, sizeof crlf - 1, "f"}, &why) == ERR_OK,
              "%s", why.text);
    CHECK(v.given[0] && v.given[3]);
    CHECK_NEAR(v.value[0], 0.25, 0);
    CHECK_NEAR(v.value[3], 5, 0);
    char text[400];
    for (size_t n = 100; n < 140; n++) { /* more than that have no room, blanks and remarks have */
        struct trainer_values w = {0};
        size_t zeros = n - strlen("lambda=5");
        int size = snprintf(text, sizeof text, "lambda = %0*d5 %60s # %60s", (int)zeros, 0, "", "remark");
        enum err rc = tuned_file_parse(&w, &toy, &(struct named_bytes){text, (size_t)size, "f"}, &why);
        CHECK_MSG(rc == (n < 128 ? ERR_OK : ERR_INVALID), "%zu: %s", n, why.text);
        CHECK(w.given[0] == (n < 128) && (n < 128 || strncmp(why.text, "f:1: ", 5) == 0));
    }
    CHECK(tuned_file_parse(&v, &toy, &(struct named_bytes){"steps=5\n\0\n", 10, "f"}, &why) == ERR_INVALID);
    CHECK_MSG(strncmp(why.text, "f:2: ", 5) == 0, "%s", why.text);
}

static void what_was_found_is_said_first(void)
{
    char path[64], text[200] = "";
    struct trainer_values v = {0};
    snprintf(path, sizeof path, "/tmp/mvti-tuned-%d", (int)getpid());
    CHECK(trainer_set(&toy, &v, "steps=5", NULL) == ERR_OK);
    CHECK(tuned_file_write(&v, &toy, "ndcg.10 0.3", path, NULL) == ERR_OK);
    FILE *f = fopen(path, "r");
    CHECK(f != NULL && fread(text, 1, sizeof text - 1, f) > 0 && fclose(f) == 0);
    CHECK_STR(text, "# ndcg.10 0.3\nsteps = 5\n");
    unlink(path);
}

int main(void)
{
    RUN(every_range_can_be_read);
    RUN(refuses_what_is_no_range);
    RUN(finds_the_hill);
    RUN(leaves_alone_what_is_given);
    RUN(settings_there_and_back);
    RUN(lines_of_other_editors);
    RUN(what_was_found_is_said_first);
    return check_done();
}
