#include "publish/reference.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/map_file.h"
#include "json/json.h"
#include "json/json_out.h"
#include "publish/reference_tables.h"

struct reading {
    struct snapshot_builder *b;
    struct arena arena;
    struct fail *why;
    const char *file;
    enum err rc; /* the first error; everything after it is a no-op */
};

static void refuse(struct reading *r, const char *where, const char *what)
{
    if (r->rc == ERR_OK)
        r->rc = fail_set(r->why, ERR_INVALID, "%.200s: %.80s: %s", r->file, where, what);
}

static void no_memory(struct reading *r)
{
    if (r->rc == ERR_OK)
        r->rc = fail_set(r->why, ERR_NOMEM, "%.200s: out of memory", r->file);
}

static const struct json_value *list_of(struct reading *r, const struct json_value *v, const char *name)
{
    static const struct json_value empty = {.kind = JSON_LIST};
    const struct json_value *list = json_member(v, name);
    if (list != NULL && list->kind == JSON_LIST)
        return list;
    refuse(r, name, "a list is missing");
    return &empty;
}

static const char *text_of(struct reading *r, const struct json_value *v, const char *name)
{
    const struct json_value *t = json_member(v, name);
    if (t != NULL && t->kind == JSON_TEXT && t->n > 0)
        return t->text;
    refuse(r, name, "a text is missing");
    return "";
}

/* A text, or a list of texts joined by '|'. */
static uint32_t one_language(struct reading *r, const struct json_value *v, const char *language)
{
    const struct json_value *t = json_member(v, language);
    struct buf joined = {0};
    if (t != NULL && t->kind == JSON_TEXT)
        buf_puts(&joined, t->text);
    for (size_t i = 0; t != NULL && t->kind == JSON_LIST && i < t->n; i++) {
        if (t->items[i].kind != JSON_TEXT || strchr(t->items[i].text, '|') != NULL)
            refuse(r, language, "a list of texts without '|' is wanted");
        else
            buf_printf(&joined, "%s%s", i > 0 ? "|" : "", t->items[i].text);
    }
    if (joined.failed)
        no_memory(r);
    else if (joined.len == 0)
        refuse(r, language, "a text is missing");
    uint32_t offset = snapshot_builder_text(r->b, buf_str(&joined));
    buf_free(&joined);
    return offset;
}

static struct snapshot_text pair(struct reading *r, const struct json_value *v, const char *name)
{
    const struct json_value *t = json_member(v, name);
    if (t == NULL)
        refuse(r, name, "missing");
    return (struct snapshot_text){one_language(r, t, "ko"), one_language(r, t, "en")};
}

/* The texts of a type or a wing, in the order of the struct that they fill, which has nothing else. */
struct kind {
    const char *list, *member; /* of the file */
    const char *const *texts;  /* [n_texts] */
    size_t n_texts;
    uint8_t (*parse)(const char *name, size_t n);
    unsigned count; /* of its names, which are 0…count − 1 once parsed */
    const char *wrong, *missing;
};

static const char *const type_texts[] = {"name", "tags", "summary", "description", "in_films", "compatible"};
static const char *const wing_texts[] = {"name", "tags", "statement", "description"};
static const struct kind of_types = {"types",
                                     "mbti",
                                     type_texts,
                                     6,
                                     mbti_parse,
                                     MBTI_COUNT,
                                     "not one of the 16 types",
                                     "not all 16 are there"};
static const struct kind of_wings = {"wings",
                                     "enneagram",
                                     wing_texts,
                                     4,
                                     enneagram_parse,
                                     ENNEAGRAM_COUNT,
                                     "not one of the 18 types with a wing",
                                     "not all 18 are there"};
_Static_assert(sizeof(struct snapshot_type) == 6 * sizeof(struct snapshot_text), "texts of a type");
_Static_assert(sizeof(struct snapshot_wing) == 4 * sizeof(struct snapshot_text), "texts of a wing");

/* out: [count × n_texts] */
static void load_kind(struct reading *r, const struct json_value *list, const struct kind *kind,
                      struct snapshot_text *out)
{
    unsigned seen = 0;
    for (size_t i = 0; i < list->n; i++) {
        const struct json_value *v = &list->items[i];
        const char *name = text_of(r, v, kind->member);
        uint8_t at = kind->parse(name, strlen(name));
        if (at >= kind->count) {
            refuse(r, name, kind->wrong);
            return;
        }
        seen |= 1u << at;
        for (size_t k = 0; k < kind->n_texts; k++)
            out[at * kind->n_texts + k] = pair(r, v, kind->texts[k]);
    }
    if (seen != (1u << kind->count) - 1)
        refuse(r, kind->list, kind->missing);
}

static int temperament_number(const char *name)
{
    static const char *const names[] = {"NF", "NT", "SJ", "SP"};
    for (int i = 0; i < 4; i++)
        if (strcmp(names[i], name) == 0)
            return i;
    return -1;
}

static void load_bridges(struct reading *r, const struct json_value *list)
{
    uint64_t seen = 0;
    for (size_t i = 0; i < list->n; i++) {
        const struct json_value *v = &list->items[i];
        const struct json_value *core = json_member(v, "core");
        int t = temperament_number(text_of(r, v, "temperament"));
        if (t < 0 || core == NULL || core->kind != JSON_INT || core->integer < 1 || core->integer > 9) {
            refuse(r, "bridges", "temperament NF, NT, SJ or SP and core 1 to 9 are wanted");
            return;
        }
        size_t at = (size_t)(t * 9 + core->integer - 1);
        seen |= (uint64_t)1 << at;
        r->b->bridges[at].text = pair(r, v, "text");
    }
    if (seen != ((uint64_t)1 << 36) - 1)
        refuse(r, "bridges", "not all 36 are there");
}

/* A number in hundredths; 0 and an error for anything else. */
static int16_t hundredths(struct reading *r, const struct json_value *v)
{
    double n = v != NULL && (v->kind == JSON_REAL || v->kind == JSON_INT) ? 100 * v->real : NAN;
    if (!(fabs(n) < INT16_MAX) || fabs(n - round(n)) > 1e-6) {
        refuse(r, "slope or steps", "a number with at most two decimals is wanted");
        return 0;
    }
    return (int16_t)lround(n);
}

static void load_parameters(struct reading *r, const struct json_value *v, struct survey_item *item)
{
    const struct json_value *steps = list_of(r, v, "steps");
    item->slope = hundredths(r, json_member(v, "slope"));
    for (size_t k = 0; k < SURVEY_STEPS; k++)
        item->steps[k] = hundredths(r, k < steps->n ? &steps->items[k] : NULL);
    if (steps->n != SURVEY_STEPS || !survey_item_valid(item))
        refuse(r, text_of(r, v, "id"), "a slope and three rising steps are wanted");
}

static void load_items(struct reading *r, const struct json_value *list, bool brief)
{
    for (size_t i = 0; i < list->n && r->b->items.len < SURVEY_MAX_ITEMS; i++) {
        const struct json_value *v = &list->items[i];
        enum mbti_axis axis;
        bool second;
        if (!mbti_letter(text_of(r, v, "pole")[0], &axis, &second) ||
            strcmp(text_of(r, v, "axis"), mbti_axis_name(axis)) != 0) {
            refuse(r, text_of(r, v, "id"), "axis and pole do not fit together");
            return;
        }
        const struct json_value *tiebreak = json_member(v, "tiebreak");
        struct survey_item item = {.axis = (uint8_t)axis,
                                   .second = second,
                                   .tiebreak =
                                       tiebreak != NULL && tiebreak->kind == JSON_BOOL && tiebreak->truth,
                                   .brief = brief};
        load_parameters(r, v, &item);
        if (!vec_push(&r->b->items, &item))
            no_memory(r);
    }
}

/* Each axis ties in neither form (domain/graded.h), and version 1 has what decides. */
static void check_axes(struct reading *r)
{
    int all[MBTI_AXES] = {0}, brief[MBTI_AXES] = {0}, tiebreaks[MBTI_AXES] = {0};
    const struct survey_item *items = r->b->items.data;
    for (size_t i = 0; i < r->b->items.len; i++) {
        all[items[i].axis]++;
        brief[items[i].axis] += items[i].brief;
        tiebreaks[items[i].axis] += items[i].tiebreak && items[i].brief;
    }
    for (int a = 0; a < MBTI_AXES; a++) {
        if (brief[a] == 0 || tiebreaks[a] != 1)
            refuse(r, mbti_axis_name((enum mbti_axis)a),
                   "items and exactly one tiebreak are wanted on each axis");
        if (all[a] % 2 == 0 || brief[a] % 2 == 0)
            refuse(r, mbti_axis_name((enum mbti_axis)a), "an odd number of items is wanted on each axis");
    }
}

/* version: of the items, which must be one that graded.h scores. */
static void load_survey(struct reading *r, const struct json_value *survey)
{
    const struct json_value *mbti = json_member(survey, "mbti"), *version = json_member(survey, "version");
    if (version == NULL || version->kind != JSON_INT || version->integer != SURVEY_GRADED)
        refuse(r, "version", "this program scores version 2");
    load_items(r, list_of(r, mbti, "items"), true);
    load_items(r, list_of(r, mbti, "more"), false);
    if (r->rc == ERR_OK)
        check_axes(r);
}

static const struct json_value *read_json(struct reading *r, const char *folder, const char *name,
                                          char path[1024])
{
    const struct json_value *v = NULL;
    struct map_file m = {0};
    snprintf(path, 1024, "%s/%s", folder, name);
    r->file = path;
    struct fail inner = {0};
    if (r->rc == ERR_OK)
        r->rc = map_file_open(&m, path, r->why);
    if (r->rc == ERR_OK) {
        r->rc = json_read(&r->arena, (const char *)m.data, m.size, &v, &inner);
        if (r->rc != ERR_OK)
            fail_set(r->why, r->rc, "%s: %.200s", path, inner.text);
    }
    map_file_close(&m);
    return v;
}

/* The survey as served: the file's members, and the 18 wings by which its last question is answered. */
static void serve_survey(struct reading *r, const char *path, const struct json_value *wings)
{
    struct map_file m;
    if (r->rc != ERR_OK || (r->rc = map_file_open(&m, path, r->why)) != ERR_OK)
        return;
    size_t n = m.size;
    while (n > 0 && strchr(" \n\r\t}", m.data[n - 1]) != NULL && m.data[n - 1] != '}')
        n--;
    buf_put(&r->b->survey, m.data, n > 0 ? n - 1 : 0); /* all but the closing brace */
    map_file_close(&m);
    struct json_out w;
    buf_puts(&r->b->survey, ",\"wings\":");
    json_out_start(&w, &r->b->survey);
    json_out_list(&w);
    for (size_t i = 0; i < wings->n; i++) {
        const struct json_value *v = &wings->items[i];
        json_out_map(&w);
        json_out_text_of(&w, "enneagram", text_of(r, v, "enneagram"));
        static const char *const members[] = {"name", "statement"};
        for (int k = 0; k < 2; k++) {
            const struct json_value *t = json_member(v, members[k]);
            json_out_name(&w, members[k]);
            json_out_map(&w);
            json_out_text_of(&w, "ko", text_of(r, t, "ko"));
            json_out_text_of(&w, "en", text_of(r, t, "en"));
            json_out_end(&w);
        }
        json_out_end(&w);
    }
    json_out_end(&w);
    buf_putc(&r->b->survey, '}');
}

enum err reference_load(struct snapshot_builder *b, const char *folder, struct fail *why)
{
    char path[1024];
    struct reading r = {.b = b, .why = why};
    const struct json_value *personality = read_json(&r, folder, "personality.json", path);
    const struct json_value *wings = list_of(&r, personality, "wings");
    if (r.rc == ERR_OK) {
        load_kind(&r, list_of(&r, personality, of_types.list), &of_types, &b->types[0].name);
        load_kind(&r, wings, &of_wings, &b->wings[0].name);
        load_bridges(&r, list_of(&r, personality, "bridges"));
    }
    const struct json_value *survey = read_json(&r, folder, "survey.json", path);
    if (r.rc == ERR_OK)
        load_survey(&r, survey);
    serve_survey(&r, path, wings);
    arena_free(&r.arena);
    if (r.rc == ERR_OK)
        r.rc = reference_tables_load(b, folder, why);
    return r.rc;
}
