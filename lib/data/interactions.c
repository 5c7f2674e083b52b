#include "data/interactions.h"

#include <stdlib.h>

enum { DIRECT = 1 << 24 }; /* ids below this are looked up in an array, others by bisection */

bool interactions_add(struct interactions *in, uint32_t user, int32_t item)
{
    uint64_t key = (uint64_t)user << 32 | (uint32_t)item;
    return vec_push(&in->keys, &key);
}

enum err interactions_sort(struct interactions *in, struct fail *why)
{
    uint64_t *keys = in->keys.data;
    size_t n = in->keys.len, kept = 0;
    vec_free(&in->times);
    if (csr_sort_keys(keys, n) != ERR_OK)
        return fail_set(why, ERR_NOMEM, "out of memory for %zu interactions", n);
    for (size_t i = 0; i < n; i++)
        if (kept == 0 || keys[i] != keys[kept - 1])
            keys[kept++] = keys[i];
    in->keys.len = kept;
    return ERR_OK;
}

void interactions_free(struct interactions *in)
{
    vec_free(&in->keys);
    vec_free(&in->times);
}

/* Appends the upper (shift 32) or lower halves; equal neighbours, frequent in sorted sets, once. */
static bool collect(struct vec *out, const struct interactions *in, int shift)
{
    const uint64_t *keys = in->keys.data;
    for (size_t i = 0; i < in->keys.len; i++) {
        uint64_t id = keys[i] >> shift & UINT32_MAX;
        if (out->len > 0 && ((uint64_t *)out->data)[out->len - 1] == id)
            continue;
        if (!vec_push(out, &id))
            return false;
    }
    return true;
}

static enum err make_table(struct id_table *out, const struct interactions *const *sets, size_t n_sets,
                           int shift, struct fail *why)
{
    struct interactions all = INTERACTIONS_NONE;
    enum err rc = ERR_OK;
    *out = (struct id_table){0};
    for (size_t s = 0; s < n_sets && rc == ERR_OK; s++)
        if (!collect(&all.keys, sets[s], shift))
            rc = fail_set(why, ERR_NOMEM, "out of memory for the table of ids");
    if (rc == ERR_OK)
        rc = interactions_sort(&all, why);
    if (rc == ERR_OK) {
        out->ids = malloc((all.keys.len + 1) * sizeof *out->ids);
        if (out->ids == NULL)
            rc = fail_set(why, ERR_NOMEM, "out of memory for the table of ids");
    }
    for (size_t i = 0; i < all.keys.len && rc == ERR_OK; i++)
        out->ids[out->n++] = (uint32_t)((uint64_t *)all.keys.data)[i];
    interactions_free(&all);
    return rc;
}

enum err id_table_users(struct id_table *out, const struct interactions *const *sets, size_t n_sets,
                        struct fail *why)
{
    return make_table(out, sets, n_sets, 32, why);
}

enum err id_table_items(struct id_table *out, const struct interactions *const *sets, size_t n_sets,
                        struct fail *why)
{
    return make_table(out, sets, n_sets, 0, why);
}

int64_t id_table_find(const struct id_table *t, uint32_t id)
{
    size_t lo = 0, hi = t->n;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (t->ids[mid] < id)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < t->n && t->ids[lo] == id ? (int64_t)lo : -1;
}

void id_table_free(struct id_table *t)
{
    free(t->ids);
    *t = (struct id_table){0};
}

/* index + 1 by id for small ids; NULL without a direct array. */
static uint32_t *direct_array(const struct id_table *t)
{
    if (t->n == 0 || t->ids[t->n - 1] >= DIRECT)
        return NULL;
    uint32_t *at = calloc((size_t)t->ids[t->n - 1] + 1, sizeof *at);
    for (size_t i = 0; at != NULL && i < t->n; i++)
        at[t->ids[i]] = (uint32_t)i + 1;
    return at;
}

static int64_t look_up(const struct id_table *t, const uint32_t *direct, uint32_t id)
{
    if (direct == NULL)
        return id_table_find(t, id);
    return id > t->ids[t->n - 1] ? -1 : (int64_t)direct[id] - 1;
}

enum err interactions_matrix(struct csr *out, struct interactions *in, const struct id_table *users,
                             const struct id_table *items, struct fail *why)
{
    uint64_t *keys = in->keys.data;
    uint32_t *user_at = direct_array(users), *item_at = direct_array(items);
    size_t n = 0;
    for (size_t i = 0; i < in->keys.len; i++) {
        int64_t u = look_up(users, user_at, (uint32_t)(keys[i] >> 32));
        int64_t j = look_up(items, item_at, (uint32_t)keys[i]);
        if (u >= 0 && j >= 0)
            keys[n++] = (uint64_t)u << 32 | (uint64_t)j;
    }
    free(user_at);
    free(item_at);
    in->keys.len = n;
    return csr_from_keys(out, keys, &in->keys.len, users->n, items->n, why);
}
