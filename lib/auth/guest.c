#include "auth/guest.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "web/network.h"

#define CHALLENGE_LABEL "mvti guest challenge"
#define PROOF_LABEL "mvti guest proof"
#define CROWD_LABEL "mvti crowd"
#define FORMS_LABEL "mvti forms"

enum { PARTS_BITS = 3, NUMBER_DIGITS = 9, BITS_MOST = 27 };

/* GUEST_PARTS = 2^PARTS_BITS puzzles of 2^(work − PARTS_BITS) hashes each: the work of one of 2^work, with a far smaller spread,
 * so that nobody waits long by bad luck. */
void guest_challenge(const struct keyring *keys, long work, int64_t now, char out[GUEST_CHALLENGE_CHARS])
{
    char random[SHARE_TOKEN_CHARS + 1], mac[SECRET_TOKEN_CHARS + 1],
        text[GUEST_CHALLENGE_CHARS - SECRET_TOKEN_CHARS - 1];
    secret_token(random, SHARE_TOKEN_BYTES);
    snprintf(text, sizeof text, "%ld.%" PRId64 ".%s", work > PARTS_BITS ? work - PARTS_BITS : 0, now, random);
    keyring_token(keys, 0, CHALLENGE_LABEL, text, mac);
    snprintf(out, GUEST_CHALLENGE_CHARS, "%s.%s", text, mac);
}

/* Digits up to a dot or the end; moves *s behind them and the dot. */
static bool read_number(const char **s, size_t digits, int64_t *out)
{
    size_t n = strspn(*s, "0123456789");
    if (n == 0 || n > digits || ((*s)[n] != '.' && (*s)[n] != '\0'))
        return false;
    *out = strtoll(*s, NULL, 10);
    *s += n + ((*s)[n] == '.');
    return true;
}

/* Hashcash (Back 2002): found after 2^bits hashes on average, checked with one. */
static bool begins_with_zeros(const uint8_t hash[SECRET_HASH_BYTES], int64_t bits)
{
    for (int64_t i = 0; i < bits; i++)
        if ((hash[i / 8] >> (7 - i % 8) & 1) != 0)
            return false;
    return true;
}

static bool is_solved(const char *mac, int part, int64_t number, int64_t bits)
{
    uint8_t hash[SECRET_HASH_BYTES];
    char text[SECRET_TOKEN_CHARS + 32];
    int n = snprintf(text, sizeof text, "%.*s:%d:%" PRId64, SECRET_TOKEN_CHARS, mac, part, number);
    secret_sha256(hash, text, (size_t)n);
    return begins_with_zeros(hash, bits);
}

struct challenge {
    char text[GUEST_CHALLENGE_CHARS], mac[SECRET_TOKEN_CHARS + 1];
    int64_t bits, made;
    const char *numbers; /* what follows it in the proof */
};

static bool read_challenge(const char *proof, struct challenge *c)
{
    const char *s = proof;
    if (strlen(proof) >= GUEST_PROOF_CHARS || !read_number(&s, 2, &c->bits) || c->bits > BITS_MOST ||
        !read_number(&s, 12, &c->made))
        return false;
    const char *mac = s + SHARE_TOKEN_CHARS + 1;
    if (strnlen(s, SHARE_TOKEN_CHARS + 1) <= SHARE_TOKEN_CHARS || mac[-1] != '.' ||
        strnlen(mac, SECRET_TOKEN_CHARS + 1) <= SECRET_TOKEN_CHARS || mac[SECRET_TOKEN_CHARS] != '.')
        return false;
    snprintf(c->text, sizeof c->text, "%.*s", (int)(mac - 1 - proof), proof);
    snprintf(c->mac, sizeof c->mac, "%.*s", SECRET_TOKEN_CHARS, mac);
    c->numbers = mac + SECRET_TOKEN_CHARS + 1;
    return true;
}

enum err guest_proof_check(const struct keyring *keys, int64_t now, const char *proof,
                           uint8_t id[SECRET_HASH_BYTES], struct fail *why)
{
    struct challenge c;
    if (*proof == '\0')
        return fail_set(why, ERR_UNPROVEN, "a new visitor's first write needs a proof of work");
    if (!read_challenge(proof, &c) || !keyring_token_valid(keys, CHALLENGE_LABEL, c.text, c.mac))
        return fail_set(why, ERR_UNPROVEN, "is not a proof for a challenge of this site");
    if (now - c.made > GUEST_SECONDS || c.made - now > GUEST_SECONDS)
        return fail_set(why, ERR_UNPROVEN, "is older than %d minutes", GUEST_SECONDS / 60);
    const char *s = c.numbers;
    for (int part = 0; part < GUEST_PARTS; part++) {
        int64_t number;
        if (!read_number(&s, NUMBER_DIGITS, &number) || !is_solved(c.mac, part, number, c.bits))
            return fail_set(why, ERR_UNPROVEN, "is not solved in part %d of %d", part + 1, GUEST_PARTS);
    }
    if (*s != '\0' || s[-1] == '.')
        return fail_set(why, ERR_UNPROVEN, "has more than %d numbers", GUEST_PARTS);
    keyring_hash(keys, 0, PROOF_LABEL, c.mac, SECRET_TOKEN_CHARS, id);
    return ERR_OK;
}

int guest_entered(const struct guest_entry *entry)
{
    struct challenge c;
    if (entry->work == 0 || (entry->ticket == NULL && !read_challenge(entry->proof, &c)))
        return GUEST_UNTIMED;
    int64_t seconds = entry->ticket != NULL ? entry->ticket_age
                      : entry->now > c.made ? entry->now - c.made
                                            : 0;
    return seconds < GUEST_ENTERED_MOST ? (int)seconds : GUEST_ENTERED_MOST;
}

void guest_forms(const struct keyring *keys, const struct guest_entry *entry, uint8_t out[SECRET_HASH_BYTES])
{
    char block[NETWORK_CHARS];
    network_block(entry->network != NULL ? entry->network : "", block);
    keyring_hash(keys, 0, FORMS_LABEL, block, strlen(block), out);
}

int guest_crowd(const struct keyring *keys, const struct guest_entry *entry)
{
    uint8_t hash[SECRET_HASH_BYTES];
    char block[NETWORK_CHARS], text[NETWORK_CHARS + 24];
    network_block(entry->network != NULL ? entry->network : "", block);
    int n = snprintf(text, sizeof text, "%s %" PRId64, block, entry->now / 86400);
    keyring_hash(keys, 0, CROWD_LABEL, text, (size_t)n, hash);
    return hash[0] | hash[1] << 8;
}
