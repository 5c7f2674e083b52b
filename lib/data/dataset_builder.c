/* The writing half of data/dataset.h. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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
    struct dataset_info info = {.threshold = rules->threshold,
                                .catalog_only = rules->catalog != NULL,
                                .min_user = rules->min_user,
                                .n_without = rules->n_without,
                                .n_left_out = rules->n_left_out};
    const struct dataset_source *sources = b->sources.data;
    if (rules->panel != NULL)
        info.panel = rules->panel->rule;
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

/* Applies catalog and min_user to every source. */
static void apply_rules(struct dataset_builder *b, const struct dataset_rules *rules)
{
    struct interactions *parts = b->parts.data;
    struct dataset_source *sources = b->sources.data;
    const struct id_table catalog = {.ids = (uint32_t *)rules->catalog, .n = rules->n_catalog};
    size_t least = rules->min_user > 0 ? rules->min_user : 1;
    for (size_t i = 0; i < b->parts.len; i++)
        filter(&parts[i], &catalog, least, &sources[i]);
}

static enum panel_kind kind_of(const struct dataset_source *s)
{
    return s->visitors != 0 ? PANEL_VISITORS : PANEL_RATINGS;
}

/* The end of the person whose first key this is. */
static size_t person_end(const uint64_t *keys, size_t n, size_t first)
{
    size_t end = first + 1;
    while (end < n && keys[end] >> 32 == keys[first] >> 32)
        end++;
    return end;
}

size_t dataset_builder_people(const struct dataset_builder *b)
{
    const struct interactions *parts = b->parts.data;
    size_t people = 0;
    for (size_t i = 0; i < b->parts.len; i++) {
        const uint64_t *keys = parts[i].keys.data;
        for (size_t first = 0; first < parts[i].keys.len; people++)
            first = person_end(keys, parts[i].keys.len, first);
    }
    return people;
}

static void choose_bounds(const struct dataset_builder *b, struct panel *panel)
{
    const struct interactions *parts = b->parts.data;
    const struct dataset_source *sources = b->sources.data;
    size_t people[PANEL_KINDS] = {0}, fit[PANEL_KINDS] = {0};
    for (size_t i = 0; i < b->parts.len; i++) {
        const uint64_t *keys = parts[i].keys.data;
        for (size_t first = 0, end; first < parts[i].keys.len; first = end) {
            end = person_end(keys, parts[i].keys.len, first);
            people[kind_of(&sources[i])]++;
            fit[kind_of(&sources[i])] += end - first >= PANEL_LEAST;
        }
    }
    for (int k = 0; k < PANEL_KINDS; k++)
        panel_choose(panel, (enum panel_kind)k, people[k], fit[k]);
}

static bool move_person(struct interactions *to, const uint64_t *keys, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!vec_push(&to->keys, &keys[i]))
            return false;
    return true;
}

/* Moves the panel's people of one source to `held`. */
static bool hold_out(const struct panel *panel, enum panel_kind kind, struct interactions *from,
                     struct interactions *held, struct dataset_source *record,
                     struct dataset_source *held_record)
{
    uint64_t *keys = from->keys.data;
    size_t n = from->keys.len, kept = 0;
    for (size_t first = 0, end; first < n; first = end) {
        end = person_end(keys, n, first);
        if (panel_has(&panel->rule, kind, panel_hash(panel, kind, (uint32_t)(keys[first] >> 32)))) {
            if (!move_person(held, keys + first, end - first))
                return false;
            held_record->n_users++;
            continue;
        }
        memmove(keys + kept, keys + first, (end - first) * sizeof *keys);
        kept += end - first;
    }
    from->keys.len = record->n_likes = kept;
    record->n_users -= held_record->n_users;
    held_record->n_likes = held->keys.len;
    return true;
}

/* The panel as a builder of its own, taken out of b. */
static enum err take_panel(struct dataset_builder *b, struct panel *panel, struct dataset_builder *held,
                           struct fail *why)
{
    choose_bounds(b, panel);
    struct interactions *parts = b->parts.data;
    struct dataset_source *sources = b->sources.data;
    for (size_t i = 0; i < b->parts.len; i++) {
        struct dataset_source record = sources[i];
        struct interactions part = INTERACTIONS_NONE;
        record.n_users = record.n_likes = 0;
        bool ok = hold_out(panel, kind_of(&sources[i]), &parts[i], &part, &sources[i], &record) &&
                  vec_push(&held->sources, &record);
        if (!ok || !vec_push(&held->parts, &part)) {
            interactions_free(&part);
            return fail_set(why, ERR_NOMEM, "out of memory for the held-out users");
        }
    }
    return ERR_OK;
}

/* The items of what is left of all sources, and how much it is. */
static enum err collect_items(const struct dataset_builder *b, struct id_table *items, size_t *n_users,
                              size_t *n, struct fail *why)
{
    const struct interactions *parts = b->parts.data;
    const struct dataset_source *sources = b->sources.data;
    const struct interactions **sets = calloc(b->parts.len + 1, sizeof *sets);
    if (sets == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory");
    *n_users = *n = 0;
    for (size_t i = 0; i < b->parts.len; i++) {
        *n_users += sources[i].n_users;
        *n += sources[i].n_likes;
        sets[i] = &parts[i];
    }
    enum err rc = id_table_items(items, sets, b->parts.len, why);
    free(sets);
    return rc;
}

/* Uses up the builder's parts; nothing is written where nothing is left. *n: likes. */
static enum err write_all(struct dataset_builder *b, const struct dataset_rules *rules, const char *path,
                          size_t *n, struct fail *why)
{
    struct id_table items = {0};
    struct table table = {0};
    struct interactions *parts = b->parts.data;
    size_t n_users = 0;
    enum err rc = collect_items(b, &items, &n_users, n, why);
    if (rc == ERR_OK && *n > 0)
        rc = table_alloc(&table, n_users, *n, why);
    for (size_t i = 0; i<b->parts.len && * n> 0 && rc == ERR_OK; i++)
        rc = table_append(&table, &parts[i], (uint32_t)i, &items, why);
    if (rc == ERR_OK && *n > 0)
        rc = write_table(b, rules, &table, &items, path, why);
    table_free(&table);
    id_table_free(&items);
    return rc;
}

static enum err write_panel(struct dataset_builder *b, const struct dataset_rules *rules, const char *path,
                            struct fail *why)
{
    char file[PANEL_PATH];
    struct dataset_builder held;
    size_t n = 0;
    dataset_builder_init(&held);
    enum err rc = panel_path(path, file, sizeof file, why);
    if (rc == ERR_OK && rules->panel != NULL)
        rc = take_panel(b, rules->panel, &held, why);
    if (rc == ERR_OK && rules->panel != NULL)
        rc = write_all(&held, rules, file, &n, why);
    if (rc == ERR_OK && n == 0)
        unlink(file); /* of a dataset that was here before */
    dataset_builder_free(&held);
    return rc;
}

enum err dataset_builder_write(struct dataset_builder *b, const struct dataset_rules *rules, const char *path,
                               struct fail *why)
{
    size_t n = 0;
    apply_rules(b, rules);
    enum err rc = write_panel(b, rules, path, why);
    if (rc == ERR_OK)
        rc = write_all(b, rules, path, &n, why);
    if (rc == ERR_OK && n == 0)
        rc = fail_set(
            why, ERR_INVALID, "no interactions left: %zu sources, threshold %g, at least %zu per user%s",
            b->parts.len, (double)rules->threshold, (size_t)(rules->min_user > 0 ? rules->min_user : 1),
            rules->catalog != NULL ? ", films of the catalog only" : "");
    return rc;
}
