/* The owner's console: who may enter it. The setting `admins` names accounts, as PROVIDER:SUBJECT (what a provider calls the person) or
 * account:NUMBER, separated by blanks or commas. To everybody else there is no console. */
#ifndef MVTI_APP_CONSOLE_H
#define MVTI_APP_CONSOLE_H

#include <stdint.h>

#include "auth/session.h"
#include "base/arena.h"
#include "store/account.h"
#include "store/admin_action.h"

enum console_who {
    CONSOLE_NOBODY, /* no account, or one that is not named */
    CONSOLE_STALE,  /* an admin who has to sign in again (store/admin_session.h) */
    CONSOLE_ADMIN
};

struct console_admin {
    enum console_who who;
    int64_t visitor_id;
    const char *name; /* the word of the setting, in the arena; for CONSOLE_ADMIN */
};

/* Whether the setting is one. ERR_INVALID names the word that is none. */
MUST_USE enum err console_admins_check(const char *admins, struct fail *why);
/* The word of the setting that names this account, copied to the arena; NULL: none does. */
const char *console_admin_name(const char *admins, int64_t visitor_id, const struct account *account,
                               struct arena *a);

/* Who asks; the first request of a session is recorded as the action "enter". */
MUST_USE enum err console_enter(struct db *db, const struct session *session, const char *admins,
                                struct arena *a, struct console_admin *out, struct fail *why);

/* Records what an admin did, or asks for it, in the table and the log. */
MUST_USE enum err console_record(struct db *db, const struct console_admin *admin,
                                 struct admin_action *action, bool asked, struct fail *why);
/* Asks for what the jobs account carries out (`mvti admin --work`), and says which request it became. ERR_CONFLICT: another request waits. */
MUST_USE enum err console_ask(struct db *db, const struct console_admin *admin, struct admin_action *action,
                              struct fail *why);
/* As admin_action_list. */
MUST_USE enum err console_actions(struct db *db, int64_t before, size_t most, struct arena *a,
                                  struct admin_actions *out, struct fail *why);

#endif
