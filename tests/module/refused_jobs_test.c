/* Every statement of the commands of mvti is refused once, by the real server: as where a table is full, as
 * where a deadlock chose it, and with the connection cut. The command ends with a sentence and a status, and
 * tables and files are as they were; the same command works afterwards. */
#include "tests/check.h"

#include <sys/mman.h>

#include "fixture/commands.h"
#include "fixture/refusing.h"

/* From the command's process. */
struct told {
    size_t statements;
    char what[64];
} * told;

struct refusing {
    enum refusal kind;
    size_t n;
    bool on;
};

static void begin(void *arg)
{
    const struct refusing *r = arg;
    refusing_begin(r->kind, r->n, r->on);
}

static void end(void *arg, struct job *job)
{
    (void)arg;
    (void)job;
    told->statements = refusing_end();
    snprintf(told->what, sizeof told->what, "%s", refusing_what());
}

static int run(command_fn *command, const char *words, enum refusal kind, size_t n, bool on)
{
    struct refusing r = {kind, n, on};
    const struct command_hooks hooks = {begin, end, &r};
    return commands_run(command, words, &hooks);
}

static void works(command_fn *command, const char *words)
{
    int status = run(command, words, REFUSAL_FULL, 0, false);
    CHECK_MSG(status == 0, "mvti %s: %d: %s", words, status, commands_said());
}

struct deed {
    command_fn *command;
    const char *words;
    const char *before;  /* SQL, each time; NULL for none */
    const char *without; /* said where the command can do without a statement; NULL for never */
    bool in_steps;       /* what was done before stays, and the same command resumes */
};

/* What is refused once of a run's beginning is stored with its end. */
static bool stored_later(const struct deed *d, bool on)
{
    const char *what = told->what;
    bool of_runs =
        strncmp(what, "training_run", 12) == 0 || strcmp(what, "begin") == 0 || strcmp(what, "commit") == 0;
    return d->command == cmd_train && !on && of_runs;
}

static bool could_do_without(const struct deed *d)
{
    return d->without != NULL && strstr(commands_said(), d->without) != NULL;
}

static void refuse(const struct deed *d, enum refusal kind, size_t n, bool on)
{
    commands_sql(d->before);
    uint64_t before = commands_sum();
    int status = run(d->command, d->words, kind, n, on);
    bool same = commands_sum() == before;
    CHECK_MSG(status == 0 ? kind != REFUSAL_FULL || could_do_without(d) || stored_later(d, on)
                          : status >= 64 && status < 128 && (same || d->in_steps) &&
                                strstr(commands_said(), "database: ") != NULL,
              "mvti %s: %s of statement %zu (%s%s): %d, %s: %s", d->words, refusal_name(kind), n, told->what,
              on ? ", and all behind it" : "", status, same ? "nothing has changed" : "something has changed",
              commands_said());
    if (status != 0)
        works(d->command, d->words);
}

static void refuse_each(const struct deed *d)
{
    for (int i = 0; i < 2; i++) { /* the first one also does what has been waiting */
        commands_sql(d->before);
        works(d->command, d->words);
    }
    size_t n = told->statements;
    CHECK_MSG(n > 0, "mvti %s: no statements", d->words);
    for (size_t i = 1; i <= n; i++) {
        enum refusal other = (enum refusal)(i % REFUSAL_KINDS);
        refuse(d, REFUSAL_FULL, i, false);
        refuse(d, other, i, other == REFUSAL_FULL);
    }
}

static void refuse_all(const struct deed *deeds, size_t n)
{
    for (size_t i = 0; i < n; i++)
        refuse_each(&deeds[i]);
}

#define REFUSE(deeds) refuse_all(deeds, sizeof(deeds) / sizeof *(deeds))

/* ---- the tests ---- */

static void imports(void)
{
    static const struct deed deeds[] = {
        {cmd_import, "import movies movies.csv", "UPDATE movie SET year = 1900", NULL, false},
        {cmd_import, "import movies movies.csv",
         "DELETE movie, movie_genre FROM movie LEFT JOIN movie_genre USING (movie_id)", NULL, false},
        {cmd_import, "import characters characters.csv", "UPDATE film_character SET name_en = 'X'", NULL,
         false},
        {cmd_import, "import characters characters.csv", "DELETE FROM film_character", NULL, false},
        {cmd_import, "import plots plots.csv", "DELETE FROM movie_plot", NULL, false},
        {cmd_import, "import links links.csv", "DELETE FROM watch_link", NULL, false},
        {cmd_import, "import ratings ratings.csv", "UPDATE rating_source SET content_hash = REPEAT('0', 64)",
         NULL, false},
        {cmd_import, "import ratings --simulated ratings.csv", "DELETE FROM rating_source", NULL, false},
    };
    REFUSE(deeds);
}

static void from_ratings_to_a_snapshot(void)
{
    static const char NOT_RECORDED[] = "this run was not recorded";
    static const struct deed deeds[] = {
        {cmd_dataset, "dataset build", NULL, NULL, false},
        {cmd_train, "train ease --holdout 0", NULL, NOT_RECORDED, false},
        {cmd_train, "train bts --holdout 0", NULL, NOT_RECORDED, false},
        {cmd_publish, "publish --force", NULL, "this step was not recorded", false},
    };
    commands_sql("INSERT INTO visitor (visitor_id) VALUES (7)");
    commands_sql("INSERT INTO account (visitor_id) VALUES (7)");
    commands_sql("INSERT INTO character_like (visitor_id, character_id, counted) VALUES (7, 11, 1)");
    REFUSE(deeds);
}

static void what_looks_after_the_site(void)
{
    static const struct deed deeds[] = {
        {cmd_doctor, "doctor", NULL, "could not be ", false},
        {cmd_migrate, "migrate", NULL, NULL, true},
        {cmd_migrate, "migrate --list", NULL, NULL, false},
        {cmd_runs, "runs", NULL, NULL, false},
        {cmd_runs, "runs --json --model ease", NULL, NULL, false},
        {cmd_runs, "runs show 1", NULL, NULL, false},
        {cmd_runs, "runs compare 1 2", NULL, NULL, false},
        {cmd_recount, "recount", "UPDATE counter SET n = n + 1", NULL, true},
        {cmd_sessions, "sessions",
         "INSERT INTO session (token_hash, visitor_id, created_at, last_seen_at, expires_at, "
         "ends_at) VALUES (RANDOM_BYTES(32), 7, '2020-01-01', '2020-01-01', '2020-01-01', "
         "'2020-01-01')",
         NULL, true},
        {cmd_sessions, "sessions", "INSERT IGNORE INTO visitor (visitor_id) VALUES (101), (102), (103)", NULL,
         true},
        {cmd_sessions, "sessions --end 7", NULL, NULL, true},
        {cmd_sessions, "sessions --end-all", NULL, NULL, true},
    };
    works(cmd_recount, "recount");
    REFUSE(deeds);
}

int main(void)
{
    static struct mariadb server;
    told = mmap(NULL, sizeof *told, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (told == MAP_FAILED)
        return 1;
    commands_open(&server, "mvti_refused_jobs");
    RUN(imports);
    RUN(from_ratings_to_a_snapshot);
    RUN(what_looks_after_the_site);
    commands_close();
    return check_done();
}
