#include "experiment/variant.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "experiment/fields.h"

static const char *const wall_names[WALLS] = {"steep", "flat", "even"};

const char *variant_part_name(enum variant_part part)
{
    static const char *const names[] = {"match", "rankers", "diversity", "explore", "wall", "texts"};
    size_t i = 0;
    while (i + 1 < sizeof names / sizeof *names && (unsigned)part >> (i + 1) != 0)
        i++;
    return names[i];
}

bool variant_name_valid(const char *s, const char *marks, size_t most)
{
    size_t n = strlen(s);
    for (size_t i = 0; i < n; i++)
        if (!((s[i] >= 'a' && s[i] <= 'z') || (s[i] >= '0' && s[i] <= '9') || strchr(marks, s[i]) != NULL))
            return false;
    return n > 0 && n <= most;
}

/* *out stays where the member is absent. */
static enum err read_float(const struct fields *r, const char *name, double least, double most, float *out)
{
    double x = (double)*out;
    enum err rc = fields_real(r, name, least, most, &x);
    *out = (float)x;
    return rc;
}

static enum err read_count(const struct fields *r, const char *name, int64_t least, int64_t most,
                           uint32_t *out)
{
    int64_t n = *out;
    enum err rc = fields_whole(r, name, least, most, &n);
    *out = (uint32_t)n;
    return rc;
}

static enum err read_match(const struct fields *r, struct variant_settings *s)
{
    static const char *const names[] = {"film", "enneagram", "certainty"};
    enum err rc = fields_known(r, names, 3);
    for (size_t i = 0; rc == ERR_OK && i < 3; i++)
        if (json_member(r->v, names[i]) == NULL)
            rc = fail_set(r->why, ERR_INVALID, "%s.%s: is missing", r->where, names[i]);
    if (rc == ERR_OK)
        rc = read_float(r, "film", 0, 100, &s->film);
    if (rc == ERR_OK)
        rc = read_float(r, "enneagram", 0, 100, &s->enneagram);
    if (rc == ERR_OK)
        rc = read_float(r, "certainty", 0, 100, &s->certainty);
    if (rc == ERR_OK && fabsf(s->film + s->enneagram + s->certainty - 100) > 1e-3f)
        rc = fail_set(r->why, ERR_INVALID, "%s: film, enneagram and certainty must add up to 100", r->where);
    return rc;
}

/* {"ease": 1, "recvae": 0.5} */
static enum err read_members(const struct fields *r, struct variant_settings *s)
{
    float sum = 0;
    if (r->v->kind != JSON_MAP || r->v->n == 0 || r->v->n > VARIANT_MEMBERS)
        return fail_set(r->why, ERR_INVALID, "%s: must be an object of 1 to %d models and their weights",
                        r->where, VARIANT_MEMBERS);
    for (size_t i = 0; i < r->v->n; i++) {
        struct variant_member *m = &s->members[i];
        if (!variant_name_valid(r->v->names[i], "-_+", VARIANT_WORD - 1))
            return fail_set(r->why, ERR_INVALID, "%s: \"%.40s\" is not a kind of model", r->where,
                            r->v->names[i]);
        enum err rc = read_float(r, r->v->names[i], 0, 1000, &m->weight);
        if (rc != ERR_OK)
            return rc;
        if (m->weight > 0 && m->weight < 0.001f)
            return fail_set(r->why, ERR_INVALID, "%s.%s: must be 0 or at least 0.001", r->where,
                            r->v->names[i]);
        memcpy(m->kind, r->v->names[i], strlen(r->v->names[i]));
        sum += m->weight;
    }
    s->n_members = (uint32_t)r->v->n;
    return sum > 0 ? ERR_OK
                   : fail_set(r->why, ERR_INVALID, "%s: one of the weights must be above 0", r->where);
}

static enum err read_diversity(const struct fields *r, struct variant_settings *s)
{
    static const char *const names[] = {"film_cap", "mmr"};
    s->film_cap = 2;
    enum err rc = fields_known(r, names, 2);
    if (rc == ERR_OK)
        rc = read_count(r, "film_cap", 1, 50, &s->film_cap);
    return rc == ERR_OK ? read_float(r, "mmr", 0, 1, &s->mmr) : rc;
}

static enum err read_explore(const struct fields *r, struct variant_settings *s)
{
    static const char *const names[] = {"share", "temperature", "pool"};
    s->explore_share = 0.1f;
    s->explore_temperature = 0.1f;
    s->explore_pool = 10;
    enum err rc = fields_known(r, names, 3);
    if (rc == ERR_OK)
        rc = read_float(r, "share", 0, 0.5, &s->explore_share);
    if (rc == ERR_OK)
        rc = read_float(r, "temperature", 0.001, 10, &s->explore_temperature);
    return rc == ERR_OK ? read_count(r, "pool", 2, 50, &s->explore_pool) : rc;
}

static enum err read_wall(const struct fields *r, struct variant_settings *s)
{
    for (s->wall = 0; r->v->kind == JSON_TEXT && s->wall < WALLS; s->wall++)
        if (strcmp(wall_names[s->wall], r->v->text) == 0)
            return ERR_OK;
    return fail_set(r->why, ERR_INVALID, "%s: must be steep (today's), flat or even", r->where);
}

static bool is_text(const struct json_value *v)
{
    return v != NULL && v->kind == JSON_TEXT && v->n > 0 && utf8_length(v->text, v->n) <= VARIANT_TEXT;
}

/* {"result.lead": {"ko": "…", "en": "…"}} */
static enum err read_texts(const struct fields *r, struct variant_words *words)
{
    if (r->v->kind != JSON_MAP || r->v->n == 0 || r->v->n > VARIANT_TEXTS)
        return fail_set(r->why, ERR_INVALID, "%s: must be an object of 1 to %d texts", r->where,
                        VARIANT_TEXTS);
    for (size_t i = 0; i < r->v->n; i++) {
        const struct json_value *ko = json_member(&r->v->items[i], "ko"),
                                *en = json_member(&r->v->items[i], "en");
        if (!variant_name_valid(r->v->names[i], "._-", VARIANT_KEY))
            return fail_set(r->why, ERR_INVALID, "%s: \"%.60s\" is not the name of a text", r->where,
                            r->v->names[i]);
        if (strncmp(r->v->names[i], "home.", 5) != 0 && strncmp(r->v->names[i], "result.", 7) != 0)
            return fail_set(
                r->why, ERR_INVALID,
                "%s: \"%.60s\" is on no page that shows texts of experiments: home.… and result.… are",
                r->where, r->v->names[i]);
        if (!is_text(ko) || !is_text(en) || r->v->items[i].n != 2)
            return fail_set(r->why, ERR_INVALID,
                            "%s.%s: must be {\"ko\": …, \"en\": …} with at most %d characters each", r->where,
                            r->v->names[i], VARIANT_TEXT);
        words->texts[i] = (struct variant_text){r->v->names[i], ko->text, en->text};
    }
    words->n = r->v->n;
    return ERR_OK;
}

static enum err read_part(const struct fields *r, enum variant_part part, struct variant_settings *s,
                          struct variant_words *words)
{
    s->parts |= part;
    switch (part) {
    case VARIANT_MATCH:
        return read_match(r, s);
    case VARIANT_RANKERS:
        return read_members(r, s);
    case VARIANT_DIVERSITY:
        return read_diversity(r, s);
    case VARIANT_EXPLORE:
        return read_explore(r, s);
    case VARIANT_WALL:
        return read_wall(r, s);
    case VARIANT_WORDS:
        return read_texts(r, words);
    }
    return ERR_FAULT;
}

enum err variant_read(const struct json_value *v, const char *where, struct variant_settings *out,
                      struct variant_words *words, struct fail *why)
{
    const char *names[6];
    enum err rc;
    *out = (struct variant_settings){0};
    *words = (struct variant_words){0};
    for (unsigned i = 0; i < 6; i++)
        names[i] = variant_part_name((enum variant_part)(1u << i));
    rc = fields_known(&(struct fields){v, where, why}, names, 6);
    for (unsigned i = 0; rc == ERR_OK && i < 6; i++) {
        const struct json_value *m = json_member(v, names[i]);
        char place[300];
        snprintf(place, sizeof place, "%.200s.%s", where, names[i]);
        if (m != NULL)
            rc = read_part(&(struct fields){m, place, why}, (enum variant_part)(1u << i), out, words);
    }
    return rc;
}

static void write_words(struct json_out *w, const struct variant_words *words)
{
    json_out_name(w, variant_part_name(VARIANT_WORDS));
    json_out_map(w);
    for (size_t i = 0; i < words->n; i++) {
        json_out_name(w, words->texts[i].key);
        json_out_map(w);
        json_out_text_of(w, "ko", words->texts[i].ko);
        json_out_text_of(w, "en", words->texts[i].en);
        json_out_end(w);
    }
    json_out_end(w);
}

static void begin_part(struct json_out *w, enum variant_part part)
{
    json_out_name(w, variant_part_name(part));
    json_out_map(w);
}

/* Six digits are all that a float of these ranges holds. */
static void write_real(struct json_out *w, const char *name, float x)
{
    json_out_real_of(w, name, (double)x, 6);
}

static void write_rankers(struct json_out *w, const struct variant_settings *s)
{
    begin_part(w, VARIANT_RANKERS);
    for (uint32_t i = 0; i < s->n_members; i++)
        write_real(w, s->members[i].kind, s->members[i].weight);
    json_out_end(w);
}

void variant_write(struct json_out *w, const struct variant_settings *s, const struct variant_words *words)
{
    json_out_map(w);
    if (s->parts & VARIANT_MATCH) {
        begin_part(w, VARIANT_MATCH);
        write_real(w, "film", s->film);
        write_real(w, "enneagram", s->enneagram);
        write_real(w, "certainty", s->certainty);
        json_out_end(w);
    }
    if (s->parts & VARIANT_RANKERS)
        write_rankers(w, s);
    if (s->parts & VARIANT_DIVERSITY) {
        begin_part(w, VARIANT_DIVERSITY);
        json_out_int_of(w, "film_cap", s->film_cap);
        write_real(w, "mmr", s->mmr);
        json_out_end(w);
    }
    if (s->parts & VARIANT_EXPLORE) {
        begin_part(w, VARIANT_EXPLORE);
        write_real(w, "share", s->explore_share);
        write_real(w, "temperature", s->explore_temperature);
        json_out_int_of(w, "pool", s->explore_pool);
        json_out_end(w);
    }
    if (s->parts & VARIANT_WALL)
        json_out_text_of(w, variant_part_name(VARIANT_WALL), wall_names[s->wall < WALLS ? s->wall : 0]);
    if (s->parts & VARIANT_WORDS)
        write_words(w, words);
    json_out_end(w);
}

/* NaN lies nowhere. */
static bool within(float x, float least, float most)
{
    return x >= least && x <= most;
}

static bool members_valid(const struct variant_settings *s)
{
    float sum = 0;
    if (s->n_members == 0 || s->n_members > VARIANT_MEMBERS)
        return false;
    for (uint32_t i = 0; i < s->n_members; i++) {
        const struct variant_member *m = &s->members[i];
        if (memchr(m->kind, '\0', sizeof m->kind) == NULL ||
            !variant_name_valid(m->kind, "-_", VARIANT_WORD - 1) || !within(m->weight, 0, 1000))
            return false;
        sum += m->weight;
    }
    return sum > 0;
}

bool variant_valid(const struct variant_settings *s)
{
    bool ok = s->parts < 64;
    if (s->parts & VARIANT_MATCH)
        ok = ok && within(s->film, 0, 100) && within(s->enneagram, 0, 100) && within(s->certainty, 0, 100) &&
             fabsf(s->film + s->enneagram + s->certainty - 100) <= 1e-3f;
    if (s->parts & VARIANT_RANKERS)
        ok = ok && members_valid(s);
    if (s->parts & VARIANT_DIVERSITY)
        ok = ok && s->film_cap >= 1 && s->film_cap <= 50 && within(s->mmr, 0, 1);
    if (s->parts & VARIANT_EXPLORE)
        ok = ok && within(s->explore_share, 0, 0.5f) && within(s->explore_temperature, 0.001f, 10) &&
             s->explore_pool >= 2 && s->explore_pool <= 50;
    if (s->parts & VARIANT_WALL)
        ok = ok && s->wall < WALLS;
    return ok;
}

void variant_add(struct variant_settings *to, const struct variant_settings *from)
{
    to->parts |= from->parts;
    if (from->parts & VARIANT_MATCH) {
        to->film = from->film;
        to->enneagram = from->enneagram;
        to->certainty = from->certainty;
    }
    if (from->parts & VARIANT_RANKERS) {
        to->n_members = from->n_members;
        memcpy(to->members, from->members, sizeof to->members);
    }
    if (from->parts & VARIANT_DIVERSITY) {
        to->film_cap = from->film_cap;
        to->mmr = from->mmr;
    }
    if (from->parts & VARIANT_EXPLORE) {
        to->explore_share = from->explore_share;
        to->explore_temperature = from->explore_temperature;
        to->explore_pool = from->explore_pool;
    }
    if (from->parts & VARIANT_WALL)
        to->wall = from->wall;
}
