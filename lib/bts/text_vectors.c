#include "bts/text_vectors.h"

#include <stdlib.h>
#include <string.h>

#include "bts/vector_file.h"

enum { AT_ONCE = 256 }; /* texts between two reports of progress */

struct entry {
    struct vector_key key;
    size_t text; /* the first that has the key */
};

struct making {
    const struct text_vectors_source *from;
    struct entry *entries;   /* [n_keys] by key, distinct */
    struct vector_key *keys; /* [n_keys] ascending */
    uint8_t *done;           /* [n_keys] */
    float *rows;             /* [n_keys × d], by key */
    size_t n_keys, d, n_encoded;
};

static enum err no_memory(const struct making *m, struct fail *why)
{
    return fail_set(why, ERR_NOMEM, "out of memory for the vectors of %zu texts", m->from->n);
}

/* By key, then by text. */
static int compare(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    int by_key = vector_key_compare(&x->key, &y->key);
    return by_key != 0 ? by_key : (x->text > y->text) - (x->text < y->text);
}

static enum err find_keys(struct making *m, struct fail *why)
{
    m->entries = malloc((m->from->n + 1) * sizeof *m->entries);
    m->keys = malloc((m->from->n + 1) * sizeof *m->keys);
    m->done = calloc(m->from->n + 1, 1);
    if (m->entries == NULL || m->keys == NULL || m->done == NULL)
        return no_memory(m, why);
    size_t found = 0;
    for (size_t i = 0; i < m->from->n; i++)
        if (m->from->texts[i][0] != '\0')
            m->entries[found++] =
                (struct entry){vector_key_of(m->from->encoder->identity, m->from->texts[i]), i};
    if (found > 1)
        qsort(m->entries, found, sizeof *m->entries, compare);
    for (size_t i = 0; i < found; i++)
        if (i == 0 || vector_key_compare(&m->entries[i - 1].key, &m->entries[i].key) != 0) {
            m->keys[m->n_keys] = m->entries[i].key;
            m->entries[m->n_keys++] = m->entries[i];
        }
    return ERR_OK;
}

static enum err alloc_rows(struct making *m, struct fail *why)
{
    m->rows = calloc(m->n_keys * m->d + 1, sizeof *m->rows);
    return m->rows != NULL ? ERR_OK : no_memory(m, why);
}

/* Takes what the file has; *left: texts that it lacks. *same: it has no others. */
static enum err take_known(struct making *m, size_t *left, bool *same, struct fail *why)
{
    struct vector_file file;
    *left = m->n_keys;
    *same = false;
    if (vector_file_open(&file, m->from->path, NULL) != ERR_OK)
        return ERR_OK;
    size_t known = 0;
    for (size_t i = 0; i < m->n_keys; i++)
        known += vector_file_find(&file, &m->keys[i]) != NULL;
    m->d = file.d;
    enum err rc = known > 0 ? alloc_rows(m, why) : ERR_OK;
    for (size_t i = 0; rc == ERR_OK && known > 0 && i < m->n_keys; i++) {
        const float *row = vector_file_find(&file, &m->keys[i]);
        m->done[i] = row != NULL;
        if (row != NULL)
            memcpy(m->rows + i * m->d, row, m->d * sizeof *row);
    }
    *left = m->n_keys - known;
    *same = file.n == known && *left == 0;
    vector_file_close(&file);
    return rc;
}

/* The vectors made so far, without gaps. */
static enum err save(const struct making *m, struct fail *why)
{
    struct vector_key *keys = malloc((m->n_keys + 1) * sizeof *keys);
    float *rows = malloc((m->n_keys * m->d + 1) * sizeof *rows);
    size_t n = 0;
    enum err rc = keys == NULL || rows == NULL ? no_memory(m, why) : ERR_OK;
    for (size_t i = 0; rc == ERR_OK && i < m->n_keys; i++)
        if (m->done[i]) {
            keys[n] = m->keys[i];
            memcpy(rows + n++ * m->d, m->rows + i * m->d, m->d * sizeof *rows);
        }
    if (rc == ERR_OK)
        rc = vector_file_write(m->from->path, keys, rows, n, n == 0 ? 0 : m->d, why);
    free(keys);
    free(rows);
    return rc;
}

/* The next AT_ONCE texts from *at that have no vector. */
static enum err encode_some(struct making *m, size_t *at, float *out, struct fail *why)
{
    const char *texts[AT_ONCE];
    size_t which[AT_ONCE], n = 0;
    for (; *at < m->n_keys && n < AT_ONCE; ++*at)
        if (!m->done[*at]) {
            texts[n] = m->from->texts[m->entries[*at].text];
            which[n++] = *at;
        }
    enum err rc = n == 0 ? ERR_OK : m->from->encoder->encode(m->from->encoder->arg, texts, n, out, why);
    for (size_t i = 0; rc == ERR_OK && i < n; i++) {
        memcpy(m->rows + which[i] * m->d, out + i * m->d, m->d * sizeof *out);
        m->done[which[i]] = 1;
    }
    m->n_encoded += n;
    return rc;
}

static enum err encode_rest(struct making *m, size_t left, struct fail *why)
{
    size_t d = 0, at = 0, saved = 0;
    enum err rc = m->from->encoder->open(m->from->encoder->arg, &d, why);
    if (rc == ERR_OK && m->rows != NULL && d != m->d)
        return fail_set(why, ERR_CORRUPT, "%s: contains the vectors of another encoder; delete it",
                        m->from->path);
    m->d = d;
    if (rc == ERR_OK && m->rows == NULL)
        rc = alloc_rows(m, why);
    float *out = malloc(AT_ONCE * (d + 1) * sizeof *out);
    if (rc == ERR_OK && out == NULL)
        rc = no_memory(m, why);
    while (rc == ERR_OK && at < m->n_keys) {
        progress_report(m->from->progress, "encoding texts", m->n_encoded, left);
        rc = encode_some(m, &at, out, why);
        if (rc == ERR_OK && m->n_encoded - saved >= TEXT_VECTORS_SAVE) {
            saved = m->n_encoded;
            rc = save(m, why);
        }
    }
    progress_report(m->from->progress, "encoding texts", m->n_encoded, left);
    free(out);
    return rc;
}

static enum err hand_out(const struct making *m, struct text_vectors *out, struct fail *why)
{
    *out = (struct text_vectors){.d = m->d, .n_texts = m->n_keys, .n_encoded = m->n_encoded};
    if (m->n_keys == 0)
        return ERR_OK;
    out->rows = calloc(m->from->n * m->d + 1, sizeof *out->rows);
    if (out->rows == NULL)
        return no_memory(m, why);
    for (size_t i = 0; i < m->from->n; i++) {
        if (m->from->texts[i][0] == '\0')
            continue;
        struct vector_key key = vector_key_of(m->from->encoder->identity, m->from->texts[i]);
        const struct vector_key *at = bsearch(&key, m->keys, m->n_keys, sizeof key, vector_key_compare);
        if (at != NULL) /* every text is there */
            memcpy(out->rows + i * m->d, m->rows + (size_t)(at - m->keys) * m->d, m->d * sizeof *out->rows);
    }
    return ERR_OK;
}

enum err text_vectors_make(struct text_vectors *out, const struct text_vectors_source *from, struct fail *why)
{
    struct making m = {.from = from};
    size_t left = 0;
    bool same = false;
    *out = (struct text_vectors){0};
    enum err rc = find_keys(&m, why);
    if (rc == ERR_OK && m.n_keys > 0)
        rc = take_known(&m, &left, &same, why);
    if (rc == ERR_OK && left > 0)
        rc = encode_rest(&m, left, why);
    if (rc == ERR_OK && m.n_keys > 0 && !same)
        rc = save(&m, why);
    if (rc == ERR_OK)
        rc = hand_out(&m, out, why);
    free(m.entries);
    free(m.keys);
    free(m.done);
    free(m.rows);
    return rc;
}

void text_vectors_free(struct text_vectors *v)
{
    free(v->rows);
    *v = (struct text_vectors){0};
}
