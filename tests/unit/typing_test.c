/* publish/typing: when visitors' votes give a character another type than the catalog's source. */
#include "publish/typing.h"
#include "store/visitor_vote.h"
#include "tests/check.h"

enum { ISFP = 1, INTJ = 2, W4 = 6, W9 = 16 };

static struct consensus_votes votes(int64_t first, int64_t second)
{
    struct consensus_votes v = {.count = first + second};
    v.mbti[INTJ] = first;
    v.mbti[ISFP] = second;
    return v;
}

/* A character that the source calls ISFP with that many votes. */
static struct catalog_character source(int64_t n)
{
    struct catalog_character c = catalog_character_unknown;
    c.mbti = ISFP;
    c.enneagram = W4;
    c.votes = n;
    return c;
}

static void check(int64_t n, int64_t for_other, int64_t for_source, uint8_t mbti, int64_t published)
{
    struct catalog_character c = source(n);
    struct consensus_votes v = votes(for_other, for_source);
    bool changed = typing_of(&c, &v);
    CHECK_MSG(c.mbti == mbti && c.votes == published && changed == (mbti != ISFP),
              "source %lld, %lld against %lld: type %u with %lld", (long long)n, (long long)for_other,
              (long long)for_source, c.mbti, (long long)c.votes);
    CHECK_INT(c.enneagram, W4);
}

static void the_sources_votes_weigh_as_many(void)
{
    check(10, 10, 0, ISFP, 10);
    check(10, 11, 0, INTJ, 11);
    check(1000, 900, 0, ISFP, 1000);
    check(0, 4, 0, ISFP, 0); /* four of four may be chance */
    check(0, 5, 0, INTJ, 5);
    check(10, 0, 0, ISFP, 10);
}

static void an_editorial_type_weighs_fifty(void)
{
    check(-1, TYPING_EDITORIAL, 0, ISFP, -1);
    check(-1, TYPING_EDITORIAL + 1, 0, INTJ, TYPING_EDITORIAL + 1);
    check(-1, 0, 30, ISFP, -1); /* agreed with, it stays the editors' */
}

static void votes_for_the_sources_type_count_for_it(void)
{
    check(10, 15, 6, ISFP, 16);
    check(10, 0, 7, ISFP, 17);
    /* More than the source, and not half of all who would vote: a quarrel. */
    check(3, 12, 8, ISFP, 11);
    check(3, 120, 60, INTJ, 120);
}

static void the_enneagram_type_goes_by_the_same_rule(void)
{
    struct catalog_character c = source(20);
    struct consensus_votes v = votes(0, 40);
    v.enneagram[W9] = 20;
    CHECK(!typing_of(&c, &v) && c.enneagram == W4);
    c = source(20);
    v.enneagram[W9] = 21;
    CHECK(typing_of(&c, &v) && c.enneagram == W9 && c.mbti == ISFP);
}

int main(void)
{
    RUN(the_sources_votes_weigh_as_many);
    RUN(an_editorial_type_weighs_fifty);
    RUN(votes_for_the_sources_type_count_for_it);
    RUN(the_enneagram_type_goes_by_the_same_rule);
    return check_done();
}
