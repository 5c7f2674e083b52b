/* Which type a character is published with, where the catalog's source says one and this site's voters another.
 *
 * The source's type weighs as many votes as the source counted, an editorial one TYPING_EDITORIAL. Another type takes its place when this
 * site's votes for it are more than that weight and the votes for the source's type together, and at least half of all who would vote are for
 * it (domain/consensus.h; CONSENSUS_FEW votes at least). So whoever pushes a type needs an account for each
 * vote of the source, and one who only joins a quarrel moves nothing. Votes for the published type add to its
 * count, and so to the confidence in it. The Enneagram type goes by the same rule. */
#ifndef MVTI_PUBLISH_TYPING_H
#define MVTI_PUBLISH_TYPING_H

#include "domain/consensus.h"
#include "store/catalog.h"

enum { TYPING_EDITORIAL = 50 };

struct typing_tally {
    size_t voted;   /* characters with votes of visitors */
    size_t changed; /* those whose type or Enneagram type is another now */
};

/* Gives the characters of the catalog, in place, what visitors' votes make of them. Errors of the database. */
MUST_USE enum err typing_apply(struct db *db, struct catalog *catalog, struct typing_tally *out,
                               struct fail *why);
/* The same of one character. True if a type changed. */
bool typing_of(struct catalog_character *c, const struct consensus_votes *votes);

#endif
