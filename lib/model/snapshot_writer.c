#include "model/snapshot_writer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/secret.h"
#include "model/snapshot_finder.h"

enum { INTERN_START = 1 << 12 };

void snapshot_builder_init(struct snapshot_builder *b)
{
    *b = (struct snapshot_builder){.intern = VEC_OF(uint32_t),
                                   .movies = VEC_OF(struct snapshot_movie),
                                   .characters = VEC_OF(struct snapshot_character),
                                   .links = VEC_OF(struct builder_link),
                                   .movie_aliases = VEC_OF(struct builder_alias),
                                   .character_aliases = VEC_OF(struct builder_alias),
                                   .items = VEC_OF(struct survey_item)};
    buf_putc(&b->strings, '\0');
}

void snapshot_builder_free(struct snapshot_builder *b)
{
    buf_free(&b->strings);
    buf_free(&b->survey);
    buf_free(&b->meta);
    vec_free(&b->intern);
    vec_free(&b->movies);
    vec_free(&b->characters);
    vec_free(&b->links);
    vec_free(&b->movie_aliases);
    vec_free(&b->character_aliases);
    vec_free(&b->items);
}

/* FNV-1a (Fowler, Noll, Vo): good enough for a table that only removes duplicates. */
static uint64_t hash_text(const char *s)
{
    uint64_t h = 0xcbf29ce484222325u;
    for (; *s != '\0'; s++)
        h = (h ^ (unsigned char)*s) * 0x100000001b3u;
    return h;
}

static uint32_t *intern_slot(const struct snapshot_builder *b, const char *text)
{
    uint32_t *table = b->intern.data;
    size_t mask = b->intern.len - 1;
    size_t i = hash_text(text) & mask;
    while (table[i] != 0 && strcmp(b->strings.data + table[i], text) != 0)
        i = (i + 1) & mask;
    return &table[i];
}

static bool intern_grow(struct snapshot_builder *b)
{
    struct vec old = b->intern;
    size_t len = old.len == 0 ? INTERN_START : old.len * 2;
    struct vec next = VEC_OF(uint32_t);
    if (!vec_reserve(&next, len))
        return false;
    next.len = len;
    memset(next.data, 0, len * sizeof(uint32_t));
    b->intern = next;
    for (size_t i = 0; i < old.len; i++) {
        uint32_t offset = ((uint32_t *)old.data)[i];
        if (offset != 0)
            *intern_slot(b, b->strings.data + offset) = offset;
    }
    vec_free(&old);
    return true;
}

uint32_t snapshot_builder_text(struct snapshot_builder *b, const char *text)
{
    if (text == NULL || text[0] == '\0' || b->strings.failed)
        return 0;
    if (b->n_interned * 2 >= b->intern.len && !intern_grow(b)) {
        b->strings.failed = true;
        return 0;
    }
    uint32_t *slot = intern_slot(b, text);
    if (*slot != 0)
        return *slot;
    size_t at = b->strings.len;
    size_t n = strlen(text) + 1;
    if (at + n > UINT32_MAX) {
        b->strings.failed = true;
        return 0;
    }
    buf_put(&b->strings, text, n);
    if (b->strings.failed)
        return 0;
    b->n_interned++;
    return *slot = (uint32_t)at;
}

/* ---- order and links ---- */

static int by_id(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

static int links_by_movie(const void *a, const void *b)
{
    const struct builder_link *x = a, *y = b;
    if (x->movie_id != y->movie_id)
        return x->movie_id < y->movie_id ? -1 : 1;
    return (x->platform > y->platform) - (x->platform < y->platform);
}

/* Where a record with this id stands in a vector of records that begin with theirs, in ascending order. */
static int64_t find_record(const struct vec *records, size_t size, int32_t id)
{
    if (records->len == 0)
        return -1;
    const char *found = bsearch(&id, records->data, records->len, size, by_id);
    return found == NULL ? -1 : (found - (const char *)records->data) / (int64_t)size;
}

static int64_t find_movie(const struct snapshot_builder *b, int32_t id)
{
    return find_record(&b->movies, sizeof(struct snapshot_movie), id);
}

static enum err sort_records(struct snapshot_builder *b, struct fail *why)
{
    struct snapshot_movie *m = b->movies.data;
    struct snapshot_character *c = b->characters.data;
    if (b->movies.len == 0)
        return fail_set(why, ERR_INVALID, "the catalog has no films; import movies first");
    qsort(m, b->movies.len, sizeof *m, by_id);
    for (size_t i = 1; i < b->movies.len; i++)
        if (m[i].id == m[i - 1].id)
            return fail_set(why, ERR_INVALID, "duplicate movie %d", m[i].id);
    if (b->characters.len > 0)
        qsort(c, b->characters.len, sizeof *c, by_id);
    for (size_t i = 0; i < b->characters.len; i++) {
        int64_t movie = find_movie(b, (int32_t)c[i].movie);
        if (movie < 0)
            return fail_set(why, ERR_INVALID, "character %d: its movie %d is not in the catalog", c[i].id,
                            (int32_t)c[i].movie);
        if (i > 0 && c[i].id == c[i - 1].id)
            return fail_set(why, ERR_INVALID, "character %d occurs twice", c[i].id);
        c[i].movie = (uint32_t)movie;
    }
    return ERR_OK;
}

/* Each movie's item in each part. Items of a part that are no movies of the catalog weigh in nothing. */
static void place_items(struct snapshot_builder *b, int32_t *item_of)
{
    struct snapshot_movie *m = b->movies.data;
    for (size_t i = 0; i < b->movies.len; i++)
        m[i].rated = 0;
    for (size_t p = 0; p < b->blend.n_parts; p++, item_of += b->movies.len) {
        const struct model *part = b->models[p];
        for (size_t i = 0; i < b->movies.len; i++)
            item_of[i] = -1;
        for (size_t i = 0; i < part->n_items; i++) {
            int64_t at = find_movie(b, part->item_ids[i]);
            if (at < 0)
                continue;
            item_of[at] = (int32_t)i;
            m[at].rated |= !b->blend.is_content[p];
        }
    }
}

static void place_links(struct snapshot_builder *b, struct snapshot_link *out)
{
    struct builder_link *l = b->links.data;
    struct snapshot_movie *m = b->movies.data;
    size_t n = b->links.len, kept = 0;
    if (n > 0)
        qsort(l, n, sizeof *l, links_by_movie);
    for (size_t i = 0; i < n; i++) {
        int64_t at = find_movie(b, l[i].movie_id);
        if (at < 0)
            continue;
        if (m[at].link_count == 0)
            m[at].link_start = (uint32_t)kept;
        m[at].link_count++;
        out[kept++] = (struct snapshot_link){l[i].platform, l[i].url};
    }
    b->links.len = kept;
}

/* How many there are. */
static size_t place_aliases(struct vec *aliases, const struct vec *shown, size_t size,
                            struct snapshot_alias *out)
{
    struct builder_alias *a = aliases->data;
    size_t n = 0;
    if (aliases->len > 1)
        qsort(a, aliases->len, sizeof *a, by_id);
    for (size_t i = 0; i < aliases->len; i++) {
        int64_t at = find_record(shown, size, a[i].shown);
        bool again = n > 0 && out[n - 1].id == a[i].id;
        if (at >= 0 && !again && find_record(shown, size, a[i].id) < 0)
            out[n++] = (struct snapshot_alias){a[i].id, (uint32_t)at};
    }
    return n;
}

/* qsort_r's context is the character array: more popular first, then the smaller id. */
static int by_popularity(const void *a, const void *b, void *arg)
{
    const struct snapshot_character *all = arg;
    const struct snapshot_character *x = &all[*(const uint32_t *)a], *y = &all[*(const uint32_t *)b];
    if (x->popularity != y->popularity)
        return x->popularity > y->popularity ? -1 : 1;
    return (x->id > y->id) - (x->id < y->id);
}

static int by_movie_popularity(const void *a, const void *b, void *arg)
{
    const struct snapshot_movie *all = arg;
    const struct snapshot_movie *x = &all[*(const uint32_t *)a], *y = &all[*(const uint32_t *)b];
    if (x->popularity != y->popularity)
        return x->popularity > y->popularity ? -1 : 1;
    return (x->id > y->id) - (x->id < y->id);
}

static void fill_cast(struct snapshot_builder *b, uint32_t *cast)
{
    struct snapshot_character *c = b->characters.data;
    struct snapshot_movie *m = b->movies.data;
    for (size_t i = 0; i < b->characters.len; i++)
        m[c[i].movie].cast_count++;
    uint32_t at = 0;
    for (size_t i = 0; i < b->movies.len; i++) {
        m[i].cast_start = at;
        at += m[i].cast_count;
        m[i].cast_count = 0;
    }
    for (size_t i = 0; i < b->characters.len; i++) {
        struct snapshot_movie *film = &m[c[i].movie];
        cast[film->cast_start + film->cast_count++] = (uint32_t)i;
    }
    for (size_t i = 0; i < b->movies.len; i++)
        qsort_r(cast + m[i].cast_start, m[i].cast_count, sizeof *cast, by_popularity, c);
}

static void fill_ranking(struct snapshot_builder *b, uint32_t *ranking, uint32_t start[MBTI_COUNT + 1])
{
    struct snapshot_character *c = b->characters.data;
    size_t at = 0;
    for (uint8_t t = 0; t < MBTI_COUNT; t++) {
        start[t] = (uint32_t)at;
        for (size_t i = 0; i < b->characters.len; i++)
            if (c[i].mbti == t)
                ranking[at++] = (uint32_t)i;
        qsort_r(ranking + start[t], at - start[t], sizeof *ranking, by_popularity, c);
    }
    start[MBTI_COUNT] = (uint32_t)at;
}

/* ---- writing ---- */

/* The name holds the hash, which is known only when all is written: write beside, then rename. */
static enum err write_file(const struct section_part parts[SNAP_TAG_END], const char *folder, int64_t created,
                           char *out, size_t size, struct fail *why)
{
    char fresh[1024], hex[2 * SECTION_HASH + 1];
    uint8_t content[SECTION_HASH];
    if (snprintf(fresh, sizeof fresh, "%s/new.%ld", folder, (long)getpid()) >= (int)sizeof fresh)
        return fail_set(why, ERR_INVALID, "%.200s…: path too long", folder);
    struct section_format format = *snapshot_format();
    format.created = created;
    enum err rc = section_file_write(&format, fresh, parts, content, why);
    if (rc != ERR_OK)
        return rc;
    secret_hex(hex, content, sizeof content);
    int n = snprintf(out, size, "%s/mvti-%.*s.mvs", folder, SNAPSHOT_ID_CHARS, hex);
    if (n < 0 || (size_t)n >= size)
        rc = fail_set(why, ERR_INVALID, "%.200s…: path too long", folder);
    else if (rename(fresh, out) != 0)
        rc = fail_errno(why, ERR_IO, "%s", out);
    if (rc != ERR_OK)
        unlink(fresh);
    return rc;
}

struct derived {
    uint32_t *cast, *ranking, *wall, rank_start[MBTI_COUNT + 1];
    struct snapshot_link *links;
    int32_t *item_of;
    float *moments; /* [n_moments] of the forest's vectors */
    size_t n_moments;
    struct buf keys;
    struct snapshot_finder *finder;
    size_t n_finder;
    struct snapshot_alias *movie_aliases, *character_aliases;
    size_t n_movie_aliases, n_character_aliases;
};

static enum err derive(struct snapshot_builder *b, struct derived *d, struct fail *why)
{
    enum err rc = sort_records(b, why);
    if (rc != ERR_OK)
        return rc;
    d->cast = calloc(b->characters.len + 1, sizeof *d->cast);
    d->ranking = calloc(b->characters.len + 1, sizeof *d->ranking);
    d->wall = calloc(b->movies.len + 1, sizeof *d->wall);
    d->links = calloc(b->links.len + 1, sizeof *d->links);
    d->n_finder = b->movies.len + b->characters.len + SNAPSHOT_KINDS;
    d->finder = calloc(d->n_finder, sizeof *d->finder);
    d->movie_aliases = calloc(b->movie_aliases.len + 1, sizeof *d->movie_aliases);
    d->character_aliases = calloc(b->character_aliases.len + 1, sizeof *d->character_aliases);
    const struct forest_info *forest = b->forest == NULL ? NULL : b->forest->info;
    d->n_moments = forest == NULL ? 0 : near_moments_count(forest->dimensions);
    d->moments = malloc((d->n_moments + 1) * sizeof *d->moments);
    d->item_of = malloc((b->blend.n_parts * b->movies.len + 1) * sizeof *d->item_of);
    if (!d->cast || !d->ranking || !d->wall || !d->links || !d->item_of || !d->moments || !d->finder ||
        !d->movie_aliases || !d->character_aliases || b->strings.failed || b->survey.failed || b->meta.failed)
        return fail_set(why, ERR_NOMEM, "out of memory while building the snapshot");
    if (forest != NULL)
        near_moments(b->forest->vectors, forest->n_items, forest->dimensions, d->moments);
    place_items(b, d->item_of);
    place_links(b, d->links);
    d->n_movie_aliases =
        place_aliases(&b->movie_aliases, &b->movies, sizeof(struct snapshot_movie), d->movie_aliases);
    d->n_character_aliases = place_aliases(&b->character_aliases, &b->characters,
                                           sizeof(struct snapshot_character), d->character_aliases);
    fill_cast(b, d->cast);
    fill_ranking(b, d->ranking, d->rank_start);
    for (size_t i = 0; i < b->movies.len; i++)
        d->wall[i] = (uint32_t)i;
    qsort_r(d->wall, b->movies.len, sizeof *d->wall, by_movie_popularity, b->movies.data);
    if (snapshot_finder_fill(b, d->wall, &d->keys, d->finder) != ERR_OK)
        return fail_set(why, ERR_NOMEM, "out of memory while building the snapshot");
    return ERR_OK;
}

enum err snapshot_writer_build(struct snapshot_builder *b, const char *folder, int64_t created, char *out,
                               size_t size, struct fail *why)
{
    struct derived d = {0};
    enum err rc = derive(b, &d, why);
    if (rc == ERR_OK) {
        struct section_part parts[SNAP_TAG_END] = {
            [SNAP_META] = {b->meta.data, b->meta.len},
            [SNAP_STRINGS] = {b->strings.data, b->strings.len},
            [SNAP_MOVIES] = {b->movies.data, b->movies.len},
            [SNAP_CHARACTERS] = {b->characters.data, b->characters.len},
            [SNAP_CAST] = {d.cast, b->characters.len},
            [SNAP_RANKING] = {d.ranking, b->characters.len},
            [SNAP_RANK_START] = {d.rank_start, MBTI_COUNT + 1},
            [SNAP_WALL] = {d.wall, b->movies.len},
            [SNAP_LINKS] = {d.links, b->links.len},
            [SNAP_TYPES] = {b->types, MBTI_COUNT},
            [SNAP_WINGS] = {b->wings, ENNEAGRAM_COUNT},
            [SNAP_BRIDGES] = {b->bridges, 36},
            [SNAP_GRADES] = {b->grades, MBTI_COUNT * MBTI_COUNT},
            [SNAP_PARTNERS] = {b->partners, MBTI_COUNT},
            [SNAP_SIMILARITY] = {b->similarity, ENNEAGRAM_COUNT * ENNEAGRAM_COUNT},
            [SNAP_SURVEY] = {b->survey.data, b->survey.len},
            [SNAP_ITEMS] = {b->items.data, b->items.len},
            [SNAP_BLEND] = {&b->blend, 1},
            [SNAP_ITEM_OF] = {d.item_of, b->blend.n_parts * b->movies.len},
            [SNAP_MOMENTS] = {d.moments, d.n_moments},
            [SNAP_KEYS] = {d.keys.data, d.keys.len},
            [SNAP_FINDER] = {d.finder, d.n_finder},
            [SNAP_MOVIE_ALIASES] = {d.movie_aliases, d.n_movie_aliases},
            [SNAP_CHARACTER_ALIASES] = {d.character_aliases, d.n_character_aliases},
        };
        if (b->forest != NULL)
            parts[SNAP_FOREST] =
                (struct section_part){b->forest->file.header, b->forest->file.header->file_size};
        for (size_t p = 0; p < b->blend.n_parts; p++)
            parts[SNAP_MODEL + p] =
                (struct section_part){b->models[p]->file.header, b->models[p]->file.header->file_size};
        rc = write_file(parts, folder, created, out, size, why);
    }
    free(d.cast);
    free(d.ranking);
    free(d.wall);
    free(d.links);
    free(d.item_of);
    free(d.moments);
    free(d.finder);
    free(d.movie_aliases);
    free(d.character_aliases);
    buf_free(&d.keys);
    return rc;
}

enum err snapshot_writer_point(const char *folder, const char *link_name, const char *name, struct fail *why)
{
    char link[1024], tmp[1088];
    if (snprintf(link, sizeof link, "%s/%s", folder, link_name) >= (int)sizeof link)
        return fail_set(why, ERR_INVALID, "%.200s…: path too long", folder);
    snprintf(tmp, sizeof tmp, "%s.tmp.%ld", link, (long)getpid());
    unlink(tmp);
    if (symlink(name, tmp) != 0 || rename(tmp, link) != 0) {
        enum err rc = fail_errno(why, ERR_IO, "%s", link);
        unlink(tmp);
        return rc;
    }
    return ERR_OK;
}

enum err snapshot_writer_switch(const char *folder, const char *name, struct fail *why)
{
    return snapshot_writer_point(folder, "current", name, why);
}
