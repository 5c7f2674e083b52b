#include "experiment/experiment_file.h"

#include <math.h>
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "experiment/lifecycle.h"

static const uint32_t item_sizes[EXPERIMENT_FILE_TAG_END] = {
    [EXPERIMENT_FILE_EXPERIMENTS] = sizeof(struct experiment_record),
    [EXPERIMENT_FILE_VARIANTS] = sizeof(struct experiment_arm),
    [EXPERIMENT_FILE_TEXTS] = sizeof(struct experiment_text),
    [EXPERIMENT_FILE_STRINGS] = 1};

static const struct section_format format = {.magic = "MVTIEXPT",
                                             .published = true,
                                             .version = EXPERIMENT_FILE_VERSION,
                                             .noun = "experiments file",
                                             .n_sections = EXPERIMENT_FILE_TAG_END - 1,
                                             .item_sizes = item_sizes};

/* ---- reading ---- */

static bool word_ok(const char *word, size_t room, const char *marks)
{
    return memchr(word, '\0', room) != NULL && variant_name_valid(word, marks, room - 1);
}

static bool record_ok(const struct experiment_file *f, const struct experiment_record *e, size_t n_arms,
                      size_t *next)
{
    bool ok = word_ok(e->name, sizeof e->name, "-") && word_ok(e->layer, sizeof e->layer, "-") &&
              word_ok(e->salt, sizeof e->salt, "-") && e->kind < DEFINITION_KINDS && e->id != 0 &&
              e->zero == 0 && e->slots <= ASSIGN_SLOTS && e->slot_from <= ASSIGN_SLOTS - e->slots &&
              e->first == *next && e->n >= 2 && e->n <= DEFINITION_VARIANTS && e->n <= n_arms - *next;
    uint32_t parts = 0;
    for (uint32_t i = 0; ok && i < e->n; i++)
        parts |= f->arms[e->first + i].settings.parts;
    *next += ok ? e->n : 0;
    return ok && parts == e->parts && f->arms[e->first].settings.parts == 0;
}

static bool arm_ok(const struct experiment_arm *a, size_t n_texts, size_t *next)
{
    bool ok = word_ok(a->name, sizeof a->name, "-") && a->weight >= 0 && a->weight <= 1 && a->stopped <= 1 &&
              variant_valid(&a->settings) && a->first_text == *next && a->n_texts <= VARIANT_TEXTS &&
              a->n_texts <= n_texts - *next &&
              (a->n_texts > 0) == ((a->settings.parts & (unsigned)VARIANT_WORDS) != 0);
    *next += ok ? a->n_texts : 0;
    return ok;
}

static bool text_ok(const struct experiment_file *f, const struct experiment_text *t, size_t n_strings)
{
    const uint32_t offsets[] = {t->name, t->ko, t->en};
    for (size_t i = 0; i < 3; i++)
        if (offsets[i] >= n_strings || !utf8_valid(f->strings + offsets[i], strlen(f->strings + offsets[i])))
            return false;
    return variant_name_valid(f->strings + t->name, "._-", VARIANT_KEY);
}

/* Two of one layer on one slot would both take the visitor. */
static bool slots_ok(const struct experiment_file *f)
{
    for (size_t i = 0; i < f->n; i++)
        for (size_t k = 0; k < i; k++) {
            const struct experiment_record *a = &f->experiments[i], *b = &f->experiments[k];
            if (strcmp(a->name, b->name) == 0 ||
                (strcmp(a->layer, b->layer) == 0 && a->slot_from < b->slot_from + b->slots &&
                 b->slot_from < a->slot_from + a->slots))
                return false;
        }
    return true;
}

static const char *what_is_wrong(struct experiment_file *f)
{
    const size_t *count = f->file.count;
    size_t next = 0, n_arms = count[EXPERIMENT_FILE_VARIANTS], n_texts = count[EXPERIMENT_FILE_TEXTS];
    size_t n_strings = count[EXPERIMENT_FILE_STRINGS];
    if (f->n > EXPERIMENT_FILE_MOST || n_arms > EXPERIMENT_FILE_MOST * DEFINITION_VARIANTS ||
        n_texts > n_arms * VARIANT_TEXTS)
        return "has too many records";
    if (n_strings == 0 || f->strings[0] != '\0' || f->strings[n_strings - 1] != '\0')
        return "has strings without an end";
    for (size_t i = 0; i < n_arms; i++)
        if (!arm_ok(&f->arms[i], n_texts, &next))
            return "has a variant that is none";
    if (next != n_texts)
        return "has texts of no variant";
    next = 0;
    for (size_t i = 0; i < f->n; i++)
        if (!record_ok(f, &f->experiments[i], n_arms, &next))
            return "has an experiment that is none";
    if (next != n_arms)
        return "has variants of no experiment";
    for (size_t i = 0; i < n_texts; i++)
        if (!text_ok(f, &f->texts[i], n_strings))
            return "has a text that is none";
    return slots_ok(f) ? NULL : "has a slot twice";
}

static enum err check(struct experiment_file *f, const char *name, struct fail *why)
{
    f->experiments = f->file.data[EXPERIMENT_FILE_EXPERIMENTS];
    f->n = f->file.count[EXPERIMENT_FILE_EXPERIMENTS];
    f->arms = f->file.data[EXPERIMENT_FILE_VARIANTS];
    f->texts = f->file.data[EXPERIMENT_FILE_TEXTS];
    f->strings = f->file.data[EXPERIMENT_FILE_STRINGS];
    const char *wrong = what_is_wrong(f);
    return wrong == NULL ? ERR_OK : fail_set(why, ERR_CORRUPT, "%s: %s", name, wrong);
}

enum err experiment_file_parse(struct experiment_file *f, const struct named_bytes *from, struct fail *why)
{
    *f = (struct experiment_file){0};
    enum err rc = section_file_parse(&f->file, &format, from, why);
    return rc == ERR_OK ? check(f, from->name, why) : rc;
}

enum err experiment_file_open(struct experiment_file *f, const char *path, struct fail *why)
{
    *f = (struct experiment_file){0};
    enum err rc = section_file_open(&f->file, &format, path, why);
    if (rc == ERR_OK)
        rc = check(f, path, why);
    if (rc != ERR_OK)
        experiment_file_close(f);
    return rc;
}

void experiment_file_close(struct experiment_file *f)
{
    section_file_close(&f->file);
    *f = (struct experiment_file){0};
}

/* ---- writing ---- */

struct making {
    struct vec experiments, arms, texts;
    struct buf strings;
};

static uint32_t add_string(struct making *m, const char *s)
{
    size_t at = m->strings.len;
    buf_put(&m->strings, s, strlen(s) + 1);
    return (uint32_t)at;
}

static bool add_texts(struct making *m, const struct variant_words *words)
{
    for (size_t i = 0; i < words->n; i++) {
        const struct variant_text *t = &words->texts[i];
        struct experiment_text text = {add_string(m, t->key), add_string(m, t->ko), add_string(m, t->en)};
        if (!vec_push(&m->texts, &text))
            return false;
    }
    return !m->strings.failed;
}

static void put_word(char *to, size_t room, const char *word)
{
    memcpy(to, word, strnlen(word, room - 1));
}

static enum err add_arm(struct making *m, const struct experiment *e, size_t i, struct arena *a,
                        struct fail *why)
{
    const struct experiment_variant *v = &e->variants[i];
    struct experiment_arm arm = {
        .weight = v->weight, .stopped = v->stopped_at != 0, .first_text = (uint32_t)m->texts.len};
    struct variant_words words;
    enum err rc = lifecycle_settings(e, i, a, &arm.settings, &words, why);
    if (rc != ERR_OK)
        return rc;
    arm.n_texts = (uint32_t)words.n;
    put_word(arm.name, sizeof arm.name, v->name);
    return add_texts(m, &words) && vec_push(&m->arms, &arm) ? ERR_OK
                                                            : fail_set(why, ERR_NOMEM, "out of memory");
}

static enum err add(struct making *m, const struct experiment *e, struct arena *a, struct fail *why)
{
    struct experiment_record r = {
        .starts_at = e->starts_at,
        .ends_at = e->ends_at != 0 ? e->ends_at : INT64_MAX,
        .id = (uint32_t)e->id,
        .kind = strcmp(e->kind, "bandit") == 0 ? DEFINITION_BANDIT : DEFINITION_SPLIT,
        .slot_from = e->slots > 0 ? (uint32_t)e->slot_from : 0,
        .slots = e->slots > 0 ? (uint32_t)e->slots : 0,
        .first = (uint32_t)m->arms.len,
        .n = (uint32_t)e->n,
    };
    enum err rc = ERR_OK;
    put_word(r.layer, sizeof r.layer, e->layer);
    put_word(r.name, sizeof r.name, e->name);
    put_word(r.salt, sizeof r.salt, e->salt);
    for (size_t i = 0; rc == ERR_OK && i < e->n; i++) {
        rc = add_arm(m, e, i, a, why);
        if (rc == ERR_OK)
            r.parts |= ((const struct experiment_arm *)m->arms.data)[m->arms.len - 1].settings.parts;
    }
    if (rc != ERR_OK)
        return rc;
    return vec_push(&m->experiments, &r) ? ERR_OK : fail_set(why, ERR_NOMEM, "out of memory");
}

static enum err write(const struct making *m, const char *path, int64_t now, struct fail *why)
{
    struct section_format dated = format;
    dated.created = now;
    const struct section_part parts[EXPERIMENT_FILE_TAG_END] = {
        [EXPERIMENT_FILE_EXPERIMENTS] = {m->experiments.data, m->experiments.len},
        [EXPERIMENT_FILE_VARIANTS] = {m->arms.data, m->arms.len},
        [EXPERIMENT_FILE_TEXTS] = {m->texts.data, m->texts.len},
        [EXPERIMENT_FILE_STRINGS] = {m->strings.data, m->strings.len},
    };
    return section_file_write(&dated, path, parts, NULL, why);
}

enum err experiment_file_write(const char *path, const struct experiment *experiments, size_t n, int64_t now,
                               struct arena *a, struct fail *why)
{
    struct making m = {.experiments = VEC_OF(struct experiment_record),
                       .arms = VEC_OF(struct experiment_arm),
                       .texts = VEC_OF(struct experiment_text)};
    enum err rc = ERR_OK;
    buf_putc(&m.strings, '\0');
    for (size_t i = 0; rc == ERR_OK && i < n; i++) {
        const struct experiment *e = &experiments[i];
        if (e->stopped_at != 0 || (e->ends_at != 0 && e->ends_at <= now))
            continue;
        if (m.experiments.len == EXPERIMENT_FILE_MOST)
            rc = fail_set(why, ERR_TOO_LARGE, "more than %d experiments; stop some (mvti experiment list)",
                          EXPERIMENT_FILE_MOST);
        if (rc == ERR_OK)
            rc = add(&m, e, a, why);
    }
    if (rc == ERR_OK)
        rc = m.strings.failed ? fail_set(why, ERR_NOMEM, "out of memory") : write(&m, path, now, why);
    vec_free(&m.experiments);
    vec_free(&m.arms);
    vec_free(&m.texts);
    buf_free(&m.strings);
    return rc;
}
