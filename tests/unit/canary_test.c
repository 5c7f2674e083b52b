/* Whether a snapshot is called worse on the host that has it first: rightly where it is, and seldom where it is not. */
#include "findings/canary.h"
#include "tests/check.h"

#include "base/rng.h"
#include "metrics/metrics_told.h"

static char said[CANARY_SENTENCE];

static enum canary_verdict judge(struct canary_side first, struct canary_side others)
{
    return canary_judge(&first, &others, said);
}

static void known_answers(void)
{
    struct canary_side none = {0}, usual = {.visitors = 3000, .opened = 900};
    CHECK(judge(none, none) == CANARY_EARLY);
    CHECK(judge((struct canary_side){.visitors = 99, .opened = 0}, usual) == CANARY_EARLY);
    CHECK_MSG(strstr(said, "visitors: 99 on the host that had it first and 3000 on the others") != NULL, "%s",
              said);
    CHECK(judge((struct canary_side){.visitors = 1000, .opened = 300}, usual) == CANARY_FINE);
    CHECK(judge((struct canary_side){.visitors = 1000, .opened = 400}, usual) == CANARY_FINE); /* better */
    CHECK(judge((struct canary_side){.visitors = 1000, .opened = 220}, usual) == CANARY_WORSE);
    CHECK_MSG(
        strstr(said,
               "visitors who opened something: 22.00 % of 1000 on the host that had it first, 30.00 % of "
               "3000 on the others, a difference of -8.00") != NULL,
        "%s", said);
    CHECK(judge((struct canary_side){.visitors = 1000, .opened = 285}, usual) ==
          CANARY_FINE); /* may be chance */
}

static void requests_that_fail(void)
{
    struct canary_side others = {.visitors = 3000, .opened = 900, .requests = 60000, .failed = 60};
    struct canary_side first = {.visitors = 1000, .opened = 300, .requests = 20000, .failed = 20};
    CHECK(judge(first, others) == CANARY_FINE);
    first.failed = 400;
    CHECK(judge(first, others) == CANARY_WORSE);
    CHECK_MSG(strstr(said, "requests that failed: 2.00 % of 20000") != NULL, "%s", said);
    first.failed = 80; /* four times as many, surely, and yet one of 250 */
    CHECK(judge(first, others) == CANARY_FINE);
    others.failed = 1200; /* the database is away: everybody fails */
    first.failed = 400;
    CHECK(judge(first, others) == CANARY_FINE);
    first.visitors = first.opened = 0; /* nobody agreed to be counted */
    others.failed = 60;
    CHECK(judge(first, others) == CANARY_WORSE);
    first.failed = 20;
    CHECK(judge(first, others) == CANARY_FINE);
}

/* A window of so many looks, with some visitors between each; whether the snapshot was withdrawn at one of them. */
static bool is_withdrawn(struct rng *r, int rate, int rate_of_first)
{
    enum { LOOKS = 30, A_LOOK = 20 };
    struct canary_side first = {0}, others = {0};
    for (int i = 0; i < LOOKS; i++) {
        for (int v = 0; v < A_LOOK; v++) {
            first.opened += rng_below(r, 100) < (uint64_t)rate_of_first;
            others.opened += rng_below(r, 100) < (uint64_t)rate;
        }
        first.visitors += A_LOOK;
        others.visitors += A_LOOK;
        if (judge(first, others) == CANARY_WORSE)
            return true;
    }
    return false;
}

static int withdrawn_of_500(int rate, int rate_of_first)
{
    struct rng r;
    int n = 0;
    rng_seed(&r, 2026);
    for (int i = 0; i < 500; i++)
        n += is_withdrawn(&r, rate, rate_of_first);
    return n;
}

/* Looked at every minute of half an hour. */
static void the_worse_goes_and_the_equal_stays(void)
{
    for (int rate = 10; rate <= 50; rate += 20)
        CHECK_MSG(withdrawn_of_500(rate, rate) <= 25, "%d %%: %d", rate, withdrawn_of_500(rate, rate));
    CHECK_INT(withdrawn_of_500(30, 40), 0);
    CHECK(withdrawn_of_500(40, 20) >= 475);
}

static void what_hosts_tell(void)
{
    struct metrics_told t;
    static const char text[] = "# HELP mvti_http_requests_total Requests\n"
                               "mvti_http_requests_total{pool=\"main\",route=\"/\",code=\"200\"} 120\n"
                               "mvti_http_requests_total{pool=\"main\",route=\"/\",code=\"503\"} 3\n"
                               "mvti_http_requests_total{pool=\"main\",route=\"/x\",code=\"404\"} 5\n"
                               "mvti_http_requests_total{pool=\"main\",route=\"/readyz\",code=\"503\"} 7\n"
                               "mvti_http_requests_total{pool=\"main\",route=\"/healthz\",code=\"200\"} 9\n"
                               "mvti_http_requests_total{code=\"500\"} NaN\n"
                               "mvti_http_requests_total{code=\"500\"} -1\n"
                               "mvti_http_requests_total 50\n"
                               "mvti_http_request_duration_seconds_count{code=\"500\"} 4\n"
                               "mvti_worker_snapshot{pool=\"main\",id=\"0123456789abcdef\"} 2\n"
                               "mvti_worker_snapshot{pool=\"main\",id=\"00000000000000ff\"} 0\n";
    metrics_told(&t, text, "0123456789abcdef");
    CHECK_INT(t.requests, 128);
    CHECK_INT(t.failed, 3);
    CHECK(t.serves);
    metrics_told(&t, text, "00000000000000ff");
    CHECK(!t.serves);
    metrics_told(&t, "", "0123456789abcdef");
    CHECK(t.requests == 0 && t.failed == 0 && !t.serves);
}

int main(void)
{
    RUN(known_answers);
    RUN(requests_that_fail);
    RUN(the_worse_goes_and_the_equal_stays);
    RUN(what_hosts_tell);
    return check_done();
}
