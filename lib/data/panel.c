#include "data/panel.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/secret.h"

#define PERSON_LABEL "mvti panel person"
#define ID_LABEL "mvti panel key"

enum { SHARE_SHIFT = 3 }; /* an eighth */

static void name_key(struct panel *p)
{
    uint8_t hash[SECRET_HASH_BYTES];
    secret_keyed_hash(hash, p->key, ID_LABEL, "", 0);
    memcpy(p->rule.key, hash, sizeof p->rule.key);
}

static enum err read_key(struct panel *p, const char *path, struct fail *why)
{
    char text[2 * SECRET_TOKEN_CHARS];
    enum err rc = secret_file_read(path, text, sizeof text, why);
    if (rc != ERR_OK)
        return rc;
    text[strcspn(text, "\n")] = '\0';
    if (!secret_from_base64url(p->key, sizeof p->key, text))
        return fail_set(why, ERR_CORRUPT,
                        "%s contains no key; delete it to create a new one: snapshots of before and after "
                        "cannot be compared then",
                        path);
    return ERR_OK;
}

/* Whole or not at all, and never over one that is there. */
static enum err make_key(const char *path, struct fail *why)
{
    char tmp[PANEL_PATH], text[SECRET_TOKEN_CHARS + 2];
    secret_token(text, PANEL_KEY);
    text[SECRET_TOKEN_CHARS] = '\n';
    snprintf(tmp, sizeof tmp, "%s.tmp.%ld", path, (long)getpid());
    int fd = open(tmp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        return fail_errno(why, ERR_IO, "%s", tmp);
    bool written = write(fd, text, SECRET_TOKEN_CHARS + 1) == SECRET_TOKEN_CHARS + 1 && fsync(fd) == 0;
    written = close(fd) == 0 && written;
    bool placed = written && (link(tmp, path) == 0 || errno == EEXIST);
    enum err rc = placed ? ERR_OK : fail_errno(why, ERR_IO, "%s", path);
    unlink(tmp);
    return rc;
}

enum err panel_open(struct panel *p, const char *path, bool make, struct fail *why)
{
    *p = (struct panel){0};
    enum err rc = read_key(p, path, why);
    if (rc == ERR_NOT_FOUND && make) {
        rc = make_key(path, why);
        if (rc == ERR_OK)
            rc = read_key(p, path, why);
    }
    if (rc == ERR_OK)
        name_key(p);
    return rc;
}

void panel_choose(struct panel *p, enum panel_kind kind, size_t people, size_t n)
{
    int shift = SHARE_SHIFT;
    while (n >> shift > PANEL_MOST)
        shift++;
    uint32_t share = n < PANEL_WORTH ? 0 : (uint32_t)1 << (32 - shift);
    p->rule.below[kind] = people == 0 ? UINT32_MAX : share;
}

uint32_t panel_hash(const struct panel *p, enum panel_kind kind, uint32_t person)
{
    const uint32_t who[2] = {kind, person};
    uint8_t hash[SECRET_HASH_BYTES];
    uint32_t out;
    secret_keyed_hash(hash, p->key, PERSON_LABEL, who, sizeof who);
    memcpy(&out, hash, sizeof out);
    return out;
}

bool panel_has(const struct panel_rule *rule, enum panel_kind kind, uint32_t hash)
{
    return hash < rule->below[kind];
}

bool panel_narrow(struct panel_rule *rule, const struct panel_rule *other)
{
    bool same = memcmp(rule->key, other->key, sizeof rule->key) == 0;
    for (int k = 0; k < PANEL_KINDS; k++)
        if (!same || other->below[k] < rule->below[k])
            rule->below[k] = same ? other->below[k] : 0;
    return same;
}

enum err panel_path(const char *dataset, char *out, size_t size, struct fail *why)
{
    size_t n = strlen(dataset);
    int stem = (int)(n > 4 && strcmp(dataset + n - 4, ".mvd") == 0 ? n - 4 : n);
    if (snprintf(out, size, "%.*s.held.mvd", stem, dataset) >= (int)size)
        return fail_set(why, ERR_INVALID, "%.200s…: path too long", dataset);
    return ERR_OK;
}
