#include "model/forest.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/forest_private.h"
#include "num/dot.h"
#include "num/topk.h"

/* ---- reading ---- */

static const uint32_t item_sizes[FOREST_TAG_END] = {[FOREST_INFO] = sizeof(struct forest_info),
                                                    [FOREST_VECTORS] = sizeof(float),
                                                    [FOREST_NODES] = sizeof(struct forest_node),
                                                    [FOREST_PLANES] = sizeof(float),
                                                    [FOREST_ITEMS] = sizeof(int32_t)};

const struct section_format forest_format = {.magic = "MVTIFRST",
                                             .version = FOREST_VERSION,
                                             .noun = "forest",
                                             .n_sections = FOREST_TAG_END - 1,
                                             .item_sizes = item_sizes};

static bool all_finite(const float *x, size_t n)
{
    bool ok = true;
    for (size_t i = 0; i < n; i++)
        ok &= fabsf(x[i]) <= 3.4e38f;
    return ok;
}

/* Where the walk over all trees stands. */
struct walk {
    size_t node, plane, item;
};

/* One tree in preorder: every split's right child must begin where its left subtree ended. */
static bool walk_tree(const struct forest *f, struct walk *w)
{
    size_t pending[FOREST_MAX_DEPTH], depth = 0, n = f->info->n_items, end = w->item + n;
    for (;; w->node++) {
        if (w->node >= f->n_nodes)
            return false;
        const struct forest_node *at = &f->nodes[w->node];
        if (at->right >= 0) {
            if (depth == FOREST_MAX_DEPTH || at->first != w->plane++ || at->count != 0)
                return false;
            pending[depth++] = (size_t)at->right;
            continue;
        }
        if (at->right != -1 || at->first != w->item || at->count > end - w->item)
            return false;
        w->item += at->count;
        if (depth == 0)
            break;
        if (pending[--depth] != w->node + 1)
            return false;
    }
    w->node++;
    return w->item == end;
}

static bool trees_ok(struct forest *f)
{
    struct walk w = {0};
    for (uint32_t t = 0; t < f->info->n_trees; t++) {
        f->roots[t] = (int32_t)w.node;
        if (!walk_tree(f, &w))
            return false;
    }
    for (size_t i = 0; i < w.item; i++)
        if (f->items[i] < 0 || (uint32_t)f->items[i] >= f->info->n_items)
            return false;
    return w.node == f->n_nodes && w.plane == f->n_planes;
}

static const char *what_is_wrong(struct forest *f)
{
    const struct section_file *file = &f->file;
    const struct forest_info *i = f->info;
    if (i->dimensions < 1 || i->dimensions > FOREST_MAX_DIMENSIONS || i->n_trees < 1 ||
        i->n_trees > FOREST_MAX_TREES || i->n_items > INT32_MAX)
        return "description";
    size_t n_items = i->n_items;
    if (file->count[FOREST_VECTORS] != n_items * i->dimensions ||
        file->count[FOREST_PLANES] != f->n_planes * i->dimensions ||
        file->count[FOREST_ITEMS] != n_items * i->n_trees || file->count[FOREST_ITEMS] > UINT32_MAX ||
        f->n_nodes > INT32_MAX)
        return "number of entries";
    if (!trees_ok(f))
        return "trees";
    if (!all_finite(f->vectors, file->count[FOREST_VECTORS]) ||
        !all_finite(f->planes, file->count[FOREST_PLANES]))
        return "numbers";
    return NULL;
}

/* Takes over f->file. */
static enum err adopt(struct forest *f, const char *name, struct fail *why)
{
    const struct section_file *file = &f->file;
    if (file->count[FOREST_INFO] != 1)
        return fail_set(why, ERR_CORRUPT, "%s: %zu descriptions", name, file->count[FOREST_INFO]);
    f->info = file->data[FOREST_INFO];
    f->vectors = file->data[FOREST_VECTORS];
    f->nodes = file->data[FOREST_NODES];
    f->n_nodes = file->count[FOREST_NODES];
    f->planes = file->data[FOREST_PLANES];
    f->n_planes = f->info->dimensions == 0 ? 0 : file->count[FOREST_PLANES] / f->info->dimensions;
    f->items = file->data[FOREST_ITEMS];
    const char *wrong = what_is_wrong(f);
    return wrong == NULL ? ERR_OK : fail_set(why, ERR_CORRUPT, "%s: wrong %s", name, wrong);
}

enum err forest_parse(struct forest *f, const struct named_bytes *from, struct fail *why)
{
    *f = (struct forest){0};
    enum err rc = section_file_parse(&f->file, &forest_format, from, why);
    return rc == ERR_OK ? adopt(f, from->name, why) : rc;
}

enum err forest_open(struct forest *f, const char *path, struct fail *why)
{
    *f = (struct forest){0};
    enum err rc = section_file_open(&f->file, &forest_format, path, why);
    if (rc == ERR_OK)
        rc = adopt(f, path, why);
    if (rc != ERR_OK)
        forest_close(f);
    return rc;
}

void forest_close(struct forest *f)
{
    section_file_close(&f->file);
    *f = (struct forest){0};
}

/* ---- searching ---- */

struct waiting {
    float near; /* the least margin on the way: how far on its side of every plane the query is */
    int32_t node;
};

struct forest_scratch {
    struct waiting *heap; /* [n_nodes + n_trees] */
    size_t n_heap;
    uint32_t *seen; /* [n_items] number of the last search that met the item */
    uint32_t search;
    int32_t *found; /* [n_items] */
    float *scores;  /* [n_items] */
};

struct forest_scratch *forest_scratch_new(const struct forest *f)
{
    struct forest_scratch *s = calloc(1, sizeof *s);
    size_t n = (size_t)f->info->n_items + 1;
    if (s == NULL)
        return NULL;
    s->heap = malloc((f->n_nodes + FOREST_MAX_TREES) * sizeof *s->heap);
    s->seen = calloc(n, sizeof *s->seen);
    s->found = malloc(n * sizeof *s->found);
    s->scores = malloc(n * sizeof *s->scores);
    if (s->heap != NULL && s->seen != NULL && s->found != NULL && s->scores != NULL)
        return s;
    forest_scratch_free(s);
    return NULL;
}

void forest_scratch_free(struct forest_scratch *s)
{
    if (s == NULL)
        return;
    free(s->heap);
    free(s->seen);
    free(s->found);
    free(s->scores);
    free(s);
}

/* Nearest first; equal ones by node number, so that a search always goes the same way. */
static bool before(struct waiting a, struct waiting b)
{
    return a.near > b.near || (a.near == b.near && a.node < b.node);
}

static void heap_push(struct forest_scratch *s, struct waiting w)
{
    size_t at = s->n_heap++;
    while (at > 0 && before(w, s->heap[(at - 1) / 2])) {
        s->heap[at] = s->heap[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    s->heap[at] = w;
}

static struct waiting heap_pop(struct forest_scratch *s)
{
    struct waiting top = s->heap[0], w = s->heap[--s->n_heap];
    size_t at = 0, child;
    while ((child = 2 * at + 1) < s->n_heap) {
        child += child + 1 < s->n_heap && before(s->heap[child + 1], s->heap[child]);
        if (!before(s->heap[child], w))
            break;
        s->heap[at] = s->heap[child];
        at = child;
    }
    s->heap[at] = w;
    return top;
}

/* Down from a node to a leaf, always on the query's side; the other sides wait. */
static const struct forest_node *descend(const struct forest *f, struct forest_scratch *s, const float *query,
                                         struct waiting w)
{
    const struct forest_node *at = &f->nodes[w.node];
    size_t d = f->info->dimensions;
    while (at->right >= 0) {
        float margin;
        dot_rows(f->planes + at->first * d, d, NULL, 1, query, &margin);
        int32_t left = w.node + 1, right = at->right;
        bool to_right = margin > 0;
        struct waiting other = {fminf(w.near, to_right ? -margin : margin), to_right ? left : right};
        heap_push(s, other);
        w.node = to_right ? right : left;
        w.near = fminf(w.near, fabsf(margin));
        at = &f->nodes[w.node];
    }
    return at;
}

/* All trees at once, best first: one heap holds the sides not taken of every tree, so that the budget goes to
 * whichever leaf is nearest. An item that several trees hold counts once: `seen` has the number of the search,
 * and so needs no clearing between searches. */
static size_t gather(const struct forest *f, struct forest_scratch *s, const float *query, size_t budget)
{
    size_t n = 0;
    s->n_heap = 0;
    if (++s->search == 0) { /* after 2³² searches */
        memset(s->seen, 0, f->info->n_items * sizeof *s->seen);
        s->search = 1;
    }
    for (uint32_t t = 0; t < f->info->n_trees; t++)
        heap_push(s, (struct waiting){INFINITY, f->roots[t]});
    while (s->n_heap > 0 && n < budget) {
        const struct forest_node *leaf = descend(f, s, query, heap_pop(s));
        for (uint32_t i = 0; i < leaf->count; i++) {
            int32_t item = f->items[leaf->first + i];
            if (s->seen[item] == s->search)
                continue;
            s->seen[item] = s->search;
            s->found[n++] = item;
        }
    }
    return n;
}

size_t forest_search(const struct forest *f, struct forest_scratch *s, const float *query, size_t k,
                     size_t budget, int32_t *out)
{
    size_t n = gather(f, s, query, budget == 0 ? k * f->info->n_trees : budget);
    dot_rows(f->vectors, f->info->dimensions, s->found, n, query, s->scores);
    size_t n_out = topk_select(s->scores, n, k, out);
    for (size_t i = 0; i < n_out; i++)
        out[i] = s->found[out[i]];
    return n_out;
}

size_t forest_exact(const struct forest *f, struct forest_scratch *s, const float *query, size_t k,
                    int32_t *out)
{
    dot_rows(f->vectors, f->info->dimensions, NULL, f->info->n_items, query, s->scores);
    return topk_select(s->scores, f->info->n_items, k, out);
}
