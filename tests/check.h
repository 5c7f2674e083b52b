/* The smallest test frame that can fail honestly: counts checks, names file:line, exits non-zero. */
#ifndef MVTI_TESTS_CHECK_H
#define MVTI_TESTS_CHECK_H

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One of each in a program, whichever of its files include this: what fails in a fixture fails the test that
 * called it. */
#define CHECK_SHARED __attribute__((weak))
CHECK_SHARED int check_failed_in_test;
CHECK_SHARED int check_tests_passed;
CHECK_SHARED int check_tests_failed;
CHECK_SHARED int check_tests_skipped;

#define CHECK(cond)                                                                                          \
    do {                                                                                                     \
        if (!(cond)) {                                                                                       \
            fprintf(stderr, "%s:%d: %s: not true: %s\n", __FILE__, __LINE__, __func__, #cond);               \
            check_failed_in_test = 1;                                                                        \
        }                                                                                                    \
    } while (0)

#define CHECK_MSG(cond, ...)                                                                                 \
    do {                                                                                                     \
        if (!(cond)) {                                                                                       \
            fprintf(stderr, "%s:%d: %s: not true: %s: ", __FILE__, __LINE__, __func__, #cond);               \
            fprintf(stderr, __VA_ARGS__);                                                                    \
            fputc('\n', stderr);                                                                             \
            check_failed_in_test = 1;                                                                        \
        }                                                                                                    \
    } while (0)

#define CHECK_STR(got, want)                                                                                 \
    do {                                                                                                     \
        const char *check_g = (got), *check_w = (want);                                                      \
        if (strcmp(check_g, check_w) != 0) {                                                                 \
            fprintf(stderr, "%s:%d: %s: got \"%s\", want \"%s\"\n", __FILE__, __LINE__, __func__, check_g,   \
                    check_w);                                                                                \
            check_failed_in_test = 1;                                                                        \
        }                                                                                                    \
    } while (0)

#define CHECK_INT(got, want)                                                                                 \
    do {                                                                                                     \
        long long check_g = (long long)(got), check_w = (long long)(want);                                   \
        if (check_g != check_w) {                                                                            \
            fprintf(stderr, "%s:%d: %s: got %lld, want %lld\n", __FILE__, __LINE__, __func__, check_g,       \
                    check_w);                                                                                \
            check_failed_in_test = 1;                                                                        \
        }                                                                                                    \
    } while (0)

#define CHECK_NEAR(got, want, tolerance)                                                                     \
    do {                                                                                                     \
        double check_g = (got), check_w = (want);                                                            \
        if (!(fabs(check_g - check_w) <= (tolerance))) {                                                     \
            fprintf(stderr, "%s:%d: %s: got %.9g, want %.9g\n", __FILE__, __LINE__, __func__, check_g,       \
                    check_w);                                                                                \
            check_failed_in_test = 1;                                                                        \
        }                                                                                                    \
    } while (0)

/* Runs one test function and counts it. With CHECK_FIRST in the environment the first failure is the end. */
#define RUN(fn)                                                                                              \
    do {                                                                                                     \
        if (check_tests_failed > 0 && getenv("CHECK_FIRST") != NULL)                                         \
            break;                                                                                           \
        check_failed_in_test = 0;                                                                            \
        fn();                                                                                                \
        if (check_failed_in_test) {                                                                          \
            check_tests_failed++;                                                                            \
            fprintf(stderr, "FAILED %s: %s\n", __FILE__, #fn);                                               \
        } else {                                                                                             \
            check_tests_passed++;                                                                            \
        }                                                                                                    \
    } while (0)

#define SKIP(fn, reason)                                                                                     \
    do {                                                                                                     \
        check_tests_skipped++;                                                                               \
        fprintf(stderr, "SKIPPED %s: %s: %s\n", __FILE__, #fn, reason);                                      \
    } while (0)

/* The last line of main: prints the count that tests/run adds up. */
static inline int check_done(void)
{
    printf("%d passed, %d failed, %d skipped\n", check_tests_passed, check_tests_failed, check_tests_skipped);
    return check_tests_failed == 0 ? 0 : 1;
}

#endif
