/* The writing half of data/dataset.h. */
#include <stdlib.h>
#include <string.h>

#include "base/secret.h"
#include "data/dataset.h"
#include "data/dataset_private.h"

void dataset_builder_init(struct dataset_builder *b)
{
    *b = (struct dataset_builder){.sources = VEC_OF(struct dataset_source),
                                  .parts = VEC_OF(struct interactions)};
}

void dataset_builder_free(struct dataset_builder *b)
{
    struct interactions *parts = b->parts.data;
    for (size_t i = 0; i < b->parts.len; i++)
        interactions_free(&parts[i]);
    vec_free(&b->parts);
    vec_free(&b->sources);
}

static bool is_zero(const uint8_t *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (bytes[i] != 0)
            return false;
    return true;
}

enum err dataset_builder_add(struct dataset_builder *b, const struct dataset_source *source,
                             struct interactions *in, struct fail *why)
{
    struct dataset_source record = *source;
    enum err rc = interactions_sort(in, why);
    if (rc == ERR_OK && is_zero(record.hash, sizeof record.hash))
        secret_hash(record.hash, in->keys.data, in->keys.len * sizeof(uint64_t));
    if (rc == ERR_OK && (!vec_push(&b->sources, &record) || !vec_push(&b->parts, in)))
        rc = fail_set(why, ERR_NOMEM, "out of memory for %s", source->name);
    if (rc == ERR_OK)
        *in = INTERACTIONS_NONE;
    else
        interactions_free(in);
    return rc;
}

/* Moves the user's keys [first, end) that are in the catalog to `to`; returns how many. Both are sorted, but
 * a user has few items and the catalog is short: bisection. */
static size_t keep_catalog(uint64_t *keys, size_t first, size_t end, size_t to,
                           const struct id_table *catalog)
{
    size_t kept = 0;
    for (size_t i = first; i < end; i++)
        if (catalog->ids == NULL || id_table_find(catalog, (uint32_t)keys[i]) >= 0)
            keys[to + kept++] = keys[i];
    return kept;
}

static void filter(struct interactions *in, const struct id_table *catalog, size_t min_user,
                   struct dataset_source *record)
{
    uint64_t *keys = in->keys.data;
    size_t n = in->keys.len, to = 0;
    for (size_t first = 0, end; first < n; first = end) {
        for (end = first + 1; end < n && keys[end] >> 32 == keys[first] >> 32;)
            end++;
        size_t kept = keep_catalog(keys, first, end, to, catalog);
        if (kept < min_user)
            continue;
        to += kept;
        record->n_users++;
    }
    in->keys.len = to;
    record->n_likes = to;
}

/* The arrays of the file while they are made. */
struct table {
    struct dataset_user *users; /* [n_users] */
    uint64_t *start;            /* [n_users + 1] */
    int32_t *columns;           /* [n] */
    size_t n_users, n;
};

static enum err table_alloc(struct table *t, size_t n_users, size_t n, struct fail *why)
{
    *t = (struct table){.users = malloc((n_users + 1) * sizeof *t->users),
                        .start = calloc(n_users + 1, sizeof *t->start),
                        .columns = malloc((n + 1) * sizeof *t->columns)};
    if (t->users == NULL || t->start == NULL || t->columns == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory for %zu interactions", n);
    return ERR_OK;
}

static void table_free(struct table *t)
{
    free(t->users);
    free(t->start);
    free(t->columns);
}

/* Appends a source's users behind those that are there. */
static enum err table_append(struct table *t, struct interactions *in, uint32_t source,
                             const struct id_table *items, struct fail *why)
{
    struct id_table users;
    const struct interactions *set = in;
    struct csr x = {0};
    enum err rc = id_table_users(&users, &set, 1, why);
    if (rc == ERR_OK)
        rc = interactions_matrix(&x, in, &users, items, why);
    if (rc == ERR_OK) {
        for (size_t u = 0; u < users.n; u++) {
            t->users[t->n_users + u] = (struct dataset_user){.source = source, .id = users.ids[u]};
            t->start[t->n_users + u + 1] = t->n + x.start[u + 1];
        }
        memcpy(t->columns + t->n, x.col, csr_count(&x) * sizeof *x.col);
        t->n_users += users.n;
        t->n += csr_count(&x);
    }
    csr_free(&x);
    id_table_free(&users);
    interactions_free(in);
    return rc;
}

static enum err write_table(const struct dataset_builder *b, const struct dataset_rules *rules,
                            const struct table *t, const struct id_table *items, const char *path,
                            struct fail *why)
{
    struct dataset_info info = {
        .threshold = rules->threshold, .catalog_only = rules->catalog != NULL, .min_user = rules->min_user};
    const struct dataset_source *sources = b->sources.data;
    for (size_t i = 0; i < b->sources.len; i++)
        info.simulated |= sources[i].simulated;
    const struct section_part parts[DATASET_TAG_END] = {
        [DATASET_INFO] = {&info, 1},
        [DATASET_SOURCES] = {sources, b->sources.len},
        [DATASET_ITEMS] = {items->ids, items->n}, /* below 2³¹: the same bits as int32 */
        [DATASET_USERS] = {t->users, t->n_users},
        [DATASET_START] = {t->start, t->n_users + 1},
        [DATASET_COLUMNS] = {t->columns, t->n},
    };
    return section_file_write(&dataset_format, path, parts, NULL, why);
}

/* Applies catalog and min_user to every source; the items that are left go to `items`. */
static enum err apply_rules(struct dataset_builder *b, const struct dataset_rules *rules,
                            struct id_table *items, size_t *n_users, size_t *n, struct fail *why)
{
    struct interactions *parts = b->parts.data;
    struct dataset_source *sources = b->sources.data;
    const struct id_table catalog = {.ids = (uint32_t *)rules->catalog, .n = rules->n_catalog};
    size_t least = rules->min_user > 0 ? rules->min_user : 1;
    const struct interactions **sets = calloc(b->parts.len + 1, sizeof *sets);
    if (sets == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory");
    *n_users = *n = 0;
    for (size_t i = 0; i < b->parts.len; i++) {
        filter(&parts[i], &catalog, least, &sources[i]);
        *n_users += sources[i].n_users;
        *n += sources[i].n_likes;
        sets[i] = &parts[i];
    }
    enum err rc = id_table_items(items, sets, b->parts.len, why);
    free(sets);
    if (rc == ERR_OK && *n == 0)
        rc = fail_set(why, ERR_INVALID,
                      "no interactions left: %zu sources, threshold %g, at least %zu per user%s",
                      b->parts.len, (double)rules->threshold, least,
                      rules->catalog != NULL ? ", films of the catalog only" : "");
    return rc;
}

enum err dataset_builder_write(struct dataset_builder *b, const struct dataset_rules *rules, const char *path,
                               struct fail *why)
{
    struct id_table items = {0};
    struct table table = {0};
    struct interactions *parts = b->parts.data;
    size_t n_users = 0, n = 0;
    enum err rc = apply_rules(b, rules, &items, &n_users, &n, why);
    if (rc == ERR_OK)
        rc = table_alloc(&table, n_users, n, why);
    for (size_t i = 0; i < b->parts.len && rc == ERR_OK; i++)
        rc = table_append(&table, &parts[i], (uint32_t)i, &items, why);
    if (rc == ERR_OK)
        rc = write_table(b, rules, &table, &items, path, why);
    table_free(&table);
    id_table_free(&items);
    return rc;
}
