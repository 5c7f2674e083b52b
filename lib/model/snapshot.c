#include "model/snapshot.h"

#include <math.h>
#include <string.h>

#include "base/secret.h"

/* What each section must look like: item size and, where it is fixed, the number of items. */
static const struct {
    size_t item_size;
    size_t count; /* 0: free */
} layout[SNAP_TAG_END] = {
    [SNAP_META] = {1, 0},
    [SNAP_STRINGS] = {1, 0},
    [SNAP_MOVIES] = {sizeof(struct snapshot_movie), 0},
    [SNAP_CHARACTERS] = {sizeof(struct snapshot_character), 0},
    [SNAP_CAST] = {4, 0},
    [SNAP_RANKING] = {4, 0},
    [SNAP_RANK_START] = {4, MBTI_COUNT + 1},
    [SNAP_WALL] = {4, 0},
    [SNAP_LINKS] = {sizeof(struct snapshot_link), 0},
    [SNAP_TYPES] = {sizeof(struct snapshot_type), MBTI_COUNT},
    [SNAP_WINGS] = {sizeof(struct snapshot_wing), ENNEAGRAM_COUNT},
    [SNAP_BRIDGES] = {sizeof(struct snapshot_bridge), 36},
    [SNAP_GRADES] = {4, MBTI_COUNT *MBTI_COUNT},
    [SNAP_PARTNERS] = {1, MBTI_COUNT},
    [SNAP_SIMILARITY] = {4, ENNEAGRAM_COUNT *ENNEAGRAM_COUNT},
    [SNAP_SURVEY] = {1, 0},
    [SNAP_ITEMS] = {sizeof(struct survey_item), 0},
    [SNAP_WEIGHTS] = {4, 0},
    [SNAP_GENRES] = {4, 0},
};

static enum err check_header(const struct map_file *m, const char *path, struct fail *why)
{
    const struct snapshot_header *h = (const void *)m->data;
    if (m->size < sizeof *h || memcmp(h->magic, "MVTISNAP", 8) != 0)
        return fail_set(why, ERR_CORRUPT, "%s: not a snapshot", path);
    if (h->version != SNAPSHOT_VERSION)
        return fail_set(why, ERR_CORRUPT, "%s: snapshot version %u, this program reads %d; publish again",
                        path, h->version, SNAPSHOT_VERSION);
    if (h->file_size != m->size)
        return fail_set(why, ERR_CORRUPT, "%s: holds %zu bytes of %llu", path, m->size,
                        (unsigned long long)h->file_size);
    if (h->n_sections != SNAP_TAG_END - 1 ||
        m->size < sizeof *h + (size_t)h->n_sections * sizeof(struct snapshot_section))
        return fail_set(why, ERR_CORRUPT, "%s: wrong number of sections", path);
    return ERR_OK;
}

static enum err check_hash(const struct map_file *m, const char *path, struct fail *why)
{
    struct snapshot_header h;
    memcpy(&h, m->data, sizeof h);
    uint8_t content[32], sum[32], stored[32];
    secret_hash(content, m->data + sizeof h, m->size - sizeof h);
    memcpy(stored, h.checksum, 32);
    memset(h.checksum, 0, 32);
    struct secret_hasher hasher;
    secret_hasher_init(&hasher);
    secret_hasher_add(&hasher, &h, sizeof h);
    secret_hasher_add(&hasher, content, 32);
    secret_hasher_end(&hasher, sum);
    if (memcmp(sum, stored, 32) != 0 || h.id[sizeof h.id - 1] != '\0')
        return fail_set(why, ERR_CORRUPT, "%s: checksum does not match the content", path);
    return ERR_OK;
}

static enum err find_sections(const struct map_file *m, const struct snapshot_section *out[SNAP_TAG_END],
                              const char *path, struct fail *why)
{
    const struct snapshot_header *h = (const void *)m->data;
    const struct snapshot_section *s = (const void *)(m->data + sizeof *h);
    for (uint32_t i = 0; i < h->n_sections; i++) {
        uint32_t tag = s[i].tag;
        if (tag == 0 || tag >= SNAP_TAG_END || out[tag] != NULL)
            return fail_set(why, ERR_CORRUPT, "%s: section %u: unknown or double tag %u", path, i, tag);
        if (s[i].item_size != layout[tag].item_size ||
            (layout[tag].count != 0 && s[i].count != layout[tag].count))
            return fail_set(why, ERR_CORRUPT, "%s: section %u: wrong size", path, tag);
        if (s[i].offset % 64 != 0 || s[i].offset > m->size ||
            s[i].count > (m->size - s[i].offset) / s[i].item_size)
            return fail_set(why, ERR_CORRUPT, "%s: section %u: outside the file", path, tag);
        out[tag] = &s[i];
    }
    return ERR_OK;
}

static void point(struct snapshot *s, const struct snapshot_section *const at[SNAP_TAG_END])
{
    const unsigned char *base = s->map.data;
#define AT(tag) ((const void *)(base + at[tag]->offset))
    s->header = (const void *)base;
    s->meta = AT(SNAP_META);
    s->meta_len = at[SNAP_META]->count;
    s->strings = AT(SNAP_STRINGS);
    s->strings_len = at[SNAP_STRINGS]->count;
    s->movies = AT(SNAP_MOVIES);
    s->n_movies = at[SNAP_MOVIES]->count;
    s->characters = AT(SNAP_CHARACTERS);
    s->n_characters = at[SNAP_CHARACTERS]->count;
    s->cast = AT(SNAP_CAST);
    s->ranking = AT(SNAP_RANKING);
    s->rank_start = AT(SNAP_RANK_START);
    s->wall = AT(SNAP_WALL);
    s->links = AT(SNAP_LINKS);
    s->n_links = at[SNAP_LINKS]->count;
    s->types = AT(SNAP_TYPES);
    s->wings = AT(SNAP_WINGS);
    s->bridges = AT(SNAP_BRIDGES);
    s->grades = AT(SNAP_GRADES);
    s->partners = AT(SNAP_PARTNERS);
    s->similarity = AT(SNAP_SIMILARITY);
    s->survey = AT(SNAP_SURVEY);
    s->survey_len = at[SNAP_SURVEY]->count;
    s->items = AT(SNAP_ITEMS);
    s->n_survey_items = at[SNAP_ITEMS]->count;
    s->weights = AT(SNAP_WEIGHTS);
    s->genres = AT(SNAP_GENRES);
#undef AT
    s->n_genres = s->n_movies > 0 ? at[SNAP_GENRES]->count / s->n_movies : 0;
    s->n_items = (size_t)sqrt((double)at[SNAP_WEIGHTS]->count);
}

static bool floats_ok(const float *x, size_t n, float least, float most)
{
    for (size_t i = 0; i < n; i++)
        if (!(x[i] >= least && x[i] <= most))
            return false;
    return true;
}

static bool texts_ok(const struct snapshot *s, const uint32_t *offsets, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (offsets[i] >= s->strings_len)
            return false;
    return true;
}

static bool movies_ok(const struct snapshot *s)
{
    for (size_t i = 0; i < s->n_movies; i++) {
        const struct snapshot_movie *m = &s->movies[i];
        const uint32_t texts[] = {m->title_ko, m->title_en, m->genres, m->country,
                                  m->plot_ko,  m->plot_en,  m->search};
        if (!texts_ok(s, texts, 7) || (i > 0 && m->id <= s->movies[i - 1].id))
            return false;
        if (m->item < -1 || (m->item >= 0 && (size_t)m->item >= s->n_items))
            return false;
        if ((uint64_t)m->cast_start + m->cast_count > s->n_characters ||
            (uint64_t)m->link_start + m->link_count > s->n_links || !floats_ok(&m->popularity, 1, 0, 1) ||
            !floats_ok(&m->rating, 1, 0, 10))
            return false;
    }
    return true;
}

static bool characters_ok(const struct snapshot *s)
{
    for (size_t i = 0; i < s->n_characters; i++) {
        const struct snapshot_character *c = &s->characters[i];
        const uint32_t texts[] = {c->name_ko,        c->name_en,        c->hashtags_ko, c->hashtags_en,
                                  c->description_ko, c->description_en, c->image};
        if (!texts_ok(s, texts, 7) || (i > 0 && c->id <= s->characters[i - 1].id))
            return false;
        if (c->movie >= s->n_movies || c->mbti >= MBTI_COUNT || c->enneagram >= ENNEAGRAM_COUNT ||
            c->votes < -1 || !floats_ok(&c->certainty, 1, 0, 1) || !floats_ok(&c->popularity, 1, 0, 1))
            return false;
    }
    return true;
}

static bool lists_ok(const struct snapshot *s)
{
    for (size_t i = 0; i < s->n_characters; i++)
        if (s->cast[i] >= s->n_characters || s->ranking[i] >= s->n_characters)
            return false;
    for (size_t i = 0; i < s->n_movies; i++)
        if (s->wall[i] >= s->n_movies)
            return false;
    for (int t = 0; t < MBTI_COUNT; t++)
        if (s->rank_start[t] > s->rank_start[t + 1] || s->partners[t] >= MBTI_COUNT)
            return false;
    for (size_t i = 0; i < s->n_survey_items; i++)
        if (s->items[i].axis >= MBTI_AXES)
            return false;
    return s->rank_start[0] == 0 && s->rank_start[MBTI_COUNT] == s->n_characters &&
           s->n_survey_items <= SURVEY_MAX_ITEMS;
}

static enum err check_content(const struct snapshot *s, const struct snapshot_section *const at[SNAP_TAG_END],
                              const char *path, struct fail *why)
{
    const char *what = NULL;
    if (s->strings_len == 0 || s->strings[0] != '\0' || s->strings[s->strings_len - 1] != '\0')
        what = "string section";
    else if (at[SNAP_CAST]->count != s->n_characters || at[SNAP_RANKING]->count != s->n_characters ||
             at[SNAP_WALL]->count != s->n_movies)
        what = "list lengths";
    else if (s->n_items * s->n_items != at[SNAP_WEIGHTS]->count ||
             s->n_genres * s->n_movies != at[SNAP_GENRES]->count)
        what = "matrix sizes";
    else if (!movies_ok(s))
        what = "movies";
    else if (!characters_ok(s))
        what = "characters";
    else if (!lists_ok(s))
        what = "lists";
    else if (!texts_ok(s, (const uint32_t *)s->links, s->n_links * 2) ||
             !texts_ok(s, (const uint32_t *)s->types, MBTI_COUNT * sizeof *s->types / 4) ||
             !texts_ok(s, (const uint32_t *)s->wings, ENNEAGRAM_COUNT * sizeof *s->wings / 4) ||
             !texts_ok(s, (const uint32_t *)s->bridges, 36 * sizeof *s->bridges / 4))
        what = "texts";
    else if (!floats_ok(s->grades, MBTI_COUNT * MBTI_COUNT, 0, 1) ||
             !floats_ok(s->similarity, ENNEAGRAM_COUNT * ENNEAGRAM_COUNT, 0, 1) ||
             !floats_ok(s->weights, s->n_items * s->n_items, -1e6f, 1e6f) ||
             !floats_ok(s->genres, s->n_genres * s->n_movies, 0, 1.001f))
        what = "numbers";
    if (what != NULL)
        return fail_set(why, ERR_CORRUPT, "%s: the %s do not fit together", path, what);
    return ERR_OK;
}

enum err snapshot_open(struct snapshot *s, const char *path, struct fail *why)
{
    *s = (struct snapshot){0};
    const struct snapshot_section *at[SNAP_TAG_END] = {0};
    enum err rc = map_file_open(&s->map, path, why);
    if (rc == ERR_OK)
        rc = check_header(&s->map, path, why);
    if (rc == ERR_OK)
        rc = check_hash(&s->map, path, why);
    if (rc == ERR_OK)
        rc = find_sections(&s->map, at, path, why);
    if (rc == ERR_OK) {
        point(s, at);
        rc = check_content(s, at, path, why);
    }
    if (rc != ERR_OK)
        snapshot_close(s);
    return rc;
}

void snapshot_close(struct snapshot *s)
{
    map_file_close(&s->map);
    *s = (struct snapshot){0};
}

const char *snapshot_text(const struct snapshot *s, uint32_t offset)
{
    return offset < s->strings_len ? s->strings + offset : "";
}

int64_t snapshot_movie_index(const struct snapshot *s, int32_t id)
{
    size_t lo = 0, hi = s->n_movies;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (s->movies[mid].id < id)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < s->n_movies && s->movies[lo].id == id ? (int64_t)lo : -1;
}

int64_t snapshot_character_index(const struct snapshot *s, int32_t id)
{
    size_t lo = 0, hi = s->n_characters;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (s->characters[mid].id < id)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < s->n_characters && s->characters[lo].id == id ? (int64_t)lo : -1;
}

int snapshot_temperament(uint8_t mbti)
{
    bool intuition = (mbti & 4) != 0;
    if (intuition)
        return (mbti & 2) != 0 ? 0 : 1;
    return (mbti & 1) != 0 ? 3 : 2;
}
