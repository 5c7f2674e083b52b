/* The snapshot that is live and a new one on the same people, who are known to neither.
 *
 * The people are those of the panel (data/panel.h) whom both were held out of: below the bounds of all their
 * models that learnt from likes. They are known as visitors are: of a person's n films the site still has,
 * n/2 are given, at least CHAMPION_GIVEN_LEAST and at most CHAMPION_GIVEN_MOST, drawn from the person's own
 * hash, so that they are the same every night; the others are to be found among all films of a snapshot.
 * Both are scored exactly as workers score, but without the forest. NDCG@10 (num/metric.h) decides, by a
 * paired interval (num/paired.h):
 *
 *   CHAMPION_WORSE   the whole interval is more than `margin` below 0
 *   CHAMPION_BETTER  the whole interval is more than `margin` above 0
 *   CHAMPION_SAME    otherwise
 *   CHAMPION_UNKNOWN nothing could be compared; `reason` says why
 *
 * A new one that does not say whom its models learnt from (factors that were trained elsewhere) may have learnt from these people, which can
 * only make it look better: it is compared on all of them, and the answer is CHAMPION_WORSE or CHAMPION_UNKNOWN.
 *
 * Where the live one has seen the people, the new one is at least compared with no model at all, the best
 * known films for everybody, and CHAMPION_WORSE if it is worse than that; `ndcg` is empty then.
 *
 * The interval is of what other people would change, the margin of what training with another seed does, which
 * more people do not make smaller.
 *
 * Visitors decide alone where there are CHAMPION_ENOUGH of them, for the site is made for them; else
 * everybody together. At most PANEL_MOST people of a kind are looked at. */
#ifndef MVTI_PUBLISH_CHAMPION_H
#define MVTI_PUBLISH_CHAMPION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/progress.h"
#include "data/panel.h"
#include "model/snapshot.h"
#include "num/paired.h"

enum {
    CHAMPION_GIVEN_LEAST = 3,
    CHAMPION_GIVEN_MOST = 10,
    CHAMPION_LEAST = 20, /* people, for any comparison */
    CHAMPION_ENOUGH = 200,
    CHAMPION_CUT = 10
};

enum champion_decision {
    CHAMPION_UNKNOWN,
    CHAMPION_WORSE,
    CHAMPION_SAME,
    CHAMPION_BETTER,
};

enum champion_people { CHAMPION_VISITORS = PANEL_VISITORS, CHAMPION_RATINGS = PANEL_RATINGS, CHAMPION_ALL };

struct champion_verdict {
    enum champion_decision decision;
    enum champion_people by;              /* who decided, unless unknown */
    struct paired ndcg[CHAMPION_ALL + 1]; /* before: the live one; after: the new one */
    uint8_t held[SECTION_HASH];           /* content of the dataset of the panel */
    char reason[400];                     /* a sentence for operators */
};

struct champion_task {
    const struct snapshot *live, *fresh;
    const char *key;     /* path of the panel's key */
    const char *dataset; /* path of the dataset of the panel */
    double margin;       /* of NDCG@10, 0.01 is one point */
    const struct progress *progress;
};

/* "better", "same", "worse", "unknown". */
const char *champion_decision_name(enum champion_decision decision);
/* "visitors", "ratings", "all". */
const char *champion_people_name(enum champion_people people);
/* What cannot be read (no panel yet, a key or dataset that is damaged) is CHAMPION_UNKNOWN, not an error.
 * ERR_NOMEM. Cost: twice 2 × PANEL_MOST scorings of every film at most, on all cores. */
MUST_USE enum err champion_judge(const struct champion_task *task, struct champion_verdict *out,
                                 struct fail *why);

#endif
