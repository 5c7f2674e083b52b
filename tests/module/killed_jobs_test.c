/* Commands of mvti that are killed, or find the disk full, before each of the calls by which they change files and of the statements that they send: nothing is
 * half, nothing is lost, the one before is intact or the new one whole, file and row agree once the next command has run. */
#include "tests/check.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/secret.h"
#include "data/ratings_file.h"
#include "fixture/commands.h"
#include "fixture/dying.h"
#include "fixture/file.h"
#include "fixture/refusing.h"
#include "fixture/tables.h"

static struct mariadb server;
static size_t *calls; /* of the command's process */

struct death {
    enum dying how;
    size_t at;
};

static void begin(void *arg)
{
    const struct death *d = arg;
    dying_begin(d->how, d->at);
    refusing_watch(dying_statement, NULL);
}

static void end(void *arg, struct job *job)
{
    (void)arg;
    (void)job;
    refusing_watch(NULL, NULL);
    *calls = dying_end();
}

static int run(command_fn *command, const char *words, enum dying how, size_t at)
{
    struct death d = {how, at};
    const struct command_hooks hooks = {begin, end, &d};
    return commands_run(command, words, &hooks);
}

static bool shell(const char *command)
{
    setenv("D", server.folder, 1);
    return system(command) == 0;
}

/* ---- imports of ratings ---- */

#define OLDER "import ratings ratings.csv --name people"
#define NEWER "import ratings newer.csv --name people"

static int64_t rows_of(const char *hash)
{
    char sql[200];
    snprintf(sql, sizeof sql, "SELECT COUNT(*) FROM rating_source WHERE content_hash = '%s'", hash);
    return tables_number(&server, sql);
}

/* The hash of the whole file of the source, "" for none. */
static void hash_of_file(char hash[65])
{
    struct ratings_file f;
    struct fail why = {0};
    enum err rc = ratings_file_open(&f, mariadb_path(&server, "state/ratings/people.mvr"), &why);
    hash[0] = '\0';
    CHECK_MSG(rc == ERR_OK || rc == ERR_NOT_FOUND, "%s", why.text);
    if (rc == ERR_OK)
        secret_hex(hash, f.header->checksum, RATINGS_HASH);
    ratings_file_close(&f);
}

static void begin_anew(bool with_older)
{
    commands_sql("DELETE FROM rating_source");
    CHECK(shell("rm -rf \"$D/state/ratings\""));
    CHECK(!with_older || commands_work(cmd_import, OLDER));
}

static bool is_tidy(void)
{
    return shell("test \"$(ls \"$D/state/ratings\")\" = people.mvr");
}

/* Killed before call n; what counts then is `older` or `newer`. True while there is such a call. */
static bool killed_at(size_t n, const char *older, const char *newer)
{
    char hash[65];
    bool with_older = older[0] != '\0';
    begin_anew(with_older);
    int status = run(cmd_import, NEWER, DYING_ENDS, n);
    CHECK_MSG(status == DYING_STATUS || status == 0, "%zu: %d: %s", n, status, commands_said());
    for (size_t again = 0; again < 2 && status != 0; again++) /* and those that find what it left */
        run(cmd_import, NEWER, DYING_ENDS, n + again);
    bool has_row = rows_of(older) + rows_of(newer) == 1;
    CHECK_MSG(has_row || (!with_older && tables_number(&server, "SELECT COUNT(*) FROM rating_source") == 0),
              "%zu", n);
    CHECK(commands_run(cmd_doctor, "doctor", NULL) >= 0);
    CHECK_MSG(strstr(commands_said(), "is not the file") == NULL, "%zu: %s", n, commands_said());
    if (has_row && n % 2 == 0) { /* else the import finds what was left */
        CHECK_MSG(commands_work(cmd_dataset, "dataset build"), "%zu", n);
        hash_of_file(hash);
        CHECK_MSG(rows_of(hash) == 1, "%zu: %s", n, hash);
    }
    CHECK_MSG(commands_work(cmd_import, NEWER), "%zu", n);
    hash_of_file(hash);
    CHECK_MSG(strcmp(hash, newer) == 0 && rows_of(hash) == 1 && is_tidy(), "%zu: %s", n, hash);
    return status != 0;
}

static size_t killed_everywhere(const char *older, const char *newer)
{
    size_t n = 1;
    while (n < 100 && killed_at(n, older, newer))
        n++;
    return n - 1;
}

static void an_import_of_ratings(void)
{
    char older[65], newer[65];
    CHECK(shell("cd \"$D\" && head -n 60 ratings.csv >newer.csv"));
    begin_anew(true);
    hash_of_file(older);
    CHECK(commands_work(cmd_import, NEWER));
    hash_of_file(newer);
    CHECK(strcmp(older, newer) != 0);
    size_t replaced = killed_everywhere(older, newer), first = killed_everywhere("", newer);
    CHECK_MSG(replaced > 15 && first > 15, "%zu and %zu places", replaced, first);
}

/* ---- the way to a snapshot ---- */

enum { SAMPLES = 4 };

static const struct deed {
    command_fn *command;
    const char *words;
    command_fn *look; /* whether what there was, or what is new, is whole */
    const char *look_words;
} deeds[] = {
    {cmd_import, OLDER, cmd_dataset, "dataset build"},
    {cmd_dataset, "dataset build", cmd_dataset, "dataset info state/datasets/current.mvd"},
    {cmd_train, "train ease --holdout 0", cmd_publish, "publish --force"},
    {cmd_train, "train lightgcn --holdout 0 --checkpoint-seconds 0 --set epochs=3", cmd_publish,
     "publish --force"},
    {cmd_export, "export test --since 0 --out state/out", cmd_dataset,
     "dataset info state/datasets/current.mvd"},
    {cmd_publish, "publish --force", cmd_snapshot, "snapshot verify state/snapshots/current"},
};
enum { DEEDS = sizeof deeds / sizeof *deeds };

static bool nothing_half(void)
{
    return shell("test -z \"$(find \"$D/state\" -name '*.tmp.*' -o -name '*.before')\"");
}

static void one_place(const struct deed *d, enum dying how, size_t n)
{
    int status = run(d->command, d->words, how, n);
    bool says_so = status == err_exit_status(ERR_IO) && strstr(commands_said(), "state") != NULL &&
                   strstr(commands_said(), "No space left on device") != NULL;
    if (how == DYING_FULL) /* 0: what it can do without */
        CHECK_MSG(nothing_half() && (says_so || status == 0), "mvti %s: no room from %zu on: %d: %s",
                  d->words, n, status, commands_said());
    else
        CHECK_MSG(status == DYING_STATUS, "mvti %s: %zu: %d: %s", d->words, n, status, commands_said());
    CHECK_MSG(commands_work(d->look, d->look_words), "mvti %s: %zu", d->words, n);
    CHECK_MSG(commands_work(d->command, d->words) && nothing_half(), "mvti %s: %zu", d->words, n);
}

static void some_places(enum dying how)
{
    for (size_t i = 0; i < DEEDS; i++) {
        const struct deed *d = &deeds[i];
        for (int twice = 0; twice < 2; twice++) /* the first one may have more to do */
            CHECK_MSG(run(d->command, d->words, how, 0) == 0, "mvti %s: %s", d->words, commands_said());
        size_t all = *calls, step = all / SAMPLES + 1;
        CHECK_MSG(all > 2, "mvti %s: %zu", d->words, all);
        for (size_t n = all; n > 0; n = n > step ? n - step : 0)
            one_place(d, how, n);
        one_place(d, how, 1);
    }
}

static void the_way_to_a_snapshot(void)
{
    some_places(DYING_ENDS);
}

static void a_disk_without_room(void)
{
    some_places(DYING_FULL);
}

int main(void)
{
    calls = mmap(NULL, sizeof *calls, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (calls == MAP_FAILED || secret_init() != ERR_OK)
        return 1;
    commands_open(&server, "mvti_killed_jobs");
    CHECK(commands_work(cmd_import, "import movies movies.csv"));
    CHECK(commands_work(cmd_import, "import characters characters.csv"));
    RUN(an_import_of_ratings);
    begin_anew(true);
    RUN(the_way_to_a_snapshot);
    RUN(a_disk_without_room);
    commands_close();
    return check_done();
}
