/* What was live when, and why: tables publication, publication_score and snapshot_model. A snapshot leads by
 * its models' hashes to the runs that wrote them (store/training_run.h), and these to their datasets. */
#ifndef MVTI_STORE_PUBLICATION_H
#define MVTI_STORE_PUBLICATION_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "store/db.h"

enum { PUBLICATION_WORD = 9, PUBLICATION_ID = 65, PUBLICATION_SCORES = 3, PUBLICATION_REASON = 500 };

struct publication_score {
    char people[PUBLICATION_WORD]; /* "visitors", "ratings", "all" */
    int64_t n_people;
    double live, fresh, difference, low, high; /* NDCG@10 */
};

/* One step. Words as the table's comments say; "" is NULL. */
struct publication {
    int64_t id;         /* given by the database */
    int64_t decided_ms; /* since 1970 UTC */
    char action[PUBLICATION_WORD], outcome[PUBLICATION_WORD];
    char snapshot[PUBLICATION_ID], was_live[PUBLICATION_ID];
    char decision[PUBLICATION_WORD], decided_by[PUBLICATION_WORD];
    char held_hash[PUBLICATION_ID];
    const char *reason;
    struct publication_score scores[PUBLICATION_SCORES];
    size_t n_scores;
};

/* A model file that went into a snapshot. */
struct publication_model {
    char model_hash[PUBLICATION_ID], dataset_hash[PUBLICATION_ID];
    char kind[32];
    double weight; /* NaN: the ensemble itself, or no part of it */
};

/* Stores a step with its scores, and what the snapshot is made of (n = 0: known already). A snapshot that is
 * live from here on is marked at the runs that made its models. One transaction. */
MUST_USE enum err publication_store(struct db *db, const struct publication *p,
                                    const struct publication_model *models, size_t n, struct fail *why);
/* The snapshot that the last step left live, "" if there was none. */
MUST_USE enum err publication_live(struct db *db, char snapshot[PUBLICATION_ID], struct fail *why);
/* The newest steps, newest first, at most `most`, with their scores, in the arena. */
MUST_USE enum err publication_list(struct db *db, struct arena *a, size_t most, struct publication **out,
                                   size_t *n, struct fail *why);

/* Where a model of a snapshot comes from. */
struct publication_origin {
    struct publication_model model;
    int64_t run_id, trained; /* seconds since 1970 UTC, its end; 0: no run is known */
};
struct publication_origins {
    struct publication_origin *items; /* [n], in the arena */
    size_t n;
};
/* The models of a snapshot, those of most weight first. */
MUST_USE enum err publication_origins(struct db *db, const char *snapshot, struct arena *a,
                                      struct publication_origins *out, struct fail *why);

#endif
