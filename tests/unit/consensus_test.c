/* What votes say together: few say little, and a majority is one only when it is more than chance. */
#include "domain/consensus.h"
#include "tests/check.h"

static struct consensus of(int64_t first, int64_t second, int64_t third)
{
    struct consensus_votes votes = {.count = first + second + third};
    votes.mbti[9] = first;
    votes.mbti[4] = second;
    votes.mbti[15] = third;
    return consensus_of(&votes);
}

static void nobody_has_voted(void)
{
    struct consensus c = of(0, 0, 0);
    CHECK_INT(c.mbti, MBTI_NONE);
    CHECK(c.agreement == 0);
    CHECK_STR(consensus_label_name(c.label), "provisional");
}

/* The paper's formula, evaluated apart from this code. */
static void agreement_is_wilsons_lower_limit(void)
{
    CHECK_NEAR(of(1, 0, 0).agreement, 0.2065493, 1e-6);
    CHECK_NEAR(of(5, 0, 0).agreement, 0.5655175, 1e-6);
    CHECK_NEAR(of(9, 1, 0).agreement, 0.5958500, 1e-6);
    CHECK_NEAR(of(60, 20, 20).agreement, 0.5020026, 1e-6);
    CHECK(of(900, 100, 0).agreement > of(90, 10, 0).agreement);
}

static void labels(void)
{
    CHECK_STR(consensus_label_name(of(4, 0, 0).label), "provisional");
    CHECK_STR(consensus_label_name(of(5, 0, 0).label), "agreed");
    CHECK_STR(consensus_label_name(of(4, 1, 0).label), "contested");
    CHECK_STR(consensus_label_name(of(60, 20, 20).label), "agreed");
    CHECK_STR(consensus_label_name(of(59, 20, 21).label), "contested");
}

static void of_equals_the_first_leads(void)
{
    CHECK_INT(of(3, 3, 3).mbti, 4);
    CHECK_INT(of(3, 2, 3).mbti, 9);
}

int main(void)
{
    RUN(nobody_has_voted);
    RUN(agreement_is_wilsons_lower_limit);
    RUN(labels);
    RUN(of_equals_the_first_leads);
    return check_done();
}
