#include "num/topk.h"

#include <math.h>
#include <stdbool.h>

/* Is a behind b in the result? */
static bool worse(const float *scores, int32_t a, int32_t b)
{
    return scores[a] != scores[b] ? scores[a] < scores[b] : a > b;
}

/* heap[0] is the worst of those kept. */
static void sift_down(const float *scores, int32_t *heap, size_t n, size_t at)
{
    int32_t moving = heap[at];
    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= n)
            break;
        if (child + 1 < n && worse(scores, heap[child + 1], heap[child]))
            child++;
        if (!worse(scores, heap[child], moving))
            break;
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = moving;
}

static void sort_best_first(const float *scores, int32_t *heap, size_t n)
{
    while (n > 1) {
        int32_t last = heap[0];
        heap[0] = heap[--n];
        heap[n] = last;
        sift_down(scores, heap, n, 0);
    }
}

size_t topk_select(const float *scores, size_t n, size_t k, int32_t *out)
{
    size_t kept = 0, i = 0;
    for (; i < n && kept < k; i++)
        if (scores[i] > -INFINITY) /* false for NaN too */
            out[kept++] = (int32_t)i;
    for (size_t h = kept / 2; h-- > 0;)
        sift_down(scores, out, kept, h);
    /* Later indexes lose ties, so only a strictly better score enters; most of the scan is this comparison.
     */
    for (; i < n && kept > 0; i++)
        if (scores[i] > scores[out[0]]) {
            out[0] = (int32_t)i;
            sift_down(scores, out, kept, 0);
        }
    sort_best_first(scores, out, kept);
    return kept;
}
