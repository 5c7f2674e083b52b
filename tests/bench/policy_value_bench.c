/* policy_value_bench FILE [CLIP]: what another policy would have earned, by every estimator, from lines "logged wanted reward guess value": one
 * JSON object, to be held beside somebody else's estimates of the same lines. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "stats/policy_value.h"

static void print(const struct policy_value *p, enum policy_value_kind kind)
{
    struct policy_value_estimate e;
    if (policy_value_estimate(p, kind, &e, NULL) == ERR_OK)
        printf("\"%s\":{\"value\":%.17g,\"low\":%.17g,\"high\":%.17g},", policy_value_name(kind), e.value,
               e.low, e.high);
}

int main(int argc, char **argv)
{
    static struct policy_value p;
    struct policy_value_row row = {0};
    FILE *f = argc > 1 ? fopen(argv[1], "r") : NULL;
    if (f == NULL) {
        fprintf(stderr, "usage: policy_value_bench FILE [CLIP]\n");
        return 64;
    }
    p.clip = argc > 2 ? strtod(argv[2], NULL) : 0;
    while (fscanf(f, "%lf %lf %lf %lf %lf", &row.logged, &row.wanted, &row.reward, &row.guess, &row.value) ==
           5) {
        row.visitor++;
        policy_value_add(&p, &row);
    }
    fclose(f);
    struct fail why = {0};
    printf("{");
    for (int kind = 0; kind < POLICY_VALUE_KINDS; kind++)
        print(&p, (enum policy_value_kind)kind);
    bool refused = policy_value_check(&p, &why) != ERR_OK;
    printf("\"lines\":%lld,\"rows\":%.17g,\"rewards\":%.17g,\"support\":%.17g,\"clipped\":%lld,\"refused\":%"
           "s}\n",
           (long long)row.visitor, policy_value_rows(&p), policy_value_rewards(&p), policy_value_support(&p),
           (long long)p.clipped, refused ? "true" : "false");
    if (refused)
        fprintf(stderr, "refused: %s\n", why.text);
    return 0;
}
