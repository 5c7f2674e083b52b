/* Back-ups as an operator makes and uses them: the drill (everything wiped, and back as it was), damage that is refused by its name, people who
 * left meanwhile, folders that are full or busy. */
#include "tests/check.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fixture/eventually.h"
#include "fixture/program.h"
#include "fixture/tables.h"
#include "fixture/tastes.h"

static struct mariadb server;
static struct program program = {.server = &server, .settings = "--quiet --config \"$D/etc/mvti.conf\""};

/* For the shell: sql FILE < statements as the administrator. */
#define SQL "mariadb --no-defaults -N -B --raw --socket=\"$S\" \"$N\" "

static void shell(const char *command)
{
    program_shell_works(&program, command);
}

/* What must be the same before and after, into $D/NAME. */
static void look(const char *name)
{
    char command[2000];
    snprintf(command, sizeof command,
             "set -e; exec >\"$D/%s\"; " SQL "-e \"SELECT CONCAT('CHECKSUM TABLE \\`', table_name, '\\` "
             "EXTENDED;') FROM information_schema.tables WHERE "
             "table_schema = DATABASE() AND table_type = 'BASE TABLE' AND table_name <> 'schema_lock' ORDER "
             "BY 1\" | " SQL "; " SQL
             "-e \"SELECT table_name, view_definition, definer, security_type FROM information_schema.views "
             "WHERE table_schema = "
             "DATABASE() ORDER BY 1\"; for a in drill_jobs drill_worker; do " SQL
             "-e \"SHOW CREATE USER $a@localhost; SHOW GRANTS FOR $a@localhost\" | sort; done; cd \"$D\"; "
             "f() { find state etc -path state/pictures -prune -o -path state/runs -prune -o -name old.mvs "
             "-o -name '*.tmp.*' "
             "-o -type f \"$@\" | sort; }; f -printf '%%m %%p\\n'; f -exec sha256sum {} \\;; readlink "
             "state/snapshots/current",
             name);
    shell(command);
}

static void an_installation(void)
{
    tastes_catalog(&server);
    program_works(&program, "import ratings --name likes \"$D/likes.csv\"");
    tastes_visitors(&server, 1001, 400, 30);
    tables_run(&server,
               "INSERT INTO account (visitor_id) SELECT visitor_id FROM visitor WHERE visitor_id % 3 > 0");
    program_works(&program, "dataset build");
    program_works(&program, "train popularity");
    shell("mkdir -p \"$D/state/snapshots\" \"$D/state/pictures\" && cd \"$D/state/snapshots\" && echo live "
          ">live.mvs && echo old >old.mvs && "
          "ln -s live.mvs current && echo drawn >../pictures/p.png && echo half >../models/x.mvm.tmp.1");
    shell(SQL "-e \"CREATE USER drill_jobs@localhost IDENTIFIED BY 'other'; CREATE USER "
              "drill_worker@localhost IDENTIFIED BY 'secret'; "
              "GRANT SELECT, INSERT ON $N.* TO drill_jobs@localhost; GRANT SELECT, UPDATE ON $N.visitor TO "
              "drill_worker@localhost; GRANT SELECT "
              "(test_id) ON $N.test TO drill_worker@localhost\"");
}

/* ---- the drill ---- */

static void wipe(void)
{
    shell("rm -rf \"$D/state\" \"$D/etc\" && mkdir \"$D/etc\" && touch \"$D/etc/mvti.conf\"");
    shell(SQL "-e \"DROP DATABASE $N; CREATE DATABASE $N CHARACTER SET utf8mb4; DROP USER "
              "drill_jobs@localhost, drill_worker@localhost\"");
}

static void everything_is_as_it_was(void)
{
    an_installation();
    look("before");
    program_says(&program, "backup \"$D/b\" --keys \"$D/k\"", 0, "keep them apart");
    shell("ls \"$D\"/b/mvti-*Z/MANIFEST && test \"$(stat -c %a \"$D\"/b/mvti-*Z)\" = 700 && ! test -e "
          "\"$D\"/b/mvti-*Z/state/pictures && "
          "! test -e \"$D\"/b/mvti-*Z/state/snapshots/old.mvs && ! ls \"$D\"/b/mvti-*Z/state/models | grep "
          "tmp");
    shell("! grep -rqs the-session-key \"$D/b\" && grep -rqs the-session-key \"$D/k\"");
    program_says(&program, "restore --check \"$D\"/b/mvti-*Z --keys \"$D\"/k/mvti-*Z", 0, "whole; 20");
    wipe();
    program_says(&program, "restore \"$D\"/b/mvti-*Z --keys \"$D\"/k/mvti-*Z", 0, "restored ");
    look("after");
    shell("cmp \"$D/before\" \"$D/after\" && test \"$(wc -l <\"$D/after\")\" -gt 100 && grep -q drill_worker "
          "\"$D/after\"");
}

/* ---- what is not as it was written ---- */

/* `command` in a copy of the back-up as $C; then it is refused with the words, and the database is as it was. */
static void damaged(const char *command, const char *words)
{
    char all[1000];
    snprintf(all, sizeof all, "rm -rf \"$D/c\" && cp -a \"$D\"/b/mvti-*Z \"$D/c\" && cd \"$D/c\" && %s",
             command);
    shell(all);
    program_says(&program, "restore --replace \"$D/c\"", 65, words);
    CHECK_INT(tables_number(&server, "SELECT COUNT(*) FROM visitor"), 400);
}

static void damage_is_named(void)
{
    damaged("printf X | dd of=database.sql.gz bs=1 seek=1000 conv=notrunc status=none",
            "/database.sql.gz: not what was written");
    damaged("truncate -s -1 state/ratings/likes.mvr", "/state/ratings/likes.mvr: not what was written");
    damaged("rm state/models/popularity.mvm", "/state/models/popularity.mvm: missing");
    damaged("ln -sfn old.mvs state/snapshots/current", "/state/snapshots/current: not what was written");
    damaged("sed -i 's/^schema /schema 1/' MANIFEST", "/MANIFEST: damaged or cut off");
    damaged("sed -i '$d' MANIFEST", "/MANIFEST: damaged or cut off");
    damaged("truncate -s 0 MANIFEST", "/MANIFEST: damaged or cut off");
    damaged("sed -i -e 's/^schema .*/schema 9999/' -e '$d' MANIFEST && echo \"end $(b2sum -l 256 MANIFEST | "
            "cut -d' ' -f1)\" >>MANIFEST",
            "are newer than this program's");
    shell("rm -rf \"$D/c\"; mkdir \"$D/c\"");
    program_says(&program, "restore \"$D/c\"", 66, "no back-up of MVTI");
}

/* ---- a database that is there ---- */

static void nobody_who_left_comes_back(void)
{
    program_says(&program, "restore \"$D\"/b/mvti-*Z", 65, "--replace deletes them");
    tables_run(&server, "DELETE FROM visitor WHERE visitor_id = 1003");
    program_says(&program, "restore --replace \"$D\"/b/mvti-*Z", 0, "restored ");
    CHECK_INT(tables_number(&server, "SELECT COUNT(*) FROM visitor WHERE visitor_id = 1003"), 1);
    tables_run(&server, "DELETE FROM visitor WHERE visitor_id = 1003");
    program_says(&program, "restore --replace --forget \"$D\"/b/mvti-*Z", 0, "deleted again: 1 ");
    /* One that fails when it has replaced the database knows who had left when it is run again. */
    tables_run(&server, "DELETE FROM visitor WHERE visitor_id = 1003");
    shell("mv \"$D/state/models\" \"$D/kept\" && touch \"$D/state/models\"");
    program_says(&program, "restore --replace --forget \"$D\"/b/mvti-*Z", 74, "/state/models");
    CHECK_INT(tables_number(&server, "SELECT COUNT(*) FROM visitor WHERE visitor_id = 1003"), 1);
    shell("rm \"$D/state/models\" && mv \"$D/kept\" \"$D/state/models\"");
    program_says(&program, "restore --replace --forget \"$D\"/b/mvti-*Z", 0, "deleted again: 1 ");
    CHECK_INT(tables_number(&server, "SELECT COUNT(*) FROM visitor WHERE visitor_id = 1003"), 0);
    shell("test ! -e \"$D/state/restore.known\"");
    CHECK_INT(tables_number(&server, "SELECT COUNT(*) FROM visitor WHERE visitor_id IN (1003, 1004)"), 1);
    CHECK_INT(tables_number(&server, "SELECT COUNT(*) FROM test WHERE visitor_id = 1003"), 0);
}

/* As after a restore that was killed when it had dropped the database, or on a new machine. */
static void a_database_that_is_gone_is_made(void)
{
    char sql[CONFIG_TEXT + 80];
    snprintf(sql, sizeof sql, "DROP DATABASE `%s`", server.config.db_name);
    tables_run(&server, sql);
    program_says(&program, "restore \"$D\"/b/mvti-*Z", 0, "restored ");
    snprintf(sql, sizeof sql, "SELECT COUNT(*) FROM `%s`.visitor WHERE visitor_id = 1003",
             server.config.db_name);
    CHECK_INT(tables_number(&server, sql), 1);
    snprintf(sql, sizeof sql, "USE `%s`", server.config.db_name);
    tables_run(&server, sql);
}

/* Whoever is connected would write into what is half there. */
static void a_database_in_use_is_left_alone(void)
{
    struct db *worker = db_new(&server.config, 20000);
    CHECK(db_ping(worker, NULL) == ERR_OK);
    program_says(&program, "restore --replace \"$D\"/b/mvti-*Z", 75, "use the database ");
    PROGRAM_SAYS(&program, "systemctl stop mvti.target");
    CHECK_INT(tables_number(&server, "SELECT COUNT(*) FROM visitor WHERE visitor_id = 1003"), 0);
    program_says(&program, "restore --replace --in-use \"$D\"/b/mvti-*Z", 0, "restored ");
    CHECK_INT(tables_number(&server, "SELECT COUNT(*) FROM visitor WHERE visitor_id = 1003"), 1);
    db_free(worker);
}

/* ---- what others see ---- */

/* A client that notes its words and variables, and is the real one. */
static void no_password_is_a_word_or_a_variable(void)
{
    shell("mkdir -p \"$D/bin\" && for c in mariadb mariadb-dump; do printf '#!/bin/sh\\n{ echo \"$0 $*\"; "
          "env; } "
          ">>\"%s/seen\"\\nexec /usr/bin/%s \"$@\"\\n' \"$D\" $c >\"$D/bin/$c\"; done && chmod 755 "
          "\"$D\"/bin/*");
    shell(SQL
          "-e \"DROP USER IF EXISTS drill_secret@localhost; CREATE USER drill_secret@localhost IDENTIFIED BY "
          "'p\\\"w#=x'; GRANT ALL ON $N.* TO drill_secret@localhost\"");
    shell("printf 'p\"w#=x\\n' >\"$D/password\" && chmod 600 \"$D/password\"");
    char *path = strdup(getenv("PATH"));
    char noting[5000];
    snprintf(noting, sizeof noting, "%s/bin:%s", server.folder, path);
    setenv("PATH", noting, 1);
    program_works(&program,
                  "--set db_user=drill_secret --set db_password_file=\"$D/password\" backup \"$D/secret\"");
    setenv("PATH", path, 1);
    free(path);
    shell("grep -q 'mariadb-dump .*--user=drill_secret' \"$D/seen\" && ! grep -qF 'w#=x' \"$D/seen\" && ls "
          "\"$D\"/secret/mvti-*Z/MANIFEST");
}

/* ---- folders ---- */

static void so_many_are_kept(void)
{
    shell("cd \"$D/b\" && now=$(ls) && for y in 2001 2002 2003; do cp -a $now mvti-${y}0101T000000Z; done");
    shell("cd \"$D/b\" && mkdir mvti.making mvti.removing && touch mvti.making/half mine");
    program_works(&program, "backup \"$D/b\" --keep 3");
    shell("cd \"$D/b\" && test \"$(ls | tr '\\n' ' ' | sed 's/T[0-9]*Z//g; s/mvti-20[2-9][0-9]*/now/g')\" = "
          "'mine mvti-20030101 now now '");
    program_says(&program, "restore --check \"$D\"/b/mvti-2003*", 0, "whole; ");
}

static void what_cannot_be_is_said(void)
{
    const char *path = getenv("PATH");
    program_says(&program, "backup \"$D/b\" --keys \"$D/b\"", 65, "name another folder");
    program_says(&program, "backup /proc/none", 74, "/proc/none: ");
    setenv("PATH", "/nonexistent", 1);
    program_says(&program, "backup \"$D/e\"", 69, "mariadb-dump (Debian's package mariadb-client)");
    setenv("PATH", path, 1);
    shell("test -z \"$(ls \"$D/e\")\"");
    program_says(&program, "--set db_user=nobody_here backup \"$D/e\"", 69, "database: ");
    shell("test -z \"$(ls \"$D/e\")\"");
}

static bool waits_for_a_lock(void *process)
{
    char command[100];
    snprintf(command, sizeof command, "grep -q -e '-> FLOCK .* %ld ' /proc/locks", *(long *)process);
    return system(command) == 0;
}

/* The ratings that the database's copy names are those that are copied: an import that has begun is waited for. */
static void an_import_at_work_is_waited_for(void)
{
    int status = -1, ratings = open(mariadb_path(&server, "state/ratings"), O_RDONLY | O_CLOEXEC);
    CHECK(ratings >= 0 && flock(ratings, LOCK_EX) == 0);
    long process = fork();
    if (process == 0) {
        setenv("USER_OF", server.config.db_user, 1);
        execl("/bin/sh", "sh", "-c",
              "exec \"${BUILD:-build}/mvti\" --quiet --set db_socket=\"$S\" --set db_user=$USER_OF --set "
              "db_name=$N "
              "--set state_dir=\"$D/state\" backup \"$D/waiting\" >/dev/null",
              (char *)NULL);
        _exit(127);
    }
    CHECK(eventually(waits_for_a_lock, &process));
    shell("! ls \"$D\"/waiting 2>/dev/null");
    close(ratings);
    CHECK(waitpid((pid_t)process, &status, 0) == process && status == 0);
    shell("ls \"$D\"/waiting/mvti-*Z/state/ratings/likes.mvr");
}

static void one_at_a_time(void)
{
    shell("mkdir -p \"$D/busy\"");
    int held = open(mariadb_path(&server, "busy"), O_RDONLY | O_CLOEXEC);
    CHECK(held >= 0 && flock(held, LOCK_EX) == 0);
    program_says(&program, "backup \"$D/busy\"", 75, "another back-up is being made there");
    close(held);
    program_works(&program, "backup \"$D/busy\"");
}

/* A disk that has no room: a file system of its own, which wants root. */
static void a_full_disk_is_one(void)
{
    program_says(&program, "backup \"$D/full/b\"", 74, "No space left on device");
    shell("test -z \"$(ls \"$D/full/b\")\"");
    shell("umount \"$D/full\"");
}

int main(void)
{
    if (system("mariadb-dump --version >/dev/null 2>&1") != 0) {
        printf("SKIPPED backup: mariadb-dump is missing (Debian's package mariadb-client)\n0 passed, 0 "
               "failed, 1 skipped\n");
        return 0;
    }
    db_free(tables_start(&server, "mvti_backup_test")); /* nobody stays connected */
    setenv("D", server.folder, 1);
    setenv("S", server.socket, 1);
    setenv("N", server.config.db_name, 1);
    shell("mkdir -p \"$D/etc/providers\" && echo '[mvti]' >\"$D/etc/mvti.conf\" && echo the-session-key "
          ">\"$D/etc/session.key\" && chmod 600 "
          "\"$D/etc/session.key\"");
    RUN(everything_is_as_it_was);
    RUN(damage_is_named);
    RUN(nobody_who_left_comes_back);
    RUN(a_database_in_use_is_left_alone);
    RUN(a_database_that_is_gone_is_made);
    RUN(no_password_is_a_word_or_a_variable);
    RUN(an_import_at_work_is_waited_for);
    RUN(so_many_are_kept);
    RUN(what_cannot_be_is_said);
    RUN(one_at_a_time);
    if (program_shell(&program,
                      "mkdir -p \"$D/full\" && mount -t tmpfs -o size=64k tmpfs \"$D/full\" 2>/dev/null") ==
        0)
        RUN(a_full_disk_is_one);
    else
        SKIP(a_full_disk_is_one, "this machine mounts no file system");
    buf_free(&program.said);
    mariadb_stop(&server);
    return check_done();
}
