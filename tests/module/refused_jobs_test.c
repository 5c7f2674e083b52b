/* Every statement of the commands of mvti is refused once, by the real server: as where a table is full, as
 * where a deadlock chose it, and with the connection cut. The command ends with a sentence and a status, and
 * tables and files are as they were; the same command works afterwards. */
#include "tests/check.h"

#include <fcntl.h>
#include <ftw.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/rng.h"
#include "base/secret.h"
#include "fixture/refusing.h"
#include "fixture/tables.h"
#include "jobs/job.h"

static struct mariadb server;
static struct db *looker;
static char said[8192];

typedef int command_fn(struct job *job, int argc, char **argv);

static void sql(const char *text)
{
    struct fail why = {0};
    if (text != NULL)
        CHECK_MSG(db_exec_text(looker, text, strlen(text), &why) == ERR_OK, "%s: %s", text, why.text);
}

/* ---- what is in tables and files ---- */

static char checksums[2000] = "CHECKSUM TABLE ";
static uint64_t sum;

/* What stays as it was. The lock of migrations is taken and given back by statements of its own, and a run
 * that failed is recorded as one. */
static void list_tables(void)
{
    static const struct db_sql LIST = {
        "tables",
        "SELECT GROUP_CONCAT(TABLE_NAME) FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() "
        "AND TABLE_TYPE = 'BASE TABLE' AND TABLE_NAME NOT LIKE '%lock%' AND TABLE_NAME NOT LIKE "
        "'training_run%'"};
    struct db_rows rows;
    size_t n = strlen(checksums);
    CHECK(db_first(looker, &LIST, DB_NOTHING, &rows, NULL) == ERR_OK);
    snprintf(checksums + n, sizeof checksums - n, "%s", db_get_text(&rows, 0));
    CHECK(db_end(&rows, NULL) == ERR_OK);
}

static int add_file(const char *path, const struct stat *st, int kind, struct FTW *walk)
{
    (void)walk;
    for (const char *s = path; kind == FTW_F && *s != '\0'; s++)
        sum = sum * 31 + (uint64_t)*s;
    if (kind == FTW_F)
        sum = (sum * 31 + (uint64_t)st->st_size) * 31 + (uint64_t)st->st_mtim.tv_nsec;
    return 0;
}

static uint64_t sum_of_everything(void)
{
    static const struct db_sql SUMS = {"checksums", checksums};
    struct db_rows rows;
    sum = 1;
    CHECK(db_query(looker, &SUMS, DB_NOTHING, &rows, NULL) == ERR_OK);
    while (db_next(&rows))
        sum = sum * 31 + (uint64_t)db_get_int(&rows, 1);
    CHECK(db_end(&rows, NULL) == ERR_OK);
    nftw(mariadb_path(&server, "state"), add_file, 16, FTW_PHYS);
    return sum;
}

/* ---- a command in a process of its own, which remembers nothing of the one before ---- */

struct told {
    size_t statements;
    char what[64];
} * told;

static int run_command(command_fn *command, const char *words, enum refusal kind, size_t n, bool on)
{
    static struct job job;
    char copy[600], *argv[24];
    int argc = 0;
    snprintf(copy, sizeof copy, "%s", words);
    for (char *word = strtok(copy, " "); word != NULL && argc < 23; word = strtok(NULL, " "))
        argv[argc++] = word;
    argv[argc] = NULL;
    job.config = server.config;
    job.config_file = "";
    job.quiet = true;
    snprintf(job.config.state_dir, sizeof job.config.state_dir, "%s", mariadb_path(&server, "state"));
    if (!job_open(&job))
        return 1;
    refusing_begin(kind, n, on);
    int status = command(&job, argc, argv);
    told->statements = refusing_end();
    snprintf(told->what, sizeof told->what, "%s", refusing_what());
    job_close(&job);
    return status;
}

static int run(command_fn *command, const char *words, enum refusal kind, size_t n, bool on)
{
    const char *out = mariadb_path(&server, "said");
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        int fd = open(out, O_WRONLY | O_CREAT | O_TRUNC, 0600);
        if (fd < 0 || dup2(fd, 1) < 0 || dup2(fd, 2) < 0 || chdir(server.folder) != 0)
            _exit(1);
        exit(run_command(command, words, kind, n, on));
    }
    int status = -1;
    CHECK(child > 0 && waitpid(child, &status, 0) == child);
    FILE *f = fopen(out, "r");
    size_t got = f != NULL ? fread(said, 1, sizeof said - 1, f) : 0;
    said[got] = '\0';
    if (f != NULL)
        fclose(f);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void works(command_fn *command, const char *words)
{
    int status = run(command, words, REFUSAL_FULL, 0, false);
    CHECK_MSG(status == 0, "mvti %s: %d: %s", words, status, said);
}

struct deed {
    command_fn *command;
    const char *words;
    const char *before;  /* SQL, each time; NULL for none */
    const char *without; /* said where the command can do without a statement; NULL for never */
    bool in_steps;       /* what was done before stays, and the same command goes on from there */
};

static bool could_do_without(const struct deed *d)
{
    return d->without != NULL && strstr(said, d->without) != NULL;
}

static void refuse(const struct deed *d, enum refusal kind, size_t n, bool on)
{
    sql(d->before);
    uint64_t before = sum_of_everything();
    int status = run(d->command, d->words, kind, n, on);
    bool same = sum_of_everything() == before;
    CHECK_MSG(status == 0 ? kind != REFUSAL_FULL || could_do_without(d)
                          : status >= 64 && status < 128 && (same || d->in_steps) &&
                                strstr(said, "database: ") != NULL,
              "mvti %s: %s of statement %zu (%s%s): %d, %s: %s", d->words, refusal_name(kind), n, told->what,
              on ? ", and all behind it" : "", status, same ? "nothing has changed" : "something has changed",
              said);
    if (status != 0)
        works(d->command, d->words);
}

static void refuse_each(const struct deed *d)
{
    sql(d->before);
    works(d->command, d->words);
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

static void write_files(void)
{
    CHECK(mariadb_write(
        &server, "movies.csv",
        "movie_id,title_en,title_ko,year,genres,country,popularity,rating\n1,Toy Story,토이 스토리,1995,"
        "Animation|Comedy,US,100,3.9\n2,The "
        "Host,괴물,2006,Horror,KR,,\n3,Twin,,1999,,,,\n4,Twin,,1999,,,,\n"));
    CHECK(mariadb_write(
        &server, "characters.csv",
        "character_id,movie_id,name_en,name_ko,mbti,enneagram\n11,1,Woody,우디,ESFJ,6w5\n12,2,Somebody,,"
        "INFP,4w5\n"));
    CHECK(mariadb_write(&server, "plots.csv",
                        "movie_id,plot_ko,plot_en\n1,장난감이 산다,Toys live\n2,괴물이 산다,It lives\n"));
    CHECK(mariadb_write(&server, "links.csv",
                        "movie_id,platform,url\n1,netflix,https://www.netflix.com/title/1\n"));
    FILE *f = fopen(mariadb_path(&server, "ratings.csv"), "w");
    struct rng r;
    rng_seed(&r, 3);
    CHECK(f != NULL && fputs("userId,movieId,rating,timestamp\n", f) >= 0);
    for (int u = 1; u <= 60; u++)
        for (int m = 1; m <= 4; m++)
            if (rng_unit(&r) < 0.6)
                fprintf(f, "%d,%d,5.0,%d\n", u, m, 1000 + m);
    CHECK(fclose(f) == 0);
    CHECK(mariadb_write(&server, "index.html", "<head><!--mvti:head--></head>"));
    CHECK(mkdir(mariadb_path(&server, "state"), 0700) == 0);
}

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
        {cmd_publish, "publish --force", NULL, "are not marked as published", false},
    };
    sql("INSERT INTO visitor (visitor_id) VALUES (7)");
    sql("INSERT INTO account (visitor_id) VALUES (7)");
    sql("INSERT INTO character_like (visitor_id, character_id, counted) VALUES (7, 11, 1)");
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
        {cmd_sessions, "sessions --end 7", NULL, NULL, true},
        {cmd_sessions, "sessions --end-all", NULL, NULL, true},
    };
    works(cmd_recount, "recount");
    REFUSE(deeds);
}

int main(void)
{
    told = mmap(NULL, sizeof *told, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    char here[CONFIG_TEXT];
    db_free(tables_start(&server, "mvti_refused_jobs"));
    if (told == MAP_FAILED || getcwd(here, sizeof here) == NULL)
        return 1;
    snprintf(server.config.migrations_dir, CONFIG_TEXT, "%.400s/sql/migrations", here);
    snprintf(server.config.reference_dir, CONFIG_TEXT, "%.400s/sql/reference", here);
    snprintf(server.config.shell_file, CONFIG_TEXT, "%s", mariadb_path(&server, "index.html"));
    looker = db_new(&server.config, 20000);
    list_tables();
    write_files();
    RUN(imports);
    RUN(from_ratings_to_a_snapshot);
    RUN(what_looks_after_the_site);
    db_free(looker);
    mariadb_stop(&server);
    return check_done();
}
