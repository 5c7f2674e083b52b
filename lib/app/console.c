#include "app/console.h"

#include <stdio.h>
#include <string.h>

#include "app/visit.h"
#include "base/log.h"
#include "store/admin_session.h"
#include "store/ban.h"

#define BETWEEN " ,\t"
#define ACCOUNT "account:"

/* The next word at *at, of *n bytes; NULL at the end. */
static const char *next_word(const char **at, size_t *n)
{
    const char *word = *at + strspn(*at, BETWEEN);
    *n = strcspn(word, BETWEEN);
    *at = word + *n;
    return *n > 0 ? word : NULL;
}

static bool is_account(const char *word, size_t n)
{
    const size_t head = sizeof ACCOUNT - 1;
    return n >= head && memcmp(word, ACCOUNT, head) == 0;
}

static bool is_word(const char *word, size_t n)
{
    const char *colon = memchr(word, ':', n);
    size_t name = colon != NULL ? (size_t)(colon - word) : 0;
    if (colon == NULL || name + 1 == n || strspn(word, "abcdefghijklmnopqrstuvwxyz") != name || name == 0)
        return false;
    return !is_account(word, n) || (colon[1] != '0' && strspn(colon + 1, "0123456789") == n - name - 1);
}

enum err console_admins_check(const char *admins, struct fail *why)
{
    size_t n;
    for (const char *at = admins, *word; (word = next_word(&at, &n)) != NULL;)
        if (!is_word(word, n))
            return fail_set(why, ERR_INVALID,
                            "setting admins: '%.*s' is neither PROVIDER:SUBJECT nor account:NUMBER",
                            (int)(n < 80 ? n : 80), word);
    return ERR_OK;
}

static bool names(const char *word, size_t n, const char *text)
{
    return strlen(text) == n && memcmp(word, text, n) == 0;
}

static bool names_account(const char *word, size_t n, int64_t visitor_id, const struct account *account)
{
    char text[32];
    snprintf(text, sizeof text, ACCOUNT "%lld", (long long)visitor_id);
    if (is_account(word, n))
        return names(word, n, text);
    for (size_t i = 0; i < account->n; i++) {
        const struct account_identity *who = &account->identities[i];
        size_t head = strlen(who->provider);
        if (n > head && memcmp(word, who->provider, head) == 0 && word[head] == ':' &&
            names(word + head + 1, n - head - 1, who->subject))
            return true;
    }
    return false;
}

const char *console_admin_name(const char *admins, int64_t visitor_id, const struct account *account,
                               struct arena *a)
{
    size_t n;
    for (const char *at = admins, *word; (word = next_word(&at, &n)) != NULL;)
        if (is_word(word, n) && names_account(word, n, visitor_id, account))
            return arena_strndup(a, word, n);
    return NULL;
}

enum err console_record(struct db *db, const struct console_admin *admin, struct admin_action *action,
                        bool asked, struct fail *why)
{
    action->visitor_id = admin->visitor_id;
    action->admin = admin->name;
    if (action->subject == NULL)
        action->subject = "";
    enum err rc = admin_action_add(db, action, asked, &action->action_id, why);
    if (rc == ERR_OK)
        log_event(LOG_WARNING, "admin.action", "account %lld: %s%s %s", (long long)admin->visitor_id,
                  asked ? "requested " : "", action->action, action->subject);
    return rc;
}

static enum err go_in(struct db *db, int64_t session_id, struct console_admin *admin, struct fail *why)
{
    enum admin_session state;
    enum err rc = admin_session_enter(db, session_id, &state, why);
    if (rc != ERR_OK)
        return rc;
    admin->who = state == ADMIN_SESSION_OVER ? CONSOLE_STALE : CONSOLE_ADMIN;
    if (state != ADMIN_SESSION_NEW)
        return ERR_OK;
    return console_record(db, admin, &(struct admin_action){.action = "enter"}, false, why);
}

enum err console_enter(struct db *db, const struct session *session, const char *admins, struct arena *a,
                       struct console_admin *out, struct fail *why)
{
    struct visitor_session found = {0};
    struct account account = {0};
    *out = (struct console_admin){.who = CONSOLE_NOBODY};
    if (admins[strspn(admins, BETWEEN)] == '\0')
        return ERR_OK;
    enum err rc = visit_who(db, session, &found, why);
    if (rc == ERR_OK && found.account)
        rc = account_load(db, found.visitor_id, a, &account, why);
    if (rc == ERR_NOT_FOUND || (rc == ERR_OK && !found.account))
        return ERR_OK;
    if (rc != ERR_OK)
        return rc;
    int64_t banned = 0;
    rc = ban_read(db, found.visitor_id, &banned, why);
    if (rc != ERR_OK || banned != 0)
        return rc == ERR_NOT_FOUND ? ERR_OK : rc;
    out->visitor_id = found.visitor_id;
    out->name = console_admin_name(admins, found.visitor_id, &account, a);
    return out->name != NULL ? go_in(db, found.session_id, out, why) : ERR_OK;
}

enum err console_actions(struct db *db, int64_t before, size_t most, struct arena *a,
                         struct admin_actions *out, struct fail *why)
{
    return admin_action_list(db, before, most, a, out, why);
}

enum err console_ask(struct db *db, const struct console_admin *admin, struct admin_action *action,
                     struct fail *why)
{
    int64_t open = 0;
    enum err rc = admin_action_open(db, &open, why);
    if (rc == ERR_OK)
        return fail_set(why, ERR_CONFLICT, "request %lld is still pending; try again when it is done",
                        (long long)open);
    return rc == ERR_NOT_FOUND ? console_record(db, admin, action, true, why) : rc;
}
