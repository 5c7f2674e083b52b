/* mvti doctor on an installation that grows from nothing to complete, and is then damaged in one place after
 * the other: every line must be right, and the exit status with it. */
#include "tests/check.h"

#include "base/secret.h"
#include "fixture/program.h"
#include "store/db.h"

static struct mariadb server;
static struct program program = {
    .server = &server,
    .settings = "--set migrations_dir=\"$D/migrations\" --set reference_dir=sql/reference "
                "--set shell_file=\"$D/index.html\" --set picture_dir=${BUILD:-build}/picture "
                "--set picture_program=${BUILD:-build}/mvti-draw --set access_log=\"$D/access.log\" "
                "--set watch_disk_percent=100"};

static int mvti(const char *words)
{
    return program_run(&program, words);
}

static int shell(const char *command)
{
    return program_shell(&program, command);
}

#define CHECK_SAYS(words)                                                                                    \
    CHECK_MSG(strstr(buf_str(&program.said), words) != NULL, "%s", buf_str(&program.said))
#define CHECK_WELL(words) CHECK_MSG(mvti(words) == 0, "%s", buf_str(&program.said))
#define CHECK_SICK(words)                                                                                    \
    CHECK_MSG(mvti("doctor") == 69 && strstr(buf_str(&program.said), words) != NULL, "%s",                   \
              buf_str(&program.said))

static void nothing_is_there(void)
{
    CHECK_SICK("✗ state folder: ");
    CHECK_SAYS("✓ database: mvti_doctor_test");
    CHECK_SAYS("✗ migrations: ");
    CHECK_SAYS("run: mvti migrate");
    CHECK_SAYS("– catalog: not checked: run the migrations");
    CHECK_SAYS("✗ dataset: ");
    CHECK_SAYS("✗ model ease: ");
    CHECK_SAYS("✗ snapshot: ");
    CHECK_SAYS("✓ personality texts: ");
    CHECK_SAYS("✗ page shell: ");
    CHECK_INT(mvti("doctor --set"), 64);
}

static void the_server_is_away(void)
{
    CHECK_INT(mvti("--set db_socket=/nonexistent doctor"), 69);
    CHECK_SAYS("✗ database: ");
    CHECK_SAYS("– migrations: not checked");
    CHECK_SAYS("– ratings: not checked");
}

static void it_grows(void)
{
    CHECK_WELL("migrate");
    CHECK_SICK("✗ catalog: no films");
    CHECK_SAYS("✓ migrations: all");
    CHECK_SAYS("✓ rights: ");
    CHECK_SAYS("– ratings: no source");
    CHECK_WELL("import movies sql/sample/movies.csv");
    CHECK_SICK("films but no characters");
    CHECK_WELL("import characters sql/sample/characters.csv");
    CHECK_WELL("simulate audience --movies sql/sample/movies.csv --out \"$D/audience.csv\" --users 400");
    CHECK_WELL("import ratings --simulated \"$D/audience.csv\"");
    CHECK_SICK("✓ ratings: audience: ");
    CHECK_SAYS("simulated people");
    CHECK_WELL("dataset build");
    CHECK_WELL("train ease");
    CHECK_WELL("publish");
    CHECK_INT(
        shell("echo '<head><!--mvti:head--></head><!--mvti:body--><!--/mvti:body-->' >\"$D/index.html\""), 0);
    CHECK_WELL("doctor");
    CHECK_SAYS("✓ dataset: intact; ");
    CHECK_SAYS("✓ model ease: intact; ");
    CHECK_SAYS("– model blend: missing; ");
    CHECK_SAYS("– model popularity: missing");
    CHECK_SAYS("– model bts: missing; ");
    CHECK_SAYS("✓ snapshot: ");
    CHECK_SAYS("✓ page shell: ");
    CHECK_SAYS("\nNo problems found.\n");
    CHECK(strstr(buf_str(&program.said), "✗") == NULL);
}

/* One that follows: tests/cluster/replica. */
static void a_replica_is_looked_after(void)
{
    CHECK_WELL("doctor");
    CHECK(strstr(buf_str(&program.said), "replica") == NULL);
    CHECK_INT(mvti("--set replica_host=127.0.0.1 --set db_port=1 doctor"), 69);
    CHECK_SAYS("✗ replica: 127.0.0.1: ");
    CHECK_SAYS("1 problem; fix in this order");
    CHECK_INT(mvti("--set db_socket=/nonexistent --set replica_host=127.0.0.1 doctor"), 69);
    CHECK_SAYS("– replica: not checked");
}

static void what_is_older_is_noted(void)
{
    CHECK_WELL("import ratings --simulated \"$D/audience.csv\"");
    CHECK_WELL("doctor");
    CHECK(strstr(buf_str(&program.said), "lacks the ratings") == NULL); /* the same content, imported again */
    CHECK_INT(shell("head -n 500 \"$D/audience.csv\" >\"$D/part.csv\""), 0);
    CHECK_WELL("import ratings --simulated \"$D/part.csv\" --name again");
    CHECK_WELL("doctor");
    CHECK_SAYS("– dataset: lacks the current ratings of again");
    CHECK_WELL("dataset build");
    CHECK_WELL("doctor");
    CHECK_SAYS("– model ease: intact, ");
    CHECK_SAYS("another dataset");
    CHECK_INT(shell("sleep 1.1"), 0); /* a snapshot's time has whole seconds */
    CHECK_WELL("train ease");
    CHECK_WELL("doctor");
    CHECK_SAYS("a newer model is not published yet");
    CHECK_INT(shell("touch \"$D/state/ratings/stray.mvr\""), 0);
    CHECK_WELL("doctor");
    CHECK_SAYS("stray.mvr belongs to no source");
}

/* Damages a file below the test's folder, wants the line, and repairs it. */
static void damaged(const char *file, const char *damage, const char *line)
{
    char command[600];
    snprintf(command, sizeof command, "cd \"$D\" && cp -L '%s' kept && %s", file, damage);
    CHECK_INT(shell(command), 0);
    CHECK_SICK(line);
    CHECK_SAYS("1 problem; fix in this order");
    snprintf(command, sizeof command, "cd \"$D\" && cat kept >'%s'", file);
    CHECK_INT(shell(command), 0);
    CHECK_WELL("doctor");
}

static void damage_is_found(void)
{
    damaged("state/ratings/audience.mvr",
            "printf x | dd of=state/ratings/audience.mvr bs=1 seek=400 conv=notrunc 2>/dev/null",
            "✗ ratings: ");
    damaged(
        "state/ratings/audience.mvr", "cp state/ratings/again.mvr state/ratings/audience.mvr",
        "is not the file that the database knows; import it again: mvti import ratings audience.csv --name");
    damaged("state/ratings/audience.mvr", "rm state/ratings/audience.mvr", "✗ ratings: ");
    damaged("state/datasets/current.mvd", "truncate -s -1 state/datasets/current.mvd", "✗ dataset: ");
    damaged("state/models/ease.mvm",
            "printf x | dd of=state/models/ease.mvm bs=1 seek=4000 conv=notrunc 2>/dev/null",
            "✗ model ease: ");
    damaged("state/snapshots/current", "truncate -s 1000 state/snapshots/current", "✗ snapshot: ");
    damaged("index.html", "echo '<head></head>' >index.html", "✗ page shell: ");
    damaged("migrations/0001_catalog.sql", "echo '-- changed' >>migrations/0001_catalog.sql",
            "✗ migrations: 0001_catalog.sql was changed after it had run");
    damaged("migrations/0001_catalog.sql", "rm migrations/0001_catalog.sql",
            "the database is newer than this program");
    CHECK_INT(shell("echo 'CREATE TABLE later (a INT);' >\"$D/migrations/9999_later.sql\""), 0);
    CHECK_SICK("starting with 9999_later.sql; run: mvti migrate");
    CHECK_INT(shell("rm \"$D/migrations/9999_later.sql\""), 0);
}

static void the_content_model_and_its_encoder(void)
{
    static const char with[] = "--set bert_ko_dir=tests/unit/fixtures/bert_ko doctor";
    CHECK_WELL("train bts --holdout 0");
    CHECK_WELL("doctor");
    CHECK_SAYS("✓ model bts: intact; ");
    CHECK_SAYS("texts by TF-IDF only");
    damaged("state/models/bts.mvm",
            "printf x | dd of=state/models/bts.mvm bs=1 seek=4000 conv=notrunc 2>/dev/null", "✗ model bts: ");
    damaged("state/models/bts.mvm", "cp state/models/ease.mvm state/models/bts.mvm",
            "bts.mvm: is not a content model (ease); run: mvti train bts");
    CHECK_INT(
        shell("printf 'movie_id,plot_ko\\n900001,잠수부가 난파선을 찾는다\\n900002,학생이 춤을 배운다\\n' "
              ">\"$D/plots.csv\""),
        0);
    CHECK_WELL("import plots \"$D/plots.csv\"");
    CHECK_WELL("doctor");
    CHECK_SAYS("– model bts: intact, ");
    CHECK_SAYS("other films and texts than the database has now; run: mvti train bts");
    CHECK_WELL("train bts --holdout 0");
    CHECK_WELL(with);
    CHECK_SAYS("✓ encoder bert_ko_dir: tests/unit/fixtures/bert_ko is intact; vectors of ");
    CHECK_SAYS("trained without the configured encoder");
    CHECK_WELL("--set bert_ko_dir=tests/unit/fixtures/bert_ko train bts --holdout 0");
    CHECK_WELL(with);
    CHECK_SAYS("texts by BERT and TF-IDF");
    CHECK_WELL("doctor");
    CHECK_SAYS("trained with an encoder that is no longer configured");
    CHECK_INT(mvti("--set bert_en_dir=/nonexistent doctor"), 69);
    CHECK_SAYS("✗ encoder bert_en_dir: ");
    CHECK_SAYS("1 problem; fix in this order");
}

static void execute(const char *sql)
{
    struct fail why = {0};
    struct db *db = db_new(&server.config, 20000);
    CHECK_MSG(db_exec_text(db, sql, strlen(sql), &why) == ERR_OK, "%s", why.text);
    db_free(db);
}

static void an_account_without_rights(void)
{
    execute("DROP USER IF EXISTS doctor_test@localhost");
    execute("CREATE USER doctor_test@localhost IDENTIFIED BY 'secret'");
    execute("GRANT SELECT, INSERT ON `mvti\\_doctor\\_test`.* TO doctor_test@localhost");
    CHECK_INT(shell("echo secret >\"$D/password\" && chmod 644 \"$D/password\""), 0);
    CHECK_INT(mvti("--set db_user=doctor_test --set db_password_file=\"$D/password\" doctor"), 69);
    CHECK_SAYS("✗ settings: the password file ");
    CHECK_SAYS("✗ rights: doctor_test lacks UPDATE, DELETE, CREATE, ALTER");
    CHECK_INT(shell("chmod 600 \"$D/password\""), 0);
    execute("GRANT ALL ON `mvti\\_doctor\\_test`.* TO doctor_test@localhost");
    CHECK_MSG(mvti("--set db_user=doctor_test --set db_password_file=\"$D/password\" doctor") == 0, "%s",
              buf_str(&program.said));
    CHECK_SAYS("✓ rights: ");
    execute("DROP USER doctor_test@localhost");
}

static void settings_that_are_wrong(void)
{
    CHECK_INT(shell("printf '[mvti]\\nlog_level = 1\\n' >\"$D/mvti.conf\""), 0);
    CHECK_WELL("--config \"$D/mvti.conf\" doctor");
    CHECK_SAYS("✓ settings: read from ");
    static const struct {
        const char *words, *line;
    } rows[] = {
        {"--set db_password_file=/nonexistent doctor",
         "✗ settings: the password file /nonexistent cannot be read: No such file"},
        {"--set state_dir=\"$D/index.html\" doctor", "index.html is not a directory; set state_dir"},
        {"--set reference_dir=/nonexistent doctor", "✗ personality texts: /nonexistent/personality.json: "},
        {"--set migrations_dir=/nonexistent doctor",
         "✗ migrations: migrations folder /nonexistent: No such file"},
        {"--set shell_file=/nonexistent doctor", "✗ page shell: /nonexistent: "},
        {"--set picture_dir=/nonexistent doctor", "✗ pictures: picture_dir: /nonexistent holds no script"},
        {"--set picture_program=/nonexistent/draw doctor", "✗ pictures: /nonexistent/draw does not draw: "},
        {"--set picture_program=/bin/false doctor", "✗ pictures: /bin/false does not draw: "},
    };
    mvti("--set picture_dir= doctor");
    CHECK_SAYS("– pictures: none: picture_dir is empty");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK_INT(mvti(rows[i].words), 69);
        CHECK_SAYS(rows[i].line);
        CHECK_SAYS("problem");
    }
}

static void numbers_and_ages(void)
{
    execute("INSERT INTO counter (kind, subject, slot, n) VALUES ('likes', 7, 0, 3)");
    CHECK_SICK("✗ counters: 1 counters of likes, votes or tests do not match their rows; run: mvti recount");
    CHECK_WELL("recount");
    execute("INSERT INTO event (kind, created_at) VALUES ('click', UTC_TIMESTAMP() - INTERVAL 4 HOUR)");
    CHECK_SICK("✗ rollup: events of more than 3 hours ago are not counted for analysts; run: mvti rollup");
    CHECK_WELL("rollup");
    CHECK_INT(shell("touch -d '3 days ago' \"$D/state/datasets/current.mvd\""), 0);
    CHECK_WELL("doctor");
    CHECK_SAYS("✓ counters: ");
    CHECK_SAYS("from 2 sources, 3 days old");
    CHECK_INT(shell("touch -d '25 hours ago' \"$D/state/datasets/current.mvd\""), 0);
    CHECK_WELL("doctor");
    CHECK_SAYS("from 2 sources, 1 day old");
}

/* dpkg as it is, on a list of packages of the test's own. */
static void the_library_of_the_workers(void)
{
    static const struct {
        const char *version;
        int status;
        const char *line;
    } rows[] = {{"2.4.5-1", 0, "✓ libfcgi: 2.4.5-1 has the fix for CVE-2025-23016"},
                {"2.4.2-2+deb12u1", 0, "✓ libfcgi: 2.4.2-2+deb12u1 has the fix"},
                {"2.4.2-2", 69, "✗ libfcgi: 2.4.2-2 lets a crafted request overflow memory"},
                {"2.4.3-1", 69, "✗ libfcgi: 2.4.3-1 lets a crafted request overflow memory"},
                {NULL, 0, "– libfcgi: not installed as a package"}};
    char list[300];
    if (shell("command -v dpkg-query >/dev/null") != 0) {
        SKIP(the_library_of_the_workers, "there is no dpkg");
        return;
    }
    CHECK_INT(shell("mkdir -p \"$D/dpkg/updates\""), 0);
    setenv("DPKG_ADMINDIR", mariadb_path(&server, "dpkg"), 1);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        snprintf(list, sizeof list,
                 "Package: libfcgi0ldbl\nStatus: install ok installed\nMaintainer: x "
                 "<x@example.org>\nArchitecture: "
                 "amd64\nVersion: %s\nDescription: x\n",
                 rows[i].version);
        CHECK(mariadb_write(&server, "dpkg/status", rows[i].version != NULL ? list : ""));
        CHECK_MSG(mvti("doctor") == rows[i].status, "%s", buf_str(&program.said));
        CHECK_SAYS(rows[i].line);
    }
    unsetenv("DPKG_ADMINDIR");
    char *path = strdup(getenv("PATH"));
    setenv("PATH", "/nonexistent", 1);
    CHECK_WELL("doctor");
    CHECK_SAYS("– libfcgi: its version cannot be determined without dpkg");
    setenv("PATH", path, 1);
    free(path);
}

/* Each found, with what to do, and well again when it is mended. */
static void what_the_machine_lacks(void)
{
    static const char key[] = "--set session_key_file=\"$D/session.key\" doctor";
    CHECK_INT(mvti(key), 69);
    CHECK_SAYS("✗ session key: ");
    CHECK_SAYS("mvti key ");
    CHECK_WELL("key \"$D/session.key\"");
    CHECK_WELL(key);
    CHECK_SAYS("✓ session key: ");
    CHECK_INT(shell("chmod 640 \"$D/session.key\""), 0);
    CHECK_INT(mvti(key), 69);
    CHECK_SAYS("may be used by others than its owner (mode 640); run: chmod 600 ");
    CHECK_INT(shell("chmod 600 \"$D/session.key\" && echo short >\"$D/session.key\""), 0);
    CHECK_INT(mvti(key), 69);
    CHECK_SAYS("✗ session key: ");
    CHECK_INT(mvti("--set watch_disk_percent=1 doctor"), 69);
    CHECK_SAYS("✗ disk of ");
    CHECK_SAYS("make room: ");
    CHECK_INT(shell("touch \"$D/state/models/ease.mvm.tmp.999999999\""), 0);
    CHECK_SICK("✗ left-overs: 1 unfinished file of jobs that were killed");
    CHECK_SAYS("rm '");
    CHECK_INT(shell("mv \"$D\"/state/models/ease.mvm.tmp.* \"$D/state/models/ease.mvm.tmp.$$\""), 0);
    CHECK_INT(shell("rm -f \"$D\"/state/models/ease.mvm.tmp.*"), 0);
    CHECK_WELL("doctor");
    CHECK_SAYS("✓ left-overs: none");
}

static void an_address_that_cannot_be(void)
{
    CHECK_INT(mvti("--set public_url=http://example.org doctor"), 69);
    CHECK_SAYS("✗ cookies: public_url is http://example.org, but secure_cookies is 1");
    CHECK_INT(mvti("--set public_url=https://127.0.0.1:9 --set secure_cookies=0 doctor"), 69);
    CHECK_SAYS("✗ cookies: secure_cookies is 0 although public_url is https");
    CHECK_INT(mvti("--set public_url=example.org doctor"), 69);
    CHECK_SAYS("✗ public_url: 'example.org' is no address of a site; set public_url = https://example.org");
}

/* A database an hour behind is this program an hour ahead. */
static void another_clock(void)
{
    setenv("FAKETIME", "+1h", 1);
    char *library = NULL;
    FILE *p = popen("ls /usr/lib/*/faketime/libfaketime.so.1", "r");
    size_t room = 0;
    if (p != NULL && getline(&library, &room, p) > 0) {
        library[strcspn(library, "\n")] = '\0';
        setenv("LD_PRELOAD", library, 1);
        CHECK_INT(mvti("doctor"), 69);
        CHECK_SAYS("✗ clock: the database's clock is 3600 s behind this machine's");
    }
    unsetenv("LD_PRELOAD");
    unsetenv("FAKETIME");
    if (p != NULL)
        pclose(p);
    free(library);
    CHECK_WELL("doctor");
    CHECK_SAYS("✓ clock: the database's is the same");
}

/* Of a host that takes what another one publishes. */
static void a_pull_that_has_stopped(void)
{
    static const char pulling[] = "--set pull_url=http://publish.internal:8443 doctor";
    CHECK_INT(mvti(pulling), 69);
    CHECK_SAYS("✗ pull: nothing was taken from http://publish.internal:8443 yet; run: mvti pull");
    CHECK_INT(shell("mkdir -p \"$D/state/jobs\" && now=$(date +%s) && echo \"$((now - 7300)) $((now - 7290)) "
                    "$((now - "
                    "7290)) 0 10 0 9 0\" >\"$D/state/jobs/pull\""),
              0);
    CHECK_INT(mvti(pulling), 69);
    CHECK_SAYS("✗ pull: the last look at what http://publish.internal:8443 offers is 2 hours old");
    CHECK_INT(shell("now=$(date +%s) && echo \"$((now - 70)) $((now - 61)) $((now - 61)) 0 10 0 10 0\" "
                    ">\"$D/state/jobs/pull\""),
              0);
    CHECK_WELL(pulling);
    CHECK_SAYS("✓ pull: the last look at what http://publish.internal:8443 offers is 1 minute old");
    CHECK_INT(shell("rm \"$D/state/jobs/pull\""), 0);
    CHECK_WELL("doctor");
}

static void programs_read_it_too(void)
{
    CHECK_INT(shell("rm -f \"$D/session.key\""), 0);
    CHECK_INT(mvti("--set session_key_file=\"$D/session.key\" doctor --json"), 69);
    CHECK_SAYS("{\"wrong\":1,\"findings\":[{\"id\":\"settings\",\"about\":\"settings\",");
    CHECK_SAYS("{\"id\":\"key\",\"about\":\"session key\",\"state\":\"wrong\",\"text\":\"");
    CHECK_SAYS("\"do\":\"restore it from the back-up, or everybody is signed out: mvti key ");
    CHECK_SAYS(
        "{\"id\":\"left-overs\",\"about\":\"left-overs\",\"state\":\"good\",\"text\":\"none\",\"do\":null}");
    CHECK(strstr(buf_str(&program.said), "\x1f") == NULL && strstr(buf_str(&program.said), "✓") == NULL);
    CHECK_WELL("doctor --json");
}

int main(void)
{
    if (secret_init() != ERR_OK || !mariadb_start(&server, "mvti_doctor_test"))
        return 1;
    CHECK_INT(shell("cp -r sql/migrations \"$D/migrations\""), 0);
    RUN(nothing_is_there);
    RUN(the_server_is_away);
    RUN(it_grows);
    if (check_tests_failed == 0) { /* the rest needs what has grown */
        RUN(a_replica_is_looked_after);
        RUN(what_is_older_is_noted);
        RUN(damage_is_found);
        RUN(the_content_model_and_its_encoder);
        RUN(an_account_without_rights);
        RUN(settings_that_are_wrong);
        RUN(numbers_and_ages);
        RUN(the_library_of_the_workers);
        RUN(what_the_machine_lacks);
        RUN(an_address_that_cannot_be);
        RUN(another_clock);
        RUN(a_pull_that_has_stopped);
        RUN(programs_read_it_too);
    }
    buf_free(&program.said);
    mariadb_stop(&server);
    return check_done();
}
