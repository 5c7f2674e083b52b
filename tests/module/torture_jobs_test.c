/* The commands of mvti while memory runs out: they do all of their work, or say so, and tables and files are
 * as they were; nothing crashes or leaks, and the connection is one that works. MVTI_TORTURE=full tries every
 * allocation, alone and with all behind it; else some of each command. */
#include "tests/check.h"

#include <sys/mman.h>

#include "fixture/commands.h"
#include "fixture/failing.h"

/* Of a command with so many allocations, which are alike, all behind it fail with some only. */
enum { TRIES = 6, MANY = 1000 };

/* From the command's process. */
static struct told {
    size_t calls;
    bool connected; /* a transaction could be begun afterwards */
} * told;

struct failure {
    size_t n;
    bool on;
};

struct deed {
    command_fn *command;
    const char *words;
    const char *before;  /* SQL, each time; NULL for none */
    const char *without; /* said where the command can do without some of it; NULL for never */
    command_fn *look;    /* and words for it: whether the result is whole; NULL: the content tells */
    const char *look_words;
};

static void begin(void *arg)
{
    const struct failure *f = arg;
    failing_begin(f->n, f->on);
}

static void end(void *arg, struct job *job)
{
    (void)arg;
    told->calls = failing_end();
    told->connected = db_begin(job->db, NULL) == ERR_OK;
    db_rollback(job->db);
}

static int run(const struct deed *d, size_t n, bool on)
{
    struct failure f = {n, on};
    const struct command_hooks hooks = {begin, end, &f};
    *told = (struct told){0};
    return commands_run(d->command, d->words, &hooks);
}

static bool is_whole(const struct deed *d, uint64_t right)
{
    if (d->without != NULL && strstr(commands_said(), d->without) != NULL)
        return true;
    return d->look != NULL ? commands_work(d->look, d->look_words) : commands_content() == right;
}

static bool says_why(void)
{
    return strstr(commands_said(), "memory") != NULL;
}

static void fail_one(const struct deed *d, size_t n, bool on, uint64_t right)
{
    commands_sql(d->before);
    uint64_t before = commands_sum();
    int status = run(d, n, on);
    bool same = commands_sum() == before, whole = status == 0 && is_whole(d, right);
    CHECK_MSG(told->connected && (whole || (status == err_exit_status(ERR_NOMEM) && same && says_why())),
              "mvti %s: call %zu%s: %d, %s%s: %s", d->words, n, on ? " and all behind it" : "", status,
              same ? "nothing has changed" : "something has changed",
              told->connected ? "" : ", no connection afterwards", commands_said());
}

static void fail_each(const struct deed *d)
{
    const char *how = getenv("MVTI_TORTURE");
    bool full = how != NULL && strcmp(how, "full") == 0;
    commands_sql(d->before);
    CHECK_MSG(run(d, 0, false) == 0, "mvti %s: %s", d->words, commands_said());
    size_t total = told->calls, step = full ? 1 : total / TRIES + 1, tried = 0;
    uint64_t right = commands_content();
    for (size_t n = 1; n <= total; n += step, tried++) {
        fail_one(d, n, false, right);
        if (total < MANY || tried % 16 == 0)
            fail_one(d, n, true, right);
    }
    CHECK_MSG(total > 0, "mvti %s: no allocations", d->words);
    CHECK(commands_work(d->command, d->words));
    if (full)
        printf("%-40s %6zu allocations, %zu tried\n", d->words, total, tried);
}

static void fail_all(const struct deed *deeds, size_t n)
{
    for (size_t i = 0; i < n; i++)
        fail_each(&deeds[i]);
}
#define FAIL(deeds) fail_all(deeds, sizeof(deeds) / sizeof *(deeds))

static void imports(void)
{
    static const struct deed deeds[] = {
        {cmd_import, "import movies movies.csv", "UPDATE movie SET year = 1900", NULL, NULL, NULL},
        {cmd_import, "import movies movies.csv",
         "DELETE movie, movie_genre FROM movie LEFT JOIN movie_genre USING (movie_id)", NULL, NULL, NULL},
        {cmd_import, "import characters characters.csv", "DELETE FROM film_character", NULL, NULL, NULL},
        {cmd_import, "import plots plots.csv", "DELETE FROM movie_plot", NULL, NULL, NULL},
        {cmd_import, "import links links.csv", "DELETE FROM watch_link", NULL, NULL, NULL},
        {cmd_import, "import ratings ratings.csv", "UPDATE rating_source SET content_hash = REPEAT('0', 64)",
         NULL, NULL, NULL},
        {cmd_import, "import ratings --simulated ratings.csv", "DELETE FROM rating_source", NULL, NULL, NULL},
    };
    FAIL(deeds);
}

static void from_ratings_to_a_snapshot(void)
{
    static const char NOT_RECORDED[] = "this run was not recorded";
    static const struct deed deeds[] = {
        {cmd_dataset, "dataset build", NULL, NULL, NULL, NULL},
        {cmd_train, "train popularity --holdout 0", NULL, NOT_RECORDED, NULL, NULL},
        {cmd_train, "train ease --holdout 0.2", NULL, NOT_RECORDED, NULL, NULL},
        {cmd_train, "train bts --holdout 0", NULL, NOT_RECORDED, NULL, NULL},
        {cmd_evaluate, "evaluate ease,popularity --data ratings.csv --format movielens --k 1 --json", NULL,
         NOT_RECORDED, NULL, NULL},
        {cmd_publish, "publish --force", NULL, NULL, cmd_snapshot, "snapshot verify state/snapshots/current"},
    };
    commands_sql("INSERT INTO visitor (visitor_id) VALUES (7)");
    commands_sql("INSERT INTO account (visitor_id) VALUES (7)");
    commands_sql("INSERT INTO character_like (visitor_id, character_id, counted) VALUES (7, 11, 1)");
    FAIL(deeds);
}

int main(void)
{
    static struct mariadb server;
    told = mmap(NULL, sizeof *told, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (told == MAP_FAILED)
        return 1;
    commands_open(&server, "mvti_torture_jobs");
    RUN(imports);
    RUN(from_ratings_to_a_snapshot);
    commands_close();
    return check_done();
}
