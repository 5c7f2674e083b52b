/* Maximum inner product search: an index in the manner of Annoy (E. Bernhardsson), which is
 * several trees of random hyperplanes, searched together with a priority queue until a budget of candidates is
 * reached, which are then scored exactly. Also exact search, its oracle.
 *
 * Annoy searches by angle, not by inner product. Trees are therefore built on x' = (x, √(M² − ‖x‖²)), M the largest norm
 * (Y. Bachrach et al., RecSys 2014): all x' have the same length, so the angle to (q, 0) decreases as q·x grows. The
 * query's last entry is 0, so the planes need no last entry in the file. If one long vector makes M large,
 * the last entry dominates every x': it is therefore scaled down, possibly to 0, as far as a trial on
 * a few trees shows a benefit (forest_build.c).
 *
 * The file (*.mvf, container of base/section_file.h) is self-contained, made for mmap and has one valid layout for
 * given sections: trees one after the other in preorder, the left child directly after its parent, leaves
 * naming consecutive ranges of `items`. The same vectors, plan and kind of processor give the same bytes.
 *
 * It is weak for queries that are the mean of unrelated items. Measured on LightGCN++ vectors of LastFM
 * (17,388 items, 64 dimensions, 20 trees, queries = mean of a user's items, one core): recall@10 0.947 at a
 * budget of 250 candidates, 0.970 at 500 and 0.980 at 1,000. For catalogs below FOREST_WORTH exact search is
 * better.
 */
#ifndef MVTI_MODEL_FOREST_H
#define MVTI_MODEL_FOREST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/named_bytes.h"
#include "base/section_file.h"

enum {
    FOREST_VERSION = 1,
    FOREST_MAX_DIMENSIONS = 1024,
    FOREST_MAX_TREES = 256,
    FOREST_MAX_DEPTH = 128,
    FOREST_WORTH = 10000, /* items; with fewer, exact search takes about 50 µs or less and misses nothing */
    FOREST_TREES =
        20, /* what mvti publish builds: few large leaves; the figures in model/near.h are for these */
    FOREST_LEAF = 64
};

enum forest_tag {
    FOREST_INFO = 1, /* struct forest_info[1] */
    FOREST_VECTORS,  /* float[n_items × dimensions] */
    FOREST_NODES,    /* struct forest_node[] */
    FOREST_PLANES, /* float[splits × dimensions]: normals of the hyperplanes, in the order of their nodes */
    FOREST_ITEMS,  /* int32[n_trees × n_items]: the leaves' items */
    FOREST_TAG_END
};

struct forest_info {
    uint64_t seed;
    uint32_t n_items, dimensions, n_trees, leaf; /* leaf: the most items in one */
    uint8_t zero[40];
};
_Static_assert(sizeof(struct forest_info) == 64, "forest info layout");

struct forest_node {
    int32_t right; /* of a split: node number of the right child, the left one is the next node; −1: a leaf */
    uint32_t first; /* of a split: number of its plane; of a leaf: where its items begin */
    uint32_t count; /* of a leaf: its items; of a split: 0 */
};
_Static_assert(sizeof(struct forest_node) == 12, "forest node layout");

/* An open forest: pointers into the map until forest_close. */
struct forest {
    struct section_file file;
    const struct forest_info *info;
    const float *vectors;
    const struct forest_node *nodes;
    size_t n_nodes;
    const float *planes;
    size_t n_planes;
    const int32_t *items;
    int32_t roots[FOREST_MAX_TREES];
};

struct forest_plan {
    uint32_t n_trees; /* 1…FOREST_MAX_TREES; more: better, larger, slower to build */
    uint32_t leaf;    /* 1…65,536 */
    uint64_t seed;
};

/* Builds the forest of vectors [n × d] row-major, all finite, and writes it atomically. ERR_INVALID: plan or vectors;
 * ERR_IO, ERR_NOMEM. About n·d·log₂(n/leaf) multiplications a tree; from 1,000 vectors up, 20 more trees are built for
 * the trial. */
MUST_USE enum err forest_build(const float *vectors, size_t n, size_t d, const struct forest_plan *plan,
                               const char *path, struct fail *why);

/* Maps and checks path: container, shapes, the trees' structure, that every number is finite. ERR_NOT_FOUND, ERR_IO,
 * ERR_CORRUPT. forest_close it. */
MUST_USE enum err forest_open(struct forest *f, const char *path, struct fail *why);
/* The same on bytes in memory (64-byte aligned, outliving f). */
MUST_USE enum err forest_parse(struct forest *f, const struct named_bytes *from, struct fail *why);
void forest_close(struct forest *f);

/* Scratch memory for the searches of one thread, so that none allocates. NULL: out of memory. */
struct forest_scratch *forest_scratch_new(const struct forest *f);
void forest_scratch_free(struct forest_scratch *s);

/* The best of at least `budget` candidates (fewer if the forest has fewer; 0: k · n_trees): out[k] receives
 * item indexes, best first, ties in the order of discovery, which is deterministic. Returns how
 * many. query[dimensions] must be finite. */
size_t forest_search(const struct forest *f, struct forest_scratch *s, const float *query, size_t k,
                     size_t budget, int32_t *out);
/* The best of all items, ties by smaller index; otherwise as forest_search. O(n_items · dimensions). */
size_t forest_exact(const struct forest *f, struct forest_scratch *s, const float *query, size_t k,
                    int32_t *out);

#endif
