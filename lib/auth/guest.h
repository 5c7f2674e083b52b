/* Who becomes a new guest: a browser that has loaded a page of ours and worked a moment for it.
 *
 * Without this any write without a cookie would make a visitor of its own, and one script as many voices as
 * it likes. An answer to somebody without a session carries a challenge; the first write carries it back with
 * a proof of work (www/js/proof.js). Nothing is kept for a challenge: the MAC tells that it is ours and how
 * old, and it is bound to nobody. Its hash is stored when it is used, so that one proof makes one guest.
 *
 *     challenge  BITS.TIME.RANDOM.MAC      TIME in seconds since 1970 UTC, MAC over what stands before it
 *     proof      CHALLENGE.N0.N1. … .N7    SHA-256 of "MAC:i:Ni" begins with BITS zero bits, for each i
 *
 * Eight small searches take as long as one of 2^(BITS+3) hashes, and never much longer than that. 2^15
 * hashes, the default, take a phone's script about half a second, and a native program a few milliseconds:
 * work alone stops nobody who means it. What 500 faces of one script reach, then:
 * - without the work, nothing: they are refused and leave no row;
 * - with it, 500 · 2^15 hashes are seconds of one core, but a network (web/network.h) makes at most
 *   400 guests in ten minutes (app/limits.h), enough for a school that comes at once;
 * - of them, the likes of the first `guest_counted` of a network and day count where everybody sees them, and
 *   those only after a completed test; the others' when they have signed in. So 500 faces move a counter as
 *   much as 40 people do, and for more somebody needs another network for each 40, or an account at a
 * provider for each one. */
#ifndef MVTI_AUTH_GUEST_H
#define MVTI_AUTH_GUEST_H

#include <stdbool.h>
#include <stdint.h>

#include "auth/keyring.h"

enum {
    GUEST_PARTS = 8,
    GUEST_SECONDS = 1800, /* that a challenge is good for: a test is taken meanwhile */
    GUEST_CHALLENGE_CHARS = 96,
    GUEST_PROOF_CHARS = 256,
    GUEST_ENTERED_MOST = 255,
    GUEST_UNTIMED = -1
};

/* How a request may become a guest; part of its session. */
struct guest_entry {
    const char *proof; /* as sent, "" without */
    const char
        *ticket; /* that a plain form came with, checked (auth/ticket.h), in place of a proof; NULL: none */
    int64_t ticket_age;  /* seconds */
    const char *network; /* of the address that asks */
    long work;           /* setting guest_work; 0: none is asked for */
    long counted;        /* setting guest_counted */
    bool limited;        /* how many of a network may come is limited */
    int64_t now;         /* seconds since 1970 UTC */
};

/* 2^work hashes are expected; work is 1 to 30. */
void guest_challenge(const struct keyring *keys, long work, int64_t now, char out[GUEST_CHALLENGE_CHARS]);
/* Whether a proof is one, of a challenge under any key that is not older than GUEST_SECONDS. *id: its hash
 * under the newest. ERR_UNPROVEN says what is wrong with it. */
MUST_USE enum err guest_proof_check(const struct keyring *keys, int64_t now, const char *proof,
                                    uint8_t id[SECRET_HASH_BYTES], struct fail *why);

/* Whose guests by plain forms are counted together: a keyed hash of who asks' network block. */
void guest_forms(const struct keyring *keys, const struct guest_entry *entry, uint8_t out[SECRET_HASH_BYTES]);

/* Seconds since the challenge that is proven, or the ticket, was given, GUEST_ENTERED_MOST at most;
 * GUEST_UNTIMED: no work is asked for, or no challenge is read. Its MAC is not checked here. */
int guest_entered(const struct guest_entry *entry);

/* Of who asks, the number that tests of one network block share on one day (store/visitor_quiz.h): two bytes of
 * a keyed hash, so that 65,536 networks share each and not even the key tells which it was. */
int guest_crowd(const struct keyring *keys, const struct guest_entry *entry);

#endif
