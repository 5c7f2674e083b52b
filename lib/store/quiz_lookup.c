#include "store/quiz_lookup.h"

#include "store/db_list.h"

static const struct db_sql TOKEN = {"quiz_lookup.token", "SELECT token FROM test WHERE test_id = ?"};
static const struct db_sql VARIANTS = {"quiz_lookup.variants",
                                       "SELECT e.name, v.name, t.propensity FROM test_experiment t JOIN "
                                       "experiment e ON e.experiment_id = t.experiment_id "
                                       "JOIN experiment_variant v ON v.experiment_id = t.experiment_id AND "
                                       "v.position = t.position WHERE t.test_id = ? "
                                       "ORDER BY e.name LIMIT 16"};

enum err quiz_lookup_token(struct db *db, int64_t test_id, struct arena *a, const char **token,
                           struct fail *why)
{
    struct db_rows rows;
    enum err rc = db_first(db, &TOKEN, DB_BIND(db_int(test_id)), &rows, why);
    if (rc != ERR_OK)
        return rc;
    *token = arena_strdup(a, db_get_text(&rows, 0));
    return db_end_with(&rows, db_list_stored(*token != NULL, why), why);
}

static enum err read_variant(struct db_rows *rows, struct arena *a, void *item, struct fail *why)
{
    struct quiz_variant *v = item;
    *v = (struct quiz_variant){arena_strdup(a, db_get_text(rows, 0)), arena_strdup(a, db_get_text(rows, 1)),
                               db_get_real(rows, 2)};
    return db_list_stored(v->experiment != NULL && v->variant != NULL, why);
}

enum err quiz_lookup_variants(struct db *db, int64_t test_id, struct arena *a, struct quiz_variants *out,
                              struct fail *why)
{
    const struct db_list list = {&VARIANTS, DB_BIND(db_int(test_id)), QUIZ_LOOKUP_VARIANTS,
                                 sizeof *out->items, read_variant};
    struct db_items found;
    enum err rc = db_list_read(db, &list, a, &found, why);
    out->items = found.at;
    out->n = found.n;
    return rc;
}
