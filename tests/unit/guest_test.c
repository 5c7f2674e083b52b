/* A guest's proof of work: made as a page makes it, and everything that is not one. */
#include <stdlib.h>

#include "auth/guest.h"
#include "fixture/proof.h"
#include "tests/check.h"

static struct keyring keys = {.n = 2};
static const int64_t now = 1795968000;

static enum err check(const char *proof, int64_t at)
{
    struct fail why = {0};
    uint8_t id[SECRET_HASH_BYTES];
    enum err rc = guest_proof_check(&keys, at, proof, id, &why);
    CHECK(rc == ERR_OK || (rc == ERR_UNPROVEN && why.text[0] != '\0'));
    return rc;
}

static void what_was_worked_for_is_believed(void)
{
    char challenge[GUEST_CHALLENGE_CHARS], proof[GUEST_PROOF_CHARS];
    uint8_t ids[2][SECRET_HASH_BYTES];
    struct fail why = {0};
    for (long work = 1; work <= 12; work++) {
        guest_challenge(&keys, work, now, challenge);
        CHECK_INT(atoi(challenge), work > 3 ? work - 3 : 0);
        proof_make(challenge, proof);
        CHECK(check(proof, now) == ERR_OK && check(proof, now + GUEST_SECONDS) == ERR_OK);
        CHECK(check(proof, now + GUEST_SECONDS + 1) == ERR_UNPROVEN);
        CHECK(check(proof, now - GUEST_SECONDS) == ERR_OK);
        CHECK(check(proof, now - GUEST_SECONDS - 1) == ERR_UNPROVEN);
    }
    memset(ids, 0, sizeof ids);
    memset(ids[1], 1, sizeof ids[1]);
    for (int i = 0; i < 2; i++) /* the same proof has the same id */
        CHECK(guest_proof_check(&keys, now, proof, ids[i], &why) == ERR_OK);
    CHECK(memcmp(ids[0], ids[1], sizeof ids[0]) == 0);
    guest_challenge(&keys, 4, now, challenge);
    proof_make(challenge, proof);
    CHECK(guest_proof_check(&keys, now, proof, ids[1], &why) == ERR_OK);
    CHECK(memcmp(ids[0], ids[1], sizeof ids[0]) != 0);
}

/* What tells a program that asks and writes at once from who reads a page first. */
static void the_time_on_the_page_is_known(void)
{
    char challenge[GUEST_CHALLENGE_CHARS], proof[GUEST_PROOF_CHARS];
    guest_challenge(&keys, 4, now, challenge);
    proof_make(challenge, proof);
    static const struct {
        int after, entered;
    } rows[] = {{0, 0}, {9, 9}, {254, 254}, {255, 255}, {1700, 255}, {-3, 0}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        CHECK_INT(guest_entered(&(struct guest_entry){.proof = proof, .work = 4, .now = now + rows[i].after}),
                  rows[i].entered);
    CHECK_INT(guest_entered(&(struct guest_entry){.proof = proof, .now = now + 9}), GUEST_UNTIMED);
    CHECK_INT(guest_entered(&(struct guest_entry){.proof = "", .work = 4, .now = now}), GUEST_UNTIMED);
}

static void what_was_not_is_refused(void)
{
    char challenge[GUEST_CHALLENGE_CHARS], proof[GUEST_PROOF_CHARS], bent[GUEST_PROOF_CHARS + 16];
    guest_challenge(&keys, 11, now, challenge);
    proof_make(challenge, proof);
    for (size_t i = 0; i < strlen(proof); i++) {
        snprintf(bent, sizeof bent, "%s", proof);
        bent[i] = bent[i] == '7' ? '8' : '7';
        /* Another digit of a number may be a solution too, one in 256. */
        if (i <= strlen(challenge)) /* its dot, too: one proof has one spelling */
            CHECK_MSG(check(bent, now) == ERR_UNPROVEN, "%s", bent);
        bent[i] = '\0';
        if (i < strlen(proof) - 1)
            CHECK_MSG(check(bent, now) == ERR_UNPROVEN || i > strlen(proof) - 6, "%s", bent);
    }
    static const char *const ends[] = {".", ".1", " ", "x", ".0.0"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        snprintf(bent, sizeof bent, "%s%s", proof, ends[i]);
        CHECK_MSG(check(bent, now) == ERR_UNPROVEN, "%s", bent);
    }
    CHECK(check("", now) == ERR_UNPROVEN && check("0.0..", now) == ERR_UNPROVEN);
    struct keyring others = keys;
    others.keys[0][0] ^= 1;
    others.keys[1][0] ^= 1;
    guest_challenge(&others, 1, now, challenge);
    proof_make(challenge, proof);
    CHECK(check(proof, now) == ERR_UNPROVEN);
}

static void a_new_key_believes_the_challenges_of_the_old(void)
{
    char challenge[GUEST_CHALLENGE_CHARS], proof[GUEST_PROOF_CHARS];
    struct keyring old = {.n = 1};
    memcpy(old.keys[0], keys.keys[1], sizeof old.keys[0]);
    guest_challenge(&old, 5, now, challenge);
    proof_make(challenge, proof);
    CHECK(check(proof, now) == ERR_OK);
}

int main(void)
{
    if (secret_init() != ERR_OK)
        return 2;
    for (int i = 0; i < 32; i++) {
        keys.keys[0][i] = (uint8_t)i;
        keys.keys[1][i] = (uint8_t)(100 + i);
    }
    RUN(what_was_worked_for_is_believed);
    RUN(the_time_on_the_page_is_known);
    RUN(what_was_not_is_refused);
    RUN(a_new_key_believes_the_challenges_of_the_old);
    return check_done();
}
