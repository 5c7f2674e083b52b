#include "app/once.h"

#include <stdio.h>
#include <string.h>

#include "store/visitor.h"

#define KEY_LABEL "mvti repeat key"
#define CONTENT_LABEL "mvti repeat content"
#define SESSION_LABEL "mvti repeat session"

static void hash_key(const struct session *s, const struct once *once, size_t which,
                     uint8_t out[SECRET_HASH_BYTES])
{
    keyring_hash(s->keys, which < s->keys->n ? which : 0, KEY_LABEL, once->key, strlen(once->key), out);
}

static void hash_content(const struct session *s, const struct once *once, size_t which,
                         uint8_t out[SECRET_HASH_BYTES])
{
    keyring_hash(s->keys, which, CONTENT_LABEL, once->content, once->n, out);
}

void once_session(const struct session *session, const struct once *once, size_t which_key,
                  char out[SECRET_TOKEN_CHARS + 1])
{
    keyring_token(session->keys, which_key, SESSION_LABEL, once->key, out);
}

/* Whether the session that the first request made still speaks for its guest; then it is this request's. */
static enum err restore(struct db *db, struct session *session, const struct once *once,
                        const struct repeat *row, struct fail *why)
{
    struct session first = *session;
    struct visitor_session who;
    char token[SECRET_TOKEN_CHARS + 1];
    once_session(session, once, row->old_key ? 1 : 0, token);
    session_restore(&first, token, SESSION_GUEST_WHOLE);
    explicit_bzero(token, sizeof token);
    enum err rc = visitor_session_find(db, first.hash[0], first.hash[KEYRING_MOST - 1], &who, why);
    if (rc == ERR_OK && !who.account && who.visitor_id == row->visitor_id)
        *session = first;
    else if (rc == ERR_OK || rc == ERR_NOT_FOUND)
        rc = fail_set(why, ERR_CONFLICT, "was used by a visitor who has been deleted");
    session_forget(&first);
    return rc;
}

enum err once_seen(struct db *db, struct session *session, const struct once *once, struct repeat *row,
                   struct fail *why)
{
    uint8_t newest[SECRET_HASH_BYTES], older[SECRET_HASH_BYTES], content[SECRET_HASH_BYTES];
    struct visitor_session who;
    if (once == NULL || once->key == NULL)
        return ERR_NOT_FOUND;
    hash_key(session, once, 0, newest);
    hash_key(session, once, KEYRING_MOST - 1, older);
    enum err rc = repeat_find(db, newest, older, row, why);
    if (rc != ERR_OK)
        return rc;
    hash_content(session, once, row->old_key ? 1 : 0, content);
    if (!secret_equal(content, row->content, SECRET_HASH_BYTES))
        return fail_set(why, ERR_CONFLICT, "was used for another request");
    rc = ERR_NOT_FOUND;
    if (session->present && !session->fresh)
        rc = visitor_session_find(db, session->hash[0], session->hash[KEYRING_MOST - 1], &who, why);
    if (rc == ERR_OK && who.visitor_id != row->visitor_id)
        return fail_set(why, ERR_CONFLICT, "was used by another visitor");
    if (rc == ERR_NOT_FOUND && !row->made_visitor)
        return fail_set(why, ERR_CONFLICT, "was used with a session");
    return rc == ERR_NOT_FOUND ? restore(db, session, once, row, why) : rc;
}

enum err once_put(struct db *db, const struct session *session, const struct once *once,
                  const struct once_done *done, struct fail *why)
{
    struct repeat row = {.visitor_id = done->visitor_id, .made_visitor = done->guest};
    if (once == NULL || once->key == NULL)
        return ERR_OK;
    hash_key(session, once, 0, row.key);
    hash_content(session, once, 0, row.content);
    snprintf(row.result, sizeof row.result, "%s", done->result != NULL ? done->result : "");
    return repeat_put(db, &row, why);
}
