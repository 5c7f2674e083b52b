#include "data/genre_bits.h"

#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/joined.h"

enum { GENRES = 64, NAME = 40 };

struct genre_names {
    char text[GENRES][NAME];
    size_t n;
};

/* The bit of a name, 0 for one that is none or for which there is no bit left. */
static uint64_t bit_of(struct genre_names *names, const char *text, size_t n)
{
    if (n >= NAME || text[0] == '(')
        return 0;
    for (size_t i = 0; i < names->n; i++)
        if (strlen(names->text[i]) == n && memcmp(names->text[i], text, n) == 0)
            return (uint64_t)1 << i;
    if (names->n == GENRES)
        return 0;
    memcpy(names->text[names->n], text, n);
    return (uint64_t)1 << names->n++;
}

static uint64_t bits_of(struct genre_names *names, const char *text)
{
    uint64_t set = 0;
    for (struct joined genre; joined_next(&text, &genre);)
        set |= bit_of(names, genre.text, genre.n);
    return set;
}

static enum err read_rows(struct csv *csv, int id, uint64_t *out, const struct id_table *items,
                          struct fail *why)
{
    struct genre_names names = {0};
    struct csv_row row;
    int genres = csv_column(csv, "genres");
    while (csv_next(csv, &row)) {
        if (row.verdict != CSV_OK)
            continue; /* who reads the ids refuses it */
        int64_t item = id_table_find(items, (uint32_t)strtoul(row.fields[id].text, NULL, 10));
        if (item >= 0)
            out[item] |= bits_of(&names, row.fields[genres].text);
    }
    return csv_end(csv, why);
}

enum err genre_bits_read(uint64_t **out, const char *path, const struct id_table *items, struct fail *why)
{
    struct csv *csv;
    *out = NULL;
    enum err rc = csv_open(&csv, path, why);
    if (rc != ERR_OK)
        return rc;
    int id = csv_column(csv, "movie_id");
    if (id < 0)
        rc = csv_need(csv, (const char *const[]){"movie_id", NULL}, why);
    if (rc == ERR_OK && csv_column(csv, "genres") >= 0) {
        *out = calloc(items->n + 1, sizeof **out);
        rc = *out == NULL ? fail_set(why, ERR_NOMEM, "%s: out of memory", path)
                          : read_rows(csv, id, *out, items, why);
    }
    csv_close(csv);
    if (rc != ERR_OK) {
        free(*out);
        *out = NULL;
    }
    return rc;
}
