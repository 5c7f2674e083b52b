#include "domain/graded.h"

#include <math.h>

enum { NODES = 41, MIDDLE = NODES / 2, ANSWERS = SURVEY_STEPS + 1 };

/* −4, −3.8 … 4 */
static double node(int i)
{
    return (i - MIDDLE) / 5.0;
}

/* The answer's place among −2, −1, 1, 2. */
static int place_of(int8_t answer)
{
    return answer < 0 ? answer + 2 : answer + 1;
}

/* What the k-th answer counts towards the item's pole. */
static int worth(int k)
{
    return 2 * k - SURVEY_STEPS;
}

/* Probability of each answer at a node. out: [ANSWERS], sums to 1 */
static void chances(const struct survey_item *item, double theta, double *out)
{
    double own = item->second ? theta : -theta, above = 1;
    for (int k = 0; k < SURVEY_STEPS; k++) {
        double next = 1 / (1 + exp(-item->slope / 100.0 * (own - item->steps[k] / 100.0)));
        out[k] = above - next;
        above = next;
    }
    out[SURVEY_STEPS] = above;
}

/* The weight of each node after an answer. w: [NODES] */
static void learn(const struct survey_item *item, int8_t answer, double *w)
{
    double p[ANSWERS];
    for (int i = 0; i < NODES; i++) {
        chances(item, node(i), p);
        w[i] *= p[place_of(answer)];
    }
}

/* What the item is expected to count towards the second pole. */
static double expected(const struct survey_item *item, const double *w)
{
    double sum = 0, whole = 0, p[ANSWERS];
    for (int i = 0; i < NODES; i++) {
        chances(item, node(i), p);
        double mean = 0;
        for (int k = 0; k < ANSWERS; k++)
            mean += p[k] * worth(k);
        sum += w[i] * mean;
        whole += w[i];
    }
    return (item->second ? sum : -sum) / whole;
}

bool graded_enough(const struct survey_item *items, const int8_t *answers, size_t n)
{
    unsigned axes = 0;
    for (size_t i = 0; i < n; i++)
        if (answers[i] != SURVEY_UNASKED)
            axes |= 1u << items[i].axis;
    return axes == (1u << MBTI_AXES) - 1;
}

/* The sum of an axis and the most that it can be. */
static double axis_sum(const struct survey_item *items, const int8_t *answers, size_t n, uint8_t axis,
                       int *most)
{
    double w[NODES], sum = 0;
    for (int i = 0; i < NODES; i++)
        w[i] = exp(-node(i) * node(i) / 2);
    *most = 0;
    for (size_t i = 0; i < n; i++) {
        if (items[i].axis != axis)
            continue;
        *most += SURVEY_STEPS;
        if (answers[i] == SURVEY_UNASKED)
            continue;
        learn(&items[i], answers[i], w);
        int own = worth(place_of(answers[i]));
        sum += items[i].second ? own : -own;
    }
    for (size_t i = 0; i < n; i++)
        if (items[i].axis == axis && answers[i] == SURVEY_UNASKED)
            sum += expected(&items[i], w);
    return sum;
}

void graded_score(const struct survey_item *items, const int8_t *answers, size_t n, struct survey_score *out)
{
    unsigned type = 0;
    for (uint8_t axis = 0; axis < MBTI_AXES; axis++) {
        int most;
        double sum = axis_sum(items, answers, n, axis, &most);
        long lean = lround(fmax(50 * fabs(sum) / most, 1));
        out->second_percent[axis] = (uint8_t)(sum > 0 ? 50 + lean : 50 - lean);
        type = type << 1 | (sum > 0);
    }
    out->mbti = (uint8_t)type;
}
