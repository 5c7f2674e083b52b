#include "publish/typing.h"

#include <stdlib.h>

#include "store/visitor_vote.h"

static int64_t sum(const int64_t *votes, size_t n)
{
    int64_t all = 0;
    for (size_t i = 0; i < n; i++)
        all += votes[i];
    return all;
}

/* The type of n that is published: what the source says (weight votes) or what votes[n] say. */
static size_t decided(size_t source, int64_t weight, const int64_t *votes, size_t n)
{
    size_t first = consensus_leading(votes, n);
    int64_t all = sum(votes, n);
    bool more = votes[first] > weight + (source < n ? votes[source] : 0);
    return more && all >= CONSENSUS_FEW && consensus_agreement(votes[first], all) >= 0.5 ? first : source;
}

/* −1 stays −1 where the editors' type does: nobody but they have decided on it. */
static int64_t votes_for(const struct catalog_character *c, uint8_t mbti, const struct consensus_votes *votes)
{
    if (mbti != c->mbti)
        return votes->mbti[mbti];
    return c->votes < 0 ? -1 : c->votes + votes->mbti[mbti];
}

bool typing_of(struct catalog_character *c, const struct consensus_votes *votes)
{
    int64_t weight = c->votes < 0 ? TYPING_EDITORIAL : c->votes;
    uint8_t mbti = (uint8_t)decided(c->mbti, weight, votes->mbti, MBTI_COUNT);
    uint8_t enneagram = (uint8_t)decided(c->enneagram, weight, votes->enneagram, ENNEAGRAM_COUNT);
    bool changed = mbti != c->mbti || enneagram != c->enneagram;
    c->votes = votes_for(c, mbti, votes);
    c->mbti = mbti;
    c->enneagram = enneagram;
    return changed;
}

struct work {
    struct catalog *catalog;
    struct typing_tally *tally;
};

static void one(void *arg, int32_t character_id, const struct consensus_votes *votes)
{
    struct work *w = arg;
    struct catalog_character *c = catalog_find_character(w->catalog, character_id);
    if (c == NULL)
        return;
    w->tally->voted++;
    w->tally->changed += typing_of(c, votes);
}

enum err typing_apply(struct db *db, struct catalog *catalog, struct typing_tally *out, struct fail *why)
{
    struct work w = {catalog, out};
    *out = (struct typing_tally){0};
    return visitor_vote_totals(db, one, &w, why);
}
