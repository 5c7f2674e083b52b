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

/* A number has at most nine digits, whatever it is, and a challenge at most 27 bits, which is read as one and not solved here. */
static void numbers_have_a_most(void)
{
    char challenge[GUEST_CHALLENGE_CHARS], proof[GUEST_PROOF_CHARS], other[GUEST_PROOF_CHARS + 16];
    guest_challenge(&keys, 4, now, challenge);
    proof_make(challenge, proof);
    const char *numbers = proof + strlen(challenge) + 1;
    for (int digits = 9; digits <= 10; digits++) {
        snprintf(other, sizeof other, "%s.%0*ld%s", challenge, digits, atol(numbers),
                 numbers + strcspn(numbers, "."));
        CHECK(check(other, now) == (digits == 9 ? ERR_OK : ERR_UNPROVEN));
    }
    for (long work = 30; work <= 31; work++) {
        uint8_t id[SECRET_HASH_BYTES];
        struct fail why = {0};
        guest_challenge(&keys, work, now, challenge);
        snprintf(other, sizeof other, "%s.0.0.0.0.0.0.0.0", challenge);
        CHECK(guest_proof_check(&keys, now, other, id, &why) == ERR_UNPROVEN);
        CHECK(strstr(why.text, work == 30 ? "is not solved in part 1" : "is not a proof for") != NULL);
    }
}

/* Those who share a network's block are one, by forms for good and as a crowd for a day; nobody else is, and another key knows nothing of it. */
static void networks_are_told_apart_by_block(void)
{
    static const struct {
        const char *network;
        int64_t at;
        bool forms, crowd; /* the same as 192.0.2.1 now */
    } rows[] = {{"192.0.2.1", 0, true, true},   {"192.0.2.200", 0, true, true},
                {"192.0.3.1", 0, false, false}, {"192.0.2.1", 86400, true, false},
                {NULL, 0, false, false},        {"2001:db8::", 0, false, false}};
    struct keyring others = {.n = 1, .keys = {{9}}};
    const struct guest_entry first = {.network = "192.0.2.1", .now = now};
    uint8_t forms[SECRET_HASH_BYTES], again[SECRET_HASH_BYTES];
    guest_forms(&keys, &first, forms);
    int crowd = guest_crowd(&keys, &first);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct guest_entry entry = {.network = rows[i].network, .now = now + rows[i].at};
        guest_forms(&keys, &entry, again);
        CHECK_MSG((memcmp(forms, again, sizeof forms) == 0) == rows[i].forms, "row %zu", i);
        CHECK_MSG((guest_crowd(&keys, &entry) == crowd) == rows[i].crowd, "row %zu", i);
    }
    guest_forms(&others, &first, again);
    CHECK(memcmp(forms, again, sizeof forms) != 0 && guest_crowd(&others, &first) != crowd);
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
    RUN(numbers_have_a_most);
    RUN(networks_are_told_apart_by_block);
    RUN(a_new_key_believes_the_challenges_of_the_old);
    return check_done();
}
