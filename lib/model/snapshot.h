/* The published file (*.mvs): catalog, personality tables and models in one immutable, memory-mapped,
 * checksummed file.
 * The container (header, section table, checksums) is that of base/section_file.h; the snapshot's id is the
 * first 16 hex digits of its content hash.
 *
 * Little-endian, float32 (IEEE 754), int32/uint32. Every text is a uint32 offset into the string section
 * (NUL- terminated UTF-8; offset 0 is ""). Movies are sorted by id, characters by id; "movie" and "character"
 * numbers below are indexes into those arrays. snapshot_open checks every offset and index once, so that
 * readers need no checks. */
#ifndef MVTI_MODEL_SNAPSHOT_H
#define MVTI_MODEL_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/named_bytes.h"
#include "base/section_file.h"
#include "domain/enneagram.h"
#include "domain/mbti.h"
#include "domain/survey.h"
#include "model/fusion.h"
#include "model/model_file.h"
#include "text/search_match.h"

enum { SNAPSHOT_VERSION = 8, SNAPSHOT_ID_CHARS = 16 };

/* Kinds of people: the MBTI types, the Enneagram types, and the pairs of both, type by type. */
enum { SNAPSHOT_KINDS = MBTI_COUNT + ENNEAGRAM_COUNT + MBTI_COUNT * ENNEAGRAM_COUNT };

/* The fields of a film that a snapshot takes from the catalog, under their names in store/catalog_fields.h: publishing
 * copies each, readers check it. A new field needs a new SNAPSHOT_VERSION. Plain fields are in the API under the same
 * name and in the same form (cgi/view.c). */
/* clang-format off */
#define SNAPSHOT_MOVIE_PLAIN(TEXT, NUMBER) \
    TEXT(country)   /* "KR" */
#define SNAPSHOT_MOVIE_FIELDS(TEXT, NUMBER) \
    NUMBER(year)    /* 0 unknown */         \
    TEXT(title_ko)                          \
    TEXT(title_en)                          \
    TEXT(genres)    /* "a|b" */             \
    SNAPSHOT_MOVIE_PLAIN(TEXT, NUMBER)      \
    TEXT(plot_ko)                           \
    TEXT(plot_en)
/* clang-format on */
#define SNAPSHOT_IS_TEXT(field) +1
#define SNAPSHOT_IS_NUMBER(field) +0
enum { SNAPSHOT_MOVIE_TEXTS = 0 SNAPSHOT_MOVIE_FIELDS(SNAPSHOT_IS_TEXT, SNAPSHOT_IS_NUMBER) };
#define SNAPSHOT_TEXT(field) uint32_t field;
#define SNAPSHOT_NUMBER(field) int32_t field;
#define SNAPSHOT_NONE(field)

enum snapshot_tag {
    SNAP_META =
        1, /* char[]: JSON object: model, hyperparameters, metrics, dataset, sources, simulated, counts */
    SNAP_STRINGS,    /* char[] */
    SNAP_MOVIES,     /* struct snapshot_movie[n_movies] */
    SNAP_CHARACTERS, /* struct snapshot_character[n_characters] */
    SNAP_CAST,       /* uint32[n_characters]: characters by movie, most popular first */
    SNAP_RANKING,    /* uint32[n_characters]: characters by MBTI type, most popular first */
    SNAP_RANK_START, /* uint32[17]: ranking of type t is [start[t], start[t+1]) */
    SNAP_WALL,       /* uint32[n_movies]: movies for the poster wall, best first */
    SNAP_LINKS,      /* struct snapshot_link[]: grouped by movie */
    SNAP_TYPES,      /* struct snapshot_type[16] */
    SNAP_WINGS,      /* struct snapshot_wing[18] */
    SNAP_BRIDGES,    /* struct snapshot_bridge[36]: temperament × 9 + core − 1; temperaments NF NT SJ SP */
    SNAP_GRADES,     /* float[16 × 16]: compatibility 0…1, row = the visitor's type */
    SNAP_PARTNERS,   /* uint8[16]: the compatible type */
    SNAP_SIMILARITY, /* float[18 × 18]: Enneagram similarity 0…1, symmetric */
    SNAP_SURVEY,     /* char[]: survey.json as served */
    SNAP_ITEMS,      /* struct survey_item[]: the survey's items in order */
    SNAP_BLEND,      /* struct snapshot_blend[1] */
    SNAP_ITEM_OF, /* int32[n_parts × n_movies]: each movie's item in each part, −1: unknown to the part */
    SNAP_MODEL,   /* char[]: the first part's model file (model/model_file.h), then the other parts' */
    SNAP_MODEL_LAST = SNAP_MODEL + FUSION_PARTS - 1,
    SNAP_FOREST,  /* char[]: forest of a factor model of very many items (model/forest.h); else empty */
    SNAP_MOMENTS, /* float[]: of its vectors (model/near.h) */
    SNAP_KEYS,    /* char[]: the readings of every name (text/search_key.h), NUL-terminated */
    SNAP_FINDER, /* struct snapshot_finder[n_movies + n_characters + SNAPSHOT_KINDS]: what search passes over: films and
                     characters, each the most popular first, and kinds */
    SNAP_MOVIE_ALIASES,     /* struct snapshot_alias[] by id: films that are shown as another */
    SNAP_CHARACTER_ALIASES, /* struct snapshot_alias[] by id: characters of theirs that it has too */
    SNAP_TAG_END
};

struct snapshot_movie {
    int32_t id;
    SNAPSHOT_MOVIE_FIELDS(SNAPSHOT_NONE, SNAPSHOT_NUMBER)
    union {
        struct {
            SNAPSHOT_MOVIE_FIELDS(SNAPSHOT_TEXT, SNAPSHOT_NONE)
        };
        uint32_t texts[SNAPSHOT_MOVIE_TEXTS]; /* all of them, to be checked in a loop */
    };
    uint32_t rated;                  /* 1: known to a model that learnt from likes */
    float popularity;                /* 0…1, share of the most popular film, log scale */
    uint32_t theme;                  /* text: what it is about (publish/theme.h), "" unknown */
    uint32_t cast_start, cast_count; /* in SNAP_CAST */
    uint32_t link_start, link_count; /* in SNAP_LINKS */
};

_Static_assert(offsetof(struct snapshot_movie, rated) ==
                   offsetof(struct snapshot_movie, texts[SNAPSHOT_MOVIE_TEXTS]),
               "every text of a film is checked");

struct snapshot_character {
    int32_t id;
    uint32_t movie;
    uint32_t name_ko, name_en, hashtags_ko, hashtags_en; /* "#a #b" */
    uint32_t description_ko, description_en;
    uint32_t image;   /* path of the site's own image, "" = drawn by the site */
    int32_t votes;    /* −1: editorial typing, no votes */
    float certainty;  /* 0…1: votes / (votes + 50); 0.5 for editorial */
    float popularity; /* 0…1: what rankings sort by */
    uint8_t mbti, enneagram;
    uint8_t presentation; /* domain/presentation.h; 0 in files that are older than it */
    uint8_t zero;
};

struct snapshot_link {
    uint32_t platform, url;
};

struct snapshot_finder {
    struct search_mask mask; /* of its readings */
    uint32_t index, key;     /* of the film, character or kind; offset in SNAP_KEYS */
};

/* An id of the catalog that is not shown, because the catalog has two rows for one film. */
struct snapshot_alias {
    int32_t id;     /* not the id of any movie or character in the snapshot */
    uint32_t index; /* the movie or character that is shown instead */
};

struct snapshot_text { /* one text in both languages; lists are joined by '|' */
    uint32_t ko, en;
};

struct snapshot_type {
    struct snapshot_text name, tags, summary, description, in_films, compatible;
};

struct snapshot_wing {
    struct snapshot_text name, tags, statement, description;
};

struct snapshot_bridge {
    struct snapshot_text text;
};

/* How the models' scores are combined: model/fusion.h. */
struct snapshot_blend {
    uint32_t rule; /* enum fusion_rule */
    uint32_t n_parts;
    float cold;
    float weight[FUSION_PARTS];
    uint32_t is_content[FUSION_PARTS];
    uint32_t searched; /* 1 + the part that SNAP_FOREST belongs to, 0: none */
    float weight_long[FUSION_PARTS];
    uint8_t zero[16];
};
_Static_assert(sizeof(struct snapshot_blend) == 128, "snapshot blend layout");

/* An open snapshot: pointers into the map, valid until snapshot_close. Everything const. */
struct snapshot {
    struct section_file file;
    char id[SNAPSHOT_ID_CHARS + 1];
    int64_t created; /* seconds since 1970 UTC */
    size_t size;     /* bytes of the file */
    const char *meta;
    size_t meta_len;
    const char *strings;
    size_t strings_len;
    const struct snapshot_movie *movies;
    size_t n_movies;
    const struct snapshot_character *characters;
    size_t n_characters;
    const uint32_t *cast, *ranking, *rank_start, *wall;
    const char *keys;
    const struct snapshot_finder *finder, *character_finder, *kind_finder; /* as SNAP_FINDER says */
    const struct snapshot_link *links;
    size_t n_links;
    const struct snapshot_alias *movie_aliases, *character_aliases;
    size_t n_movie_aliases, n_character_aliases;
    const struct snapshot_type *types;
    const struct snapshot_wing *wings;
    const struct snapshot_bridge *bridges;
    const float *grades;
    const uint8_t *partners;
    const float *similarity;
    const char *survey;
    size_t survey_len;
    const struct survey_item *items;
    size_t n_survey_items;
    struct model models[FUSION_PARTS]; /* [fusion.n_parts], in the map */
    struct fusion fusion;              /* over the movies' indexes */
    struct near *near;                 /* of the part with a forest, else NULL */
    /* Derived from the genres by snapshot_open, owned: */
    uint8_t *tones;   /* [n_movies] enum tone */
    uint64_t *genres; /* [n_movies] sets (domain/genre_set.h) */
};

/* The section format of snapshots; for the writer. */
const struct section_format *snapshot_format(void);

/* Maps and checks path: magic, version, size, checksum, every section, offset and index.
 * ERR_NOT_FOUND, ERR_IO, ERR_CORRUPT (the message says what is wrong), ERR_NOMEM. Cost: one pass over the file.
 * snapshot_close it. */
MUST_USE enum err snapshot_open(struct snapshot *s, const char *path, struct fail *why);
/* The same on bytes in memory, 64-byte aligned, which must outlive s. */
MUST_USE enum err snapshot_parse(struct snapshot *s, const struct named_bytes *from, struct fail *why);
void snapshot_close(struct snapshot *s);

/* The text at an offset. Never NULL. */
const char *snapshot_text(const struct snapshot *s, uint32_t offset);
/* The index of a movie or character by its id or by an alias (whose movie or character then has another id); −1 if
 * there is none. O(log n). */
int64_t snapshot_movie_index(const struct snapshot *s, int32_t id);
int64_t snapshot_character_index(const struct snapshot *s, int32_t id);
/* 0 NF, 1 NT, 2 SJ, 3 SP. */
int snapshot_temperament(uint8_t mbti);
/* Similarity of two Enneagram types, 0…1; NaN if either is ENNEAGRAM_NONE. */
float snapshot_similarity(const struct snapshot *s, uint8_t a, uint8_t b);

#endif
