/* What the workers' account may do at the database, beside what sql/grants.sql gives it. Nobody but that account, and an administrator of the
 * database, may see its rights, so this is looked at by root as that account. */
#include "doctor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "account.h"
#include "base/state_path.h"

static const char what[] = "worker's account", account[] = "mvti_worker";
enum { STATEMENT_MS = 5000 };

/* "TABLE RIGHT\n" of each. */
static enum err read_rights(struct doctor *d, struct buf *out, struct fail *why)
{
    static const struct db_sql sql = {"doctor.grants",
                                      "SELECT TABLE_NAME, PRIVILEGE_TYPE FROM "
                                      "information_schema.TABLE_PRIVILEGES WHERE TABLE_SCHEMA = DATABASE()"};
    struct config c = d->job->config;
    struct db_rows rows;
    snprintf(c.db_user, sizeof c.db_user, "%s", account);
    struct db *db = db_new(&c, STATEMENT_MS);
    if (db == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory");
    enum err rc = db_query(db, &sql, DB_NOTHING, &rows, why);
    if (rc == ERR_OK) {
        buf_putc(out, '\n');
        while (db_next(&rows)) {
            const char *table = db_get_text(&rows, 0), *right = db_get_text(&rows, 1);
            buf_printf(out, "%s %s\n", table, right);
        }
        rc = db_end(&rows, why);
    }
    db_free(db);
    return rc == ERR_OK && out->failed ? fail_set(why, ERR_NOMEM, "out of memory") : rc;
}

/* The first right of a line of grants.sql that is not among those; how many are missing. */
static int missing_of(char *line, const struct buf *has, char missing[160])
{
    int n = 0;
    char *on = strstr(line, " ON mvti."), *to = on != NULL ? strstr(on, " TO mvti_worker@") : NULL;
    if (strncmp(line, "GRANT ", 6) != 0 || to == NULL)
        return 0;
    *on = *to = '\0';
    char *save = NULL;
    for (char *right = strtok_r(line + 6, ", ", &save); right != NULL; right = strtok_r(NULL, ", ", &save)) {
        char wanted[160];
        snprintf(wanted, sizeof wanted, "\n%.80s %.60s\n", on + 9, right);
        if (strstr(buf_str(has), wanted) != NULL)
            continue;
        if (n++ == 0)
            snprintf(missing, 160, "%.60s of %.80s", right, on + 9);
    }
    return n;
}

static void compare(struct doctor *d, const char *path, const struct buf *has)
{
    char line[512], one[160], missing[160] = "";
    int n = 0;
    FILE *f = fopen(path, "r");
    while (f != NULL && fgets(line, sizeof line, f) != NULL) {
        int more = missing_of(line, has, one);
        if (n == 0 && more > 0)
            memcpy(missing, one, sizeof missing);
        n += more;
    }
    if (f == NULL)
        doctor_say(d, DOCTOR_NOTE, what, "not checked: %s cannot be read", path);
    else if (n > 0)
        doctor_say(d, DOCTOR_WRONG, what,
                   "%s lacks %d rights, such as %s: what visitors do is not saved; " DOCTOR_DO
                   "run: mariadb %s < %s",
                   account, n, missing, d->job->config.db_name, path);
    else
        doctor_say(d, DOCTOR_GOOD, what, "%s has the rights of grants.sql", account);
    if (f != NULL)
        fclose(f);
}

void doctor_worker_account(struct doctor *d)
{
    char path[STATE_PATH];
    struct buf has = {0};
    struct fail why = {0};
    snprintf(path, sizeof path, "%s/../grants.sql", d->job->config.migrations_dir);
    if (!d->installed || !d->database || !account_become(account)) {
        doctor_say(d, DOCTOR_NOTE, what, "not checked: only root can look, where it is installed");
        return;
    }
    enum err rc = read_rights(d, &has, &why);
    (void)account_become("mvti_jobs");
    if (rc == ERR_OK)
        compare(d, path, &has);
    else
        doctor_say(d, DOCTOR_WRONG, what,
                   "%s cannot use the database, so what visitors do is not saved: %s; " DOCTOR_DO
                   "create the account as the top of sql/database.sql says, then run: mariadb %s < %s",
                   account, why.text, d->job->config.db_name, path);
    buf_free(&has);
}
