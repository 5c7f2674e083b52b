#include "store/like_totals.h"

#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

static const struct db_sql TOTALS = {
    "like.totals",
    "SELECT CAST(subject AS SIGNED), CAST(SUM(n) AS SIGNED) FROM (SELECT subject, n FROM counter WHERE kind "
    "= 'likes' "
    "UNION ALL SELECT l.character_id, -1 FROM visitor v JOIN character_like l ON l.visitor_id = v.visitor_id "
    "WHERE v.banned_at IS NOT NULL AND l.counted = 1) t GROUP BY subject HAVING SUM(n) > 0 ORDER BY subject"};

enum err like_totals_read(struct db *db, struct arena *a, struct like_totals *out, struct fail *why)
{
    struct db_rows rows;
    struct vec all = VEC_OF(struct like_total);
    *out = (struct like_totals){0};
    enum err rc = db_query(db, &TOTALS, DB_NOTHING, &rows, why);
    if (rc != ERR_OK)
        return rc;
    bool room = true;
    while (room && db_next(&rows)) {
        struct like_total t = {(int32_t)db_get_int(&rows, 0), db_get_int(&rows, 1)};
        room = vec_push(&all, &t);
    }
    rc = db_end(&rows, why);
    out->rows = arena_array(a, all.len, sizeof *out->rows);
    if (rc == ERR_OK && (!room || out->rows == NULL))
        rc = fail_set(why, ERR_NOMEM, "out of memory while counting likes");
    if (rc == ERR_OK && all.len > 0) {
        memcpy(out->rows, all.data, all.len * sizeof *out->rows);
        out->n = all.len;
    }
    vec_free(&all);
    return rc;
}

static int by_character(const void *a, const void *b)
{
    const struct like_total *x = a, *y = b;
    return (x->character_id > y->character_id) - (x->character_id < y->character_id);
}

int64_t like_totals_of(const struct like_totals *totals, int32_t character_id)
{
    struct like_total key = {character_id, 0};
    if (totals->n == 0)
        return 0;
    const struct like_total *at = bsearch(&key, totals->rows, totals->n, sizeof key, by_character);
    return at == NULL ? 0 : at->likes;
}
