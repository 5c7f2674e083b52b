/* looking_bench [RUNS]: simulated experiments that are looked at after every visitor, as rows of a table: of RUNS (2,000) each, how many end
 * with which word. The last column is for whoever decides how long an experiment takes. */
#include <stdio.h>
#include <stdlib.h>

#include "tests/fixture/looking.h"

static const struct looking rows[] = {
    {.name = "A/A, 50 %", .control = .5, .variant = .5, .share = .5, .visitors = 4000},
    {.name = "A/A, 10 %", .control = .1, .variant = .1, .share = .5, .visitors = 4000},
    {.name = "A/A, 2 %", .control = .02, .variant = .02, .share = .5, .visitors = 4000},
    {.name = "A/A, 10 %, shares 90:10", .control = .1, .variant = .1, .share = .1, .visitors = 4000},
    {.name = "A/A, 10 %, a bandit moves the shares, rates fall",
     .control = .1,
     .variant = .1,
     .share = .5,
     .bandit = true,
     .visitors = 4000},
    {.name = "A/A, 20 %, half with a past",
     .control = .2,
     .variant = .2,
     .share = .5,
     .past = .5,
     .taste = .8,
     .visitors = 4000},
    {.name = "10 % against 11 %", .control = .1, .variant = .11, .share = .5, .visitors = 8000},
    {.name = "10 % against 13 %", .control = .1, .variant = .13, .share = .5, .visitors = 8000},
    {.name = "10 % against 7 %", .control = .1, .variant = .07, .share = .5, .visitors = 8000},
    {.name = "20 % against 24 %, all with a past",
     .control = .2,
     .variant = .24,
     .share = .5,
     .past = 1,
     .taste = .9,
     .visitors = 4000},
    {.name = "A/A, 10 %, drawn 45:55 in place of 50:50",
     .control = .1,
     .variant = .1,
     .share = .5,
     .drawn = .55,
     .visitors = 4000},
};

static double percent(int n, int runs)
{
    return 100.0 * n / runs;
}

int main(int argc, char **argv)
{
    int runs = argc > 1 ? atoi(argv[1]) : 2000;
    if (runs < 1) {
        fprintf(stderr, "usage: looking_bench [RUNS]\n");
        return 64;
    }
    printf("| experiment | visitors | sequence decided | of these rightly | truth left out | ordinary "
           "interval decided | CUPED decided | variance it leaves | "
           "χ² refused | sequential check refused | visitors at the decision "
           "|\n|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct looking l = rows[i];
        l.seed = i + 1;
        struct looking_result r = looking_run(&l, runs);
        printf("| %s | %d | %.1f %% | %.1f %% | %.1f %% | %.1f %% | %.1f %% | %.2f | %.1f %% | %.1f %% | "
               "%.0f |\n",
               l.name, l.visitors, percent(r.decided, runs), r.decided > 0 ? percent(r.right, r.decided) : 0,
               percent(r.missed, runs), percent(r.fixed, runs), percent(r.cuped, runs), r.kept,
               percent(r.refused, runs), percent(r.always_refused, runs), r.visitors);
        fflush(stdout);
    }
    return 0;
}
