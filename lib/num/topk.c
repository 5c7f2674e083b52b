#include "num/topk.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* A heap is best for few; from SORT_FROM on, its branches cost more than sorting what may be among the best.
 */
enum { SORT_FROM = 64, SORT_MOST = 512, ROOM = 4 * SORT_MOST, DIGITS = 4, BASE = 256 };

struct entry {
    uint32_t key; /* less is better */
    int32_t index;
};

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

static size_t by_heap(const float *scores, size_t n, size_t k, int32_t *out)
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

/* Bits of a float ascend with it above zero and descend below; adding 0 makes one zero of the two. */
static uint32_t key_of(float score)
{
    uint32_t bits;
    score += 0.0f;
    memcpy(&bits, &score, sizeof bits);
    return bits >> 31 ? bits : ~(bits | 0x80000000u);
}

/* One digit: a → to, entries of the same digit in the order that they have. */
static void deal(const struct entry *a, size_t n, unsigned shift, const uint32_t *count, struct entry *to)
{
    uint32_t place[BASE], sum = 0;
    for (size_t d = 0; d < BASE; d++) {
        place[d] = sum;
        sum += count[d];
    }
    for (size_t i = 0; i < n; i++)
        to[place[a[i].key >> shift & (BASE - 1)]++] = a[i];
}

/* Radix sort of *a by key; equal keys stay in order. It goes to and fro between *a and *spare, and they
 * change names with it. */
static void sort(struct entry **a, struct entry **spare, size_t n)
{
    uint32_t count[DIGITS][BASE];
    memset(count, 0, sizeof count);
    for (size_t i = 0; i < n; i++)
        for (unsigned d = 0; d < DIGITS; d++)
            count[d][(*a)[i].key >> 8 * d & (BASE - 1)]++;
    for (unsigned d = 0; d < DIGITS && n > 0; d++) {
        if (count[d][(*a)[0].key >> 8 * d & (BASE - 1)] == n)
            continue; /* all have the same */
        deal(*a, n, 8 * d, count[d], *spare);
        struct entry *sorted = *spare;
        *spare = *a;
        *a = sorted;
    }
}

/* Entries come by ascending index, and what was kept stands before them, so that ties are by index. */
static size_t by_sorting(const float *scores, size_t n, size_t k, int32_t *out)
{
    struct entry room[2][ROOM], *a = room[0], *spare = room[1];
    uint32_t limit = UINT32_MAX; /* of the worst that is kept, once there are k */
    size_t m = 0;
    for (size_t i = 0; i < n; i++) {
        if (!(scores[i] > -INFINITY)) /* NaN too */
            continue;
        uint32_t key = key_of(scores[i]);
        if (key >= limit)
            continue;
        a[m++] = (struct entry){key, (int32_t)i};
        if (m < ROOM)
            continue;
        sort(&a, &spare, m);
        m = k;
        limit = a[k - 1].key;
    }
    sort(&a, &spare, m);
    m = m < k ? m : k;
    for (size_t i = 0; i < m; i++)
        out[i] = a[i].index;
    return m;
}

size_t topk_select(const float *scores, size_t n, size_t k, int32_t *out)
{
    return k < SORT_FROM || k > SORT_MOST ? by_heap(scores, n, k, out) : by_sorting(scores, n, k, out);
}
