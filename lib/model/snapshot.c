#include "model/snapshot.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/secret.h"
#include "domain/presentation.h"
#include "domain/genre_set.h"
#include "domain/tone.h"
#include "model/factors.h"

static const uint32_t item_sizes[SNAP_TAG_END] = {
    [SNAP_META] = 1,
    [SNAP_STRINGS] = 1,
    [SNAP_MOVIES] = sizeof(struct snapshot_movie),
    [SNAP_CHARACTERS] = sizeof(struct snapshot_character),
    [SNAP_CAST] = sizeof(uint32_t),
    [SNAP_RANKING] = sizeof(uint32_t),
    [SNAP_RANK_START] = sizeof(uint32_t),
    [SNAP_WALL] = sizeof(uint32_t),
    [SNAP_LINKS] = sizeof(struct snapshot_link),
    [SNAP_TYPES] = sizeof(struct snapshot_type),
    [SNAP_WINGS] = sizeof(struct snapshot_wing),
    [SNAP_BRIDGES] = sizeof(struct snapshot_bridge),
    [SNAP_GRADES] = sizeof(float),
    [SNAP_PARTNERS] = 1,
    [SNAP_SIMILARITY] = sizeof(float),
    [SNAP_SURVEY] = 1,
    [SNAP_ITEMS] = sizeof(struct survey_item),
    [SNAP_BLEND] = sizeof(struct snapshot_blend),
    [SNAP_ITEM_OF] = sizeof(int32_t),
    [SNAP_MODEL... SNAP_MODEL_LAST] = 1,
    [SNAP_FOREST] = 1,
    [SNAP_MOMENTS] = sizeof(float),
    [SNAP_KEYS] = 1,
    [SNAP_FINDER] = sizeof(struct snapshot_finder),
    [SNAP_MOVIE_ALIASES] = sizeof(struct snapshot_alias),
    [SNAP_CHARACTER_ALIASES] = sizeof(struct snapshot_alias),
};
_Static_assert((int)SNAP_TAG_END <= (int)SECTION_MAX, "sections of a snapshot");

/* Sections whose length the program fixes. */
static const uint32_t fixed_counts[SNAP_TAG_END] = {
    [SNAP_RANK_START] = MBTI_COUNT + 1,
    [SNAP_TYPES] = MBTI_COUNT,
    [SNAP_WINGS] = ENNEAGRAM_COUNT,
    [SNAP_BRIDGES] = 36,
    [SNAP_GRADES] = MBTI_COUNT * MBTI_COUNT,
    [SNAP_PARTNERS] = MBTI_COUNT,
    [SNAP_SIMILARITY] = ENNEAGRAM_COUNT * ENNEAGRAM_COUNT,
    [SNAP_BLEND] = 1,
};

static const struct section_format format = {
    .magic = "MVTISNAP",
    .published = true,
    .version = SNAPSHOT_VERSION,
    .noun = "snapshot",
    .n_sections = SNAP_TAG_END - 1,
    .item_sizes = item_sizes,
};

const struct section_format *snapshot_format(void)
{
    return &format;
}

static void point(struct snapshot *s)
{
    const void *const *data = s->file.data;
    const size_t *count = s->file.count;
    s->meta = data[SNAP_META];
    s->meta_len = count[SNAP_META];
    s->strings = data[SNAP_STRINGS];
    s->strings_len = count[SNAP_STRINGS];
    s->movies = data[SNAP_MOVIES];
    s->n_movies = count[SNAP_MOVIES];
    s->characters = data[SNAP_CHARACTERS];
    s->n_characters = count[SNAP_CHARACTERS];
    s->cast = data[SNAP_CAST];
    s->ranking = data[SNAP_RANKING];
    s->rank_start = data[SNAP_RANK_START];
    s->wall = data[SNAP_WALL];
    s->keys = data[SNAP_KEYS];
    s->finder = data[SNAP_FINDER];
    s->character_finder = s->finder + s->n_movies;
    s->kind_finder = s->character_finder + s->n_characters;
    s->links = data[SNAP_LINKS];
    s->n_links = count[SNAP_LINKS];
    s->movie_aliases = data[SNAP_MOVIE_ALIASES];
    s->n_movie_aliases = count[SNAP_MOVIE_ALIASES];
    s->character_aliases = data[SNAP_CHARACTER_ALIASES];
    s->n_character_aliases = count[SNAP_CHARACTER_ALIASES];
    s->types = data[SNAP_TYPES];
    s->wings = data[SNAP_WINGS];
    s->bridges = data[SNAP_BRIDGES];
    s->grades = data[SNAP_GRADES];
    s->partners = data[SNAP_PARTNERS];
    s->similarity = data[SNAP_SIMILARITY];
    s->survey = data[SNAP_SURVEY];
    s->survey_len = count[SNAP_SURVEY];
    s->items = data[SNAP_ITEMS];
    s->n_survey_items = count[SNAP_ITEMS];
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
        if (!texts_ok(s, m->texts, SNAPSHOT_MOVIE_TEXTS) || !texts_ok(s, &m->theme, 1) ||
            (i > 0 && m->id <= s->movies[i - 1].id))
            return false;
        if (m->rated > 1 || (uint64_t)m->cast_start + m->cast_count > s->n_characters ||
            (uint64_t)m->link_start + m->link_count > s->n_links || !floats_ok(&m->popularity, 1, 0, 1))
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
            !presentation_valid(c->presentation) || c->votes < -1 || !floats_ok(&c->certainty, 1, 0, 1) ||
            !floats_ok(&c->popularity, 1, 0, 1))
            return false;
    }
    return true;
}

static bool aliases_ok(const struct snapshot_alias *a, size_t n, size_t n_shown)
{
    for (size_t i = 0; i < n; i++)
        if (a[i].index >= n_shown || (i > 0 && a[i].id <= a[i - 1].id))
            return false;
    return true;
}

/* Of n things, each with an offset in the keys. */
static bool finds_ok(const struct snapshot *s, const struct snapshot_finder *f, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (f[i].index >= n || f[i].key >= s->file.count[SNAP_KEYS])
            return false;
    return true;
}

static bool finder_ok(const struct snapshot *s)
{
    size_t n = s->file.count[SNAP_KEYS];
    return s->file.count[SNAP_FINDER] == s->n_movies + s->n_characters + SNAPSHOT_KINDS && n > 0 &&
           s->keys[n - 1] == '\0' && finds_ok(s, s->finder, s->n_movies) &&
           finds_ok(s, s->character_finder, s->n_characters) && finds_ok(s, s->kind_finder, SNAPSHOT_KINDS);
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
        if (!survey_item_valid(&s->items[i]))
            return false;
    return s->rank_start[0] == 0 && s->rank_start[MBTI_COUNT] == s->n_characters &&
           s->n_survey_items <= SURVEY_MAX_ITEMS;
}

static bool items_ok(const int32_t *item_of, size_t n_movies, size_t n_items)
{
    for (size_t j = 0; j < n_movies; j++)
        if (item_of[j] < -1 || item_of[j] >= (int32_t)n_items)
            return false;
    return true;
}

/* The models are whole model files of their own, checked as such. */
static enum err open_parts(struct snapshot *s, const char *path, struct fail *why)
{
    const struct snapshot_blend *b = s->file.data[SNAP_BLEND];
    const int32_t *item_of = s->file.data[SNAP_ITEM_OF];
    if (b->n_parts > FUSION_PARTS || b->rule >= FUSION_RULES || !floats_ok(&b->cold, 1, 0, MODEL_LARGEST) ||
        !floats_ok(b->weight, FUSION_PARTS, 0, MODEL_LARGEST) ||
        !floats_ok(b->weight_long, FUSION_PARTS, 0, MODEL_LARGEST) ||
        s->file.count[SNAP_ITEM_OF] != b->n_parts * s->n_movies)
        return fail_set(why, ERR_CORRUPT, "%s: the blend is inconsistent", path);
    s->fusion = (struct fusion){.rule = (enum fusion_rule)b->rule, .n_films = s->n_movies, .cold = b->cold};
    for (size_t p = 0; p < b->n_parts; p++, item_of += s->n_movies) {
        enum err rc = model_parse(
            &s->models[p],
            &(struct named_bytes){s->file.data[SNAP_MODEL + p], s->file.count[SNAP_MODEL + p], path}, why);
        if (rc != ERR_OK)
            return rc;
        struct scorer scorer = model_scorer(&s->models[p]);
        if (scorer.score == NULL || !items_ok(item_of, s->n_movies, scorer.n_items))
            return fail_set(why, ERR_CORRUPT, "%s: model %zu does not match the films", path, p + 1);
        s->fusion.parts[s->fusion.n_parts++] = (struct fusion_part){.scorer = scorer,
                                                                    .item_of = item_of,
                                                                    .weight = b->weight[p],
                                                                    .weight_long = b->weight_long[p],
                                                                    .content = b->is_content[p] != 0};
    }
    return ERR_OK;
}

/* The forest must be of the very vectors of its part. */
static enum err open_forest(struct snapshot *s, const char *path, struct fail *why)
{
    const struct snapshot_blend *b = s->file.data[SNAP_BLEND];
    struct forest forest;
    if (b->searched == 0)
        return ERR_OK;
    if (b->searched > b->n_parts)
        return fail_set(why, ERR_CORRUPT, "%s: the forest does not match the films", path);
    const struct model *m = &s->models[b->searched - 1];
    enum err rc = forest_parse(
        &forest, &(struct named_bytes){s->file.data[SNAP_FOREST], s->file.count[SNAP_FOREST], path}, why);
    if (rc != ERR_OK)
        return rc;
    size_t d = forest.info->dimensions, n = near_moments_count(d);
    if (forest.info->n_items != m->n_items || m->info->n_factors != d || d > FACTORS_MAX ||
        m->n_weights != m->n_items * d ||
        memcmp(forest.vectors, m->weights, m->n_weights * sizeof(float)) != 0 ||
        s->file.count[SNAP_MOMENTS] != n ||
        !floats_ok(s->file.data[SNAP_MOMENTS], n, -MODEL_LARGEST, MODEL_LARGEST))
        return fail_set(why, ERR_CORRUPT, "%s: the forest does not match its model", path);
    s->near = calloc(1, sizeof *s->near);
    if (s->near == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory");
    s->fusion.parts[b->searched - 1].near = s->near;
    return near_init(s->near, &forest, s->file.data[SNAP_MOMENTS], why);
}

static enum err check_content(const struct snapshot *s, const char *path, struct fail *why)
{
    const size_t *count = s->file.count;
    const char *what = NULL;
    for (uint32_t tag = 1; tag < SNAP_TAG_END; tag++)
        if (fixed_counts[tag] != 0 && count[tag] != fixed_counts[tag])
            return fail_set(why, ERR_CORRUPT, "%s: section %u: wrong length", path, tag);
    if (s->strings_len == 0 || s->strings[0] != '\0' || s->strings[s->strings_len - 1] != '\0')
        what = "string section";
    else if (count[SNAP_CAST] != s->n_characters || count[SNAP_RANKING] != s->n_characters ||
             count[SNAP_WALL] != s->n_movies)
        what = "list lengths";
    else if (!movies_ok(s))
        what = "movies";
    else if (!characters_ok(s))
        what = "characters";
    else if (!lists_ok(s))
        what = "lists";
    else if (!aliases_ok(s->movie_aliases, s->n_movie_aliases, s->n_movies) ||
             !aliases_ok(s->character_aliases, s->n_character_aliases, s->n_characters))
        what = "aliases";
    else if (!finder_ok(s))
        what = "search keys";
    else if (!texts_ok(s, (const uint32_t *)s->links, s->n_links * 2) ||
             !texts_ok(s, (const uint32_t *)s->types, MBTI_COUNT * sizeof *s->types / 4) ||
             !texts_ok(s, (const uint32_t *)s->wings, ENNEAGRAM_COUNT * sizeof *s->wings / 4) ||
             !texts_ok(s, (const uint32_t *)s->bridges, 36 * sizeof *s->bridges / 4))
        what = "texts";
    else if (!floats_ok(s->grades, MBTI_COUNT * MBTI_COUNT, 0, 1) ||
             !floats_ok(s->similarity, ENNEAGRAM_COUNT * ENNEAGRAM_COUNT, 0, 1))
        what = "numbers";
    if (what != NULL)
        return fail_set(why, ERR_CORRUPT, "%s: the %s do not match each other", path, what);
    return ERR_OK;
}

static enum err read_genres(struct snapshot *s, struct fail *why)
{
    struct genre_set_names names = {0};
    s->tones = malloc(s->n_movies + 1);
    s->genres = calloc(s->n_movies + 1, sizeof *s->genres);
    if (s->tones == NULL || s->genres == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory");
    for (size_t j = 0; j < s->n_movies; j++) {
        const char *genres = snapshot_text(s, s->movies[j].genres);
        s->tones[j] = (uint8_t)tone_of(genres);
        s->genres[j] = genre_set_of(&names, genres);
    }
    return ERR_OK;
}

/* Takes over s->file. */
static enum err adopt(struct snapshot *s, const char *name, struct fail *why)
{
    point(s);
    enum err rc = check_content(s, name, why);
    if (rc == ERR_OK)
        rc = open_parts(s, name, why);
    if (rc == ERR_OK)
        rc = open_forest(s, name, why);
    if (rc == ERR_OK)
        rc = read_genres(s, why);
    if (rc != ERR_OK) {
        snapshot_close(s);
        return rc;
    }
    char hex[2 * SECTION_HASH + 1];
    secret_hex(hex, s->file.header->content, SECTION_HASH);
    memcpy(s->id, hex, SNAPSHOT_ID_CHARS);
    s->created = s->file.header->created;
    s->size = s->file.header->file_size;
    return ERR_OK;
}

enum err snapshot_open(struct snapshot *s, const char *path, struct fail *why)
{
    *s = (struct snapshot){0};
    enum err rc = section_file_open(&s->file, &format, path, why);
    return rc == ERR_OK ? adopt(s, path, why) : rc;
}

enum err snapshot_parse(struct snapshot *s, const struct named_bytes *from, struct fail *why)
{
    *s = (struct snapshot){0};
    enum err rc = section_file_parse(&s->file, &format, from, why);
    return rc == ERR_OK ? adopt(s, from->name, why) : rc;
}

void snapshot_close(struct snapshot *s)
{
    if (s->near != NULL)
        near_free(s->near);
    free(s->near);
    free(s->tones);
    free(s->genres);
    section_file_close(&s->file);
    *s = (struct snapshot){0};
}

const char *snapshot_text(const struct snapshot *s, uint32_t offset)
{
    return offset < s->strings_len ? s->strings + offset : "";
}

/* Where id stands among n records of `size` bytes that begin with theirs, in ascending order; −1 nowhere. */
static int64_t find_id(const void *records, size_t n, size_t size, int32_t id)
{
    size_t lo = 0, hi = n;
    int32_t at;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        memcpy(&at, (const char *)records + mid * size, sizeof at);
        if (at == id)
            return (int64_t)mid;
        if (at < id)
            lo = mid + 1;
        else
            hi = mid;
    }
    return -1;
}

static int64_t find_alias(const struct snapshot_alias *a, size_t n, int32_t id)
{
    int64_t at = find_id(a, n, sizeof *a, id);
    return at < 0 ? -1 : (int64_t)a[at].index;
}

int64_t snapshot_movie_index(const struct snapshot *s, int32_t id)
{
    int64_t at = find_id(s->movies, s->n_movies, sizeof *s->movies, id);
    return at >= 0 ? at : find_alias(s->movie_aliases, s->n_movie_aliases, id);
}

int64_t snapshot_character_index(const struct snapshot *s, int32_t id)
{
    int64_t at = find_id(s->characters, s->n_characters, sizeof *s->characters, id);
    return at >= 0 ? at : find_alias(s->character_aliases, s->n_character_aliases, id);
}

int snapshot_temperament(uint8_t mbti)
{
    bool intuition = (mbti & 4) != 0;
    if (intuition)
        return (mbti & 2) != 0 ? 0 : 1;
    return (mbti & 1) != 0 ? 3 : 2;
}

float snapshot_similarity(const struct snapshot *s, uint8_t a, uint8_t b)
{
    bool both = a < ENNEAGRAM_COUNT && b < ENNEAGRAM_COUNT;
    return both ? s->similarity[a * ENNEAGRAM_COUNT + b] : NAN;
}
