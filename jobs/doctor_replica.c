#include "doctor.h"

#include <stdio.h>

#include "store/replica.h"

static const char do_follow[] = "where the steps are: docs/cluster.md, a replica";

static void judge(struct doctor *d, const char *host, const struct replica_lag *lag)
{
    enum { BEHIND = 300 };
    char since[64] = "nothing of this database has arrived there yet";
    if (lag->marked)
        snprintf(since, sizeof since, "it is %.0f s behind", lag->seconds);
    if (!lag->running)
        doctor_say(d, DOCTOR_WRONG, "replica",
                   "%s does not follow any more, %s; " DOCTOR_DO
                   "SHOW SLAVE STATUS there says why; START SLAVE when that is mended, or let it follow "
                   "another node (%s)",
                   host, since, do_follow);
    else if (!lag->marked || lag->seconds > BEHIND)
        doctor_say(d, DOCTOR_WRONG, "replica",
                   "%s follows, but %s; " DOCTOR_DO
                   "look there for a long statement (SHOW PROCESSLIST) and a slow or full disk; if it does "
                   "not catch up, copy it anew (%s)",
                   host, since, do_follow);
    else
        doctor_say(d, DOCTOR_GOOD, "replica", "%s follows, %s", host, since);
}

void doctor_replica(struct doctor *d)
{
    const struct config *c = &d->job->config;
    if (c->replica_host[0] == '\0')
        return;
    if (!d->database || !d->tables) {
        doctor_say(d, DOCTOR_NOTE, "replica",
                   "not checked: the database does not answer, or its migrations have not run");
        return;
    }
    struct config there = replica_config(c);
    struct db *replica = db_new(&there, 0);
    struct replica_lag lag;
    struct fail why = {0};
    enum err rc = replica == NULL ? ERR_NOMEM : replica_ask(d->job->db, replica, &lag, &why);
    if (rc == ERR_OK)
        judge(d, c->replica_host, &lag);
    else
        doctor_say(d, DOCTOR_WRONG, "replica",
                   "%s: %s; " DOCTOR_DO
                   "is the server there running, and may the account %s ask it (replica_host)?",
                   c->replica_host, why.text, c->db_user);
    db_free(replica);
}
