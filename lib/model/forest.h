/* Which items have the largest inner product with a query? An index in the manner of Annoy (E. Bernhardsson):
 * several trees of random hyperplanes, searched together by a priority queue until a budget of candidates is
 * reached, which are then scored exactly. And exact search, its oracle.
 *
 * Annoy's angle is not an inner product. Trees are built on x' = (x, √(M² − ‖x‖²)), M the largest norm
 * (Y. Bachrach et al., RecSys 2014): all x' have one length, and the angle to (q, 0) falls as q·x grows. The
 * query's last entry is 0, so the planes need no last entry in the file. Where one long vector makes M large,
 * the last entry is nearly all of every x': it is therefore shortened, down to nothing, as far as a trial on
 * some trees says that it helps (forest_build.c).
 *
 * The file (*.mvf, container of base/section_file.h) is complete, made for mmap and has one valid layout for
 * given sections: trees in preorder one behind the other, the left child directly behind its parent, leaves
 * naming consecutive parts of `items`. Same vectors, plan and processor kind: same bytes.
 *
 * Where it is weak: queries that are the mean of unrelated items. Measured on LightGCN++ vectors of LastFM
 * (17,388 items, 64 dimensions, 20 trees, queries = mean of a user's items, one core): recall@10 0.947 at a
 * budget of 250 candidates, 0.970 at 500 and 0.980 at 1,000. Catalogs below FOREST_WORTH are better served by
 * exact search.
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
    FOREST_WORTH = 10000, /* items; below, an exact product takes some 50 µs and misses nothing */
    FOREST_TREES = 20,    /* what mvti publish builds: few large leaves; model/near.h's figures are theirs */
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
    uint32_t n_items, dimensions, n_trees, leaf; /* leaf: most items of one */
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

/* Builds the forest of vectors [n × d], all finite, and writes it. ERR_INVALID: plan or vectors; ERR_IO,
 * ERR_NOMEM. About n·d·log₂(n/leaf) multiplications a tree, of which 20 more are
 * built for the trial from 1,000 vectors on. */
MUST_USE enum err forest_build(const float *vectors, size_t n, size_t d, const struct forest_plan *plan,
                               const char *path, struct fail *why);

/* Maps and checks path: container, shapes, the trees' structure, every number finite. ERR_NOT_FOUND, ERR_IO,
 * ERR_CORRUPT. */
MUST_USE enum err forest_open(struct forest *f, const char *path, struct fail *why);
/* The same on bytes in memory (64-byte aligned, outliving f). */
MUST_USE enum err forest_parse(struct forest *f, const struct named_bytes *from, struct fail *why);
void forest_close(struct forest *f);

/* What searches of one thread work in, so that none allocates. NULL: out of memory. */
struct forest_scratch *forest_scratch_new(const struct forest *f);
void forest_scratch_free(struct forest_scratch *s);

/* The best of at least `budget` candidates (fewer if the forest has fewer; 0: k · n_trees): out[k] receives
 * item indexes, best first, equal scores in the order of their being found (always the same). Returns how
 * many. query [dimensions] finite. */
size_t forest_search(const struct forest *f, struct forest_scratch *s, const float *query, size_t k,
                     size_t budget, int32_t *out);
/* The best of all, equal scores by smaller index. O(n_items · dimensions). */
size_t forest_exact(const struct forest *f, struct forest_scratch *s, const float *query, size_t k,
                    int32_t *out);

#endif
