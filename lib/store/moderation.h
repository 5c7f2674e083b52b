/* Who votes much and on whom, of the last days, for the owner to judge; and one visitor. */
#ifndef MVTI_STORE_MODERATION_H
#define MVTI_STORE_MODERATION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "store/db.h"

enum { MODERATION_DAYS = 7, MODERATION_MOST = 30, MODERATION_TESTS = 20 };

struct moderation_voter {
    int64_t visitor_id, votes;
    int64_t account, last; /* seconds since 1970 UTC: since when there is the account; the last vote */
    bool banned;
};
struct moderation_character {
    int32_t character_id;
    int64_t votes;  /* of the last days */
    int64_t fresh;  /* of these, by accounts that were younger than a day */
    char mbti[5];   /* that most of them say */
    int64_t agreed; /* how many say that */
};
struct moderation_votes {
    struct moderation_voter *voters; /* [n_voters], most votes first, in the arena */
    struct moderation_character
        *characters; /* [n_characters], most votes of fresh accounts first, in the arena */
    size_t n_voters, n_characters;
};

/* Of the last MODERATION_DAYS days. Cost: the votes of those days. */
MUST_USE enum err moderation_votes(struct db *db, struct arena *a, struct moderation_votes *out,
                                   struct fail *why);

struct moderation_person {
    int64_t visitor_id, created, account, banned; /* times; account, banned 0: none */
    bool counted;                                 /* visitor.counted */
    int64_t n_tests, n_likes, n_votes;
    int64_t tests[MODERATION_TESTS]; /* [n_newest] numbers of the newest */
    size_t n_newest;
};
/* ERR_NOT_FOUND. */
MUST_USE enum err moderation_person(struct db *db, int64_t visitor_id, struct moderation_person *out,
                                    struct fail *why);

#endif
