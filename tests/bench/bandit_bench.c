/* bandit_bench FLOOR BATCH SEED: plays the bandit on a stream from stdin, "rounds arms" and then a line of 0
 * and 1 for each round, what each arm would
 * have earned: prints how often each arm was chosen. Weights are made anew after every BATCH rounds, as `mvti experiment refresh` does. */
#include <stdio.h>
#include <stdlib.h>

#include "base/rng.h"
#include "experiment/bandit.h"

static size_t choose(const double *weights, size_t n, struct rng *r)
{
    double u = rng_unit(r);
    size_t i = 0;
    while (i + 1 < n && u >= weights[i])
        u -= weights[i++];
    return i;
}

int main(int argc, char **argv)
{
    struct bandit_arm arms[BANDIT_ARMS] = {{0}};
    double weights[BANDIT_ARMS];
    size_t rounds, n;
    struct rng r;
    if (argc != 4 || scanf("%zu %zu", &rounds, &n) != 2 || n > BANDIT_ARMS) {
        fprintf(stderr, "usage: bandit_bench FLOOR BATCH SEED <STREAM\n");
        return 64;
    }
    const double least = strtod(argv[1], NULL);
    const size_t batch = strtoul(argv[2], NULL, 10);
    rng_seed(&r, strtoul(argv[3], NULL, 10));
    for (size_t t = 0; t < rounds; t++) {
        if (t % batch == 0)
            bandit_weights(arms, n, least, &r, weights);
        size_t chosen = choose(weights, n, &r);
        for (size_t i = 0; i < n; i++) {
            int reward;
            if (scanf("%d", &reward) != 1)
                return 65;
            if (i == chosen) {
                arms[i].views++;
                arms[i].wins += reward;
            }
        }
    }
    for (size_t i = 0; i < n; i++)
        printf("%lld%s", (long long)arms[i].views, i + 1 < n ? " " : "\n");
    return 0;
}
