#include "doctor.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "base/secret.h"
#include "base/state_path.h"
#include "data/ratings_file.h"
#include "data/ratings_known.h"
#include "import/ratings_shelf.h"
#include "store/catalog.h"
#include "store/counter.h"
#include "store/migrate.h"
#include "store/ratings_source.h"
#include "store/rollup.h"
#include "store/training.h"

static const char away[] = "not checked: the database does not answer";
static const char unmigrated[] = "not checked: run the migrations first";

static void say_where(const struct config *c, char *out, size_t size)
{
    if (c->db_host[0] != '\0')
        snprintf(out, size, "db_host = %.400s with db_port = %ld its address", c->db_host, c->db_port);
    else
        snprintf(out, size, "db_socket = %.400s its socket", c->db_socket);
}

void doctor_database(struct doctor *d)
{
    static const struct db_sql version = {"doctor.version", "SELECT VERSION(), CURRENT_USER()"};
    const struct config *c = &d->job->config;
    struct db_rows rows;
    struct fail why = {0};
    char where[CONFIG_TEXT + 80];
    say_where(c, where, sizeof where);
    if (db_first(d->job->db, &version, DB_NOTHING, &rows, &why) != ERR_OK) {
        doctor_say(
            d, DOCTOR_WRONG, "database",
            "%s. " DOCTOR_DO "Is the server running, is %s, does the database %s exist, and may "
            "the account %s use it (sql/database.sql)? Until then the site still answers but saves nothing",
            why.text, where, c->db_name, c->db_user);
        return;
    }
    doctor_say(d, DOCTOR_GOOD, "database", "%s on %s answers as %s, server %s", c->db_name,
               c->db_host[0] != '\0' ? c->db_host : c->db_socket, db_get_text(&rows, 1),
               db_get_text(&rows, 0));
    if (c->db_host[0] != '\0' && strcmp(c->db_tls, "off") == 0)
        doctor_say(d, DOCTOR_NOTE, "database",
                   "what goes to %s and back is not encrypted (db_tls = off): only where nobody else is on "
                   "that network",
                   c->db_host);
    d->database = db_end(&rows, &why) == ERR_OK;
}

void doctor_migrations(struct doctor *d)
{
    struct migration_list l;
    struct fail why = {0};
    if (!d->database) {
        doctor_say(d, DOCTOR_NOTE, "migrations", "%s", away);
        return;
    }
    if (migrate_list(d->job->db, d->job->config.migrations_dir, &d->job->arena, &l, &why) != ERR_OK) {
        doctor_say(d, DOCTOR_WRONG, "migrations", "%s; " DOCTOR_DO "see the setting migrations_dir",
                   why.text);
        return;
    }
    size_t count[MIGRATION_GONE + 1] = {0};
    const char *named[MIGRATION_GONE + 1] = {0};
    for (size_t i = l.n; i-- > 0;) {
        count[l.items[i].state]++;
        named[l.items[i].state] = l.items[i].name;
    }
    if (named[MIGRATION_CHANGED] != NULL)
        doctor_say(d, DOCTOR_WRONG, "migrations",
                   "%s was changed after it had run; " DOCTOR_DO
                   "restore it and write a new migration instead",
                   named[MIGRATION_CHANGED]);
    else if (named[MIGRATION_GONE] != NULL)
        doctor_say(d, DOCTOR_WRONG, "migrations",
                   "the database is newer than this program (%s has run and is missing here); " DOCTOR_DO
                   "install the "
                   "newer MVTI",
                   named[MIGRATION_GONE]);
    else if (count[MIGRATION_PENDING] > 0)
        doctor_say(d, DOCTOR_WRONG, "migrations",
                   "%zu of %zu are pending, starting with %s; " DOCTOR_DO "run: mvti migrate",
                   count[MIGRATION_PENDING], l.n, named[MIGRATION_PENDING]);
    else
        doctor_say(d, DOCTOR_GOOD, "migrations", "all %zu have run", l.n);
    d->tables = count[MIGRATION_PENDING] == 0;
}

/* ---- rights ---- */

/* What sql/database.sql gives the account of the jobs. */
static const char *const needed_rights[] = {"SELECT",     "INSERT",      "UPDATE",   "DELETE",
                                            "CREATE",     "ALTER",       "DROP",     "INDEX",
                                            "REFERENCES", "CREATE VIEW", "SHOW VIEW"};
enum { N_RIGHTS = sizeof needed_rights / sizeof needed_rights[0] };

/* Marks the rights this account has on this database, given for it or for all. */
static enum err find_rights(struct db *db, bool has[N_RIGHTS], struct fail *why)
{
    static const struct db_sql sql = {
        "doctor.rights",
        "SELECT PRIVILEGE_TYPE FROM information_schema.USER_PRIVILEGES, (SELECT CONCAT('''', "
        "SUBSTRING_INDEX(CURRENT_USER(), '@', 1), '''@''', SUBSTRING_INDEX(CURRENT_USER(), '@', -1), '''') "
        "AS me) "
        "AS a WHERE GRANTEE = me "
        "UNION SELECT PRIVILEGE_TYPE FROM information_schema.SCHEMA_PRIVILEGES, (SELECT CONCAT('''', "
        "SUBSTRING_INDEX(CURRENT_USER(), '@', 1), '''@''', SUBSTRING_INDEX(CURRENT_USER(), '@', -1), '''') "
        "AS me) "
        "AS a WHERE GRANTEE = me AND DATABASE() LIKE TABLE_SCHEMA"};
    struct db_rows rows;
    enum err rc = db_query(db, &sql, DB_NOTHING, &rows, why);
    if (rc != ERR_OK)
        return rc;
    while (db_next(&rows))
        for (int i = 0; i < N_RIGHTS; i++)
            has[i] = has[i] || strcmp(db_get_text(&rows, 0), needed_rights[i]) == 0;
    return db_end(&rows, why);
}

void doctor_rights(struct doctor *d)
{
    bool has[N_RIGHTS] = {false};
    char missing[200] = "";
    size_t n = 0;
    struct fail why = {0};
    if (!d->database) {
        doctor_say(d, DOCTOR_NOTE, "rights", "%s", away);
        return;
    }
    if (find_rights(d->job->db, has, &why) != ERR_OK) {
        doctor_say(d, DOCTOR_NOTE, "rights", "could not be checked: %s", why.text);
        return;
    }
    for (int i = 0; i < N_RIGHTS; i++)
        if (!has[i])
            n += (size_t)snprintf(missing + n, sizeof missing - n, "%s%s", n > 0 ? ", " : "",
                                  needed_rights[i]);
    if (n == 0)
        doctor_say(d, DOCTOR_GOOD, "rights", "%s has the rights that jobs need", d->job->config.db_user);
    else
        doctor_say(d, DOCTOR_WRONG, "rights",
                   "%s lacks %s; " DOCTOR_DO
                   "jobs need the account of sql/database.sql (setting db_user), which grants "
                   "these rights",
                   d->job->config.db_user, missing);
}

/* ---- counters ---- */

void doctor_counters(struct doctor *d)
{
    int64_t all = 0, wrong;
    struct fail why = {0};
    if (!d->database || !d->tables) {
        doctor_say(d, DOCTOR_NOTE, "counters", "%s", d->database ? unmigrated : away);
        return;
    }
    for (int kind = 0; kind < COUNTER_KINDS; kind++) {
        if (counter_recount(d->job->db, (enum counter_kind)kind, false, &wrong, &why) != ERR_OK) {
            doctor_say(d, DOCTOR_WRONG, "counters", "%s", why.text);
            return;
        }
        all += wrong;
    }
    if (all == 0)
        doctor_say(d, DOCTOR_GOOD, "counters", "likes, votes and tests match their rows");
    else
        doctor_say(d, DOCTOR_WRONG, "counters",
                   "%lld counters of likes, votes or tests do not match their rows; " DOCTOR_DO
                   "run: mvti recount",
                   (long long)all);
}

/* ---- rollup ---- */

void doctor_rollup(struct doctor *d)
{
    enum { HOURS = 3 };
    bool late;
    struct fail why = {0};
    if (!d->database || !d->tables)
        doctor_say(d, DOCTOR_NOTE, "rollup", "%s", d->database ? unmigrated : away);
    else if (rollup_late(d->job->db, HOURS, &late, &why) != ERR_OK)
        doctor_say(d, DOCTOR_WRONG, "rollup", "%s", why.text);
    else if (late)
        doctor_say(d, DOCTOR_WRONG, "rollup",
                   "events of more than %d hours ago are not counted for analysts; " DOCTOR_DO
                   "run: mvti rollup, and check that "
                   "mvti-sessions.timer is enabled",
                   HOURS);
    else
        doctor_say(d, DOCTOR_GOOD, "rollup", "events are counted by the day");
}

/* ---- catalog ---- */

void doctor_catalog(struct doctor *d)
{
    int64_t movies, characters;
    struct fail why = {0};
    if (!d->database || !d->tables)
        doctor_say(d, DOCTOR_NOTE, "catalog", "%s", d->database ? unmigrated : away);
    else if (catalog_counts(d->job->db, &movies, &characters, &why) != ERR_OK)
        doctor_say(d, DOCTOR_WRONG, "catalog", "%s", why.text);
    else if (movies == 0)
        doctor_say(d, DOCTOR_WRONG, "catalog",
                   "no films; " DOCTOR_DO "run: mvti import movies FILE (the sample: sql/sample)");
    else if (characters == 0)
        doctor_say(d, DOCTOR_WRONG, "catalog",
                   "%lld films but no characters; " DOCTOR_DO "run: mvti import characters FILE",
                   (long long)movies);
    else
        doctor_say(d, DOCTOR_GOOD, "catalog", "%lld films, %lld characters", (long long)movies,
                   (long long)characters);
}

/* ---- ratings ---- */

static void say_source(struct doctor *d, const struct ratings_source *s, const struct ratings_known *k)
{
    char text[RATINGS_KNOWN_TEXT];
    ratings_known_text(k, text);
    if (ratings_known_none(k))
        doctor_say(d, DOCTOR_WRONG, "ratings",
                   "%s: %s, so nothing is trained on it; " DOCTOR_DO
                   "import those films (mvti import movies FILE), or the "
                   "ratings with the catalog's ids: mvti import ratings FILE --name %s",
                   s->name, text, s->name);
    else if (ratings_known_few(k))
        doctor_say(d, DOCTOR_NOTE, "ratings",
                   "%s: only %s; if these are ids of another list of films, import "
                   "the ratings with the catalog's: mvti import ratings FILE --name %s",
                   s->name, text, s->name);
    else
        doctor_say(d, DOCTOR_GOOD, "ratings", "%s: %lld by %lld %s, %s%s%s", s->name, (long long)s->n_ratings,
                   (long long)s->n_users, s->simulated ? "simulated people" : "people",
                   doctor_age(d, s->imported_at), k->catalog > 0 ? "; " : "", k->catalog > 0 ? text : "");
}

static void one_source(struct doctor *d, const struct ratings_source *s, const struct vec *catalog)
{
    struct ratings_shelf shelf;
    const char *path = "";
    char hash[2 * RATINGS_HASH + 1];
    struct ratings_file f = {0};
    struct ratings_known known = {0};
    struct fail why = {0};
    enum err rc = ratings_shelf_open(&shelf, &d->job->config, s->name, false, &why);
    if (rc == ERR_OK) {
        path = ratings_shelf_find(&shelf, s->content_hash);
        rc = ratings_file_open(&f, path, &why);
    }
    if (rc == ERR_OK) {
        secret_hex(hash, f.header->checksum, RATINGS_HASH);
        if (strcmp(hash, s->content_hash) != 0)
            rc = fail_set(&why, ERR_CORRUPT, "%s is not the file that the database knows", path);
    }
    if (rc == ERR_OK)
        rc = ratings_known_count(&known, &f, catalog->data, catalog->len, &why);
    ratings_file_close(&f);
    if (rc != ERR_OK)
        doctor_say(d, DOCTOR_WRONG, "ratings",
                   "%s; " DOCTOR_DO "import it again: mvti import ratings %s --name %s", why.text,
                   s->file_name, s->name);
    else
        say_source(d, s, &known);
    if (rc == ERR_OK && path == shelf.before)
        doctor_say(
            d, DOCTOR_NOTE, "ratings",
            "%s: an import was ended before it was recorded, and the one before it still counts; " DOCTOR_DO
            "import the newer file again, or run mvti dataset build, which puts the older one back",
            s->name);
}

/* What an import that was killed may leave, and files without a row: nothing reads them. */
static void strays(struct doctor *d, const struct ratings_source *items, size_t n)
{
    char path[STATE_PATH], known[RATINGS_SOURCE_NAME_MAX + 8];
    if (state_path(&d->job->config, &(struct state_file){.folder = "ratings", .name = ""}, path, NULL) !=
        ERR_OK)
        return;
    DIR *dir = opendir(path);
    for (struct dirent *e; dir != NULL && (e = readdir(dir)) != NULL;) {
        bool expected = e->d_name[0] == '.';
        for (size_t i = 0; i < n && !expected; i++) {
            int end = snprintf(known, sizeof known, "%s.mvr", items[i].name);
            expected = strncmp(e->d_name, known, (size_t)end) == 0 &&
                       (e->d_name[end] == '\0' || strcmp(e->d_name + end, ".before") == 0);
        }
        if (!expected)
            doctor_say(d, DOCTOR_NOTE, "ratings",
                       "%s%s belongs to no source; it can be deleted while no import is running", path,
                       e->d_name);
    }
    if (dir != NULL)
        closedir(dir);
}

void doctor_ratings(struct doctor *d)
{
    struct ratings_source *items;
    size_t n;
    struct vec catalog = VEC_OF(int32_t);
    struct fail why = {0};
    if (!d->database || !d->tables) {
        doctor_say(d, DOCTOR_NOTE, "ratings", "%s", d->database ? unmigrated : away);
        return;
    }
    if (ratings_source_list(d->job->db, &d->job->arena, &items, &n, &why) != ERR_OK ||
        training_catalog(d->job->db, &catalog, &why) != ERR_OK) {
        vec_free(&catalog);
        doctor_say(d, DOCTOR_WRONG, "ratings", "%s", why.text);
        return;
    }
    if (n == 0)
        doctor_say(d, DOCTOR_NOTE, "ratings",
                   "no source, so training has only visitors' choices; add one with mvti import ratings "
                   "FILE, or simulate one with mvti simulate audience");
    for (size_t i = 0; i < n; i++)
        one_source(d, &items[i], &catalog);
    vec_free(&catalog);
    strays(d, items, n);
}
