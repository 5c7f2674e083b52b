#include "store/export_table.h"

#include <string.h>

#define NEVER CHANGE_KINDS
#define NONE CHANGE_KINDS

enum { MANY = 500 };

static const struct export_table tables[] = {
    {"event", "v_event", {"event_id"}, {"event_id"}, false, CHANGE_EVENT, NONE, NULL, 0},
    {"view", "v_view", {"view_id"}, {"view_id"}, false, CHANGE_VIEW, NONE, "v.view_id = k.a", MANY},
    {"visitor", "v_visitor", {"visitor"}, {"visitor"}, false, CHANGE_VISITOR, NONE, "v.visitor = k.a", MANY},
    {"source", "v_source", {"visitor"}, {"visitor"}, false, CHANGE_VISITOR, NONE, "v.visitor = k.a", MANY},
    {"test", "v_test", {"test_id"}, {"test_id"}, false, CHANGE_TEST, NONE, "v.test_id = k.a", MANY},
    {"chosen_film",
     "v_chosen_film",
     {"test_id"},
     {"test_id", "position"},
     false,
     CHANGE_TEST,
     CHANGE_CATALOG,
     "v.test_id = k.a",
     MANY},
    {"shown",
     "v_shown",
     {"test_id"},
     {"test_id", "list", "position"},
     false,
     CHANGE_TEST,
     CHANGE_CATALOG,
     "v.test_id = k.a",
     MANY},
    {"like",
     "v_like",
     {"visitor", "character_id"},
     {"visitor", "character_id"},
     false,
     CHANGE_LIKE,
     NONE,
     "v.visitor = k.a AND v.character_id = k.b",
     MANY},
    {"vote",
     "v_vote",
     {"visitor", "character_id"},
     {"visitor", "character_id"},
     false,
     CHANGE_VOTE,
     NONE,
     "v.visitor = k.a AND v.character_id = k.b",
     MANY},
    {"mark", "v_mark", {"mark_id"}, {"mark_id"}, false, CHANGE_MARK, NONE, "v.mark_id = k.a", MANY},
    {"exposure",
     "v_exposure",
     {"visitor", "experiment_id"},
     {"visitor", "experiment_id"},
     false,
     CHANGE_EXPOSURE,
     NONE,
     "v.visitor = k.a AND v.experiment_id = k.b",
     MANY},
    {"test_variant",
     "v_test_variant",
     {"test_id"},
     {"test_id", "experiment_id"},
     false,
     CHANGE_TEST,
     NONE,
     "v.test_id = k.a",
     MANY},
    {"experiment", "v_experiment", {"experiment_id"}, {"experiment_id"}, true, NEVER, NONE, NULL, 0},
    {"experiment_variant",
     "v_experiment_variant",
     {"experiment_id"},
     {"experiment_id", "position"},
     true,
     NEVER,
     NONE,
     NULL,
     0},
    {"visitor_day",
     "v_visitor_day",
     {"day", "visitor"},
     {"day", "visitor"},
     false,
     CHANGE_VISITOR_DAY,
     CHANGE_ROLLUP,
     "v.day = FROM_DAYS(k.a) AND v.visitor = k.b",
     MANY},
    {"list_day",
     "v_list_day",
     {"day"},
     {"day", "list", "position", "snapshot_id"},
     false,
     CHANGE_DAY,
     CHANGE_ROLLUP,
     "v.day = FROM_DAYS(k.a)",
     1},
    {"character_day",
     "v_character_day",
     {"day"},
     {"day", "mbti", "character_id"},
     false,
     CHANGE_DAY,
     CHANGE_ROLLUP,
     "v.day = FROM_DAYS(k.a)",
     1},
    {"event_day",
     "v_event_day",
     {"day"},
     {"day", "kind"},
     false,
     CHANGE_DAY,
     CHANGE_ROLLUP,
     "v.day = FROM_DAYS(k.a)",
     1},
    {"event_hour",
     "v_event_hour",
     {"day"},
     {"day", "hour", "kind"},
     false,
     CHANGE_DAY,
     CHANGE_ROLLUP,
     "v.day = FROM_DAYS(k.a)",
     1},
    {"film_day",
     "v_film_day",
     {"day"},
     {"day", "list", "movie_id"},
     false,
     CHANGE_DAY,
     CHANGE_ROLLUP,
     "v.day = FROM_DAYS(k.a)",
     1},
    {"answer_day",
     "v_answer_day",
     {"day"},
     {"day", "list", "position", "tenths"},
     false,
     CHANGE_DAY,
     CHANGE_ROLLUP,
     "v.day = FROM_DAYS(k.a)",
     1},
    {"share_day",
     "v_share_day",
     {"day"},
     {"day", "test_id"},
     false,
     CHANGE_DAY,
     CHANGE_ROLLUP,
     "v.day = FROM_DAYS(k.a)",
     1},
    {"ranker_day",
     "v_ranker_day",
     {"day"},
     {"day", "list", "ranker"},
     false,
     CHANGE_DAY,
     CHANGE_ROLLUP,
     "v.day = FROM_DAYS(k.a)",
     1},
    {"variant_day",
     "v_variant_day",
     {"day"},
     {"day", "experiment_id", "position", "list"},
     false,
     CHANGE_DAY,
     CHANGE_ROLLUP,
     "v.day = FROM_DAYS(k.a)",
     1},
    {"daily", "v_daily", {"day"}, {"day"}, true, NEVER, NONE, NULL, 0},
    {"film", "v_film", {"movie_id"}, {"movie_id"}, false, NEVER, NONE, NULL, 0},
    {"character", "v_character", {"character_id"}, {"character_id"}, false, NEVER, NONE, NULL, 0},
    {"publication",
     "v_publication",
     {"publication_id"},
     {"publication_id", "people"},
     true,
     NEVER,
     NONE,
     NULL,
     0},
    {"lineage",
     "v_lineage",
     {"snapshot_id"},
     {"snapshot_id", "live_from", "model_file", "run_id"},
     true,
     NEVER,
     NONE,
     NULL,
     0},
    {"training_run", "v_training_run", {"run_id"}, {"run_id"}, false, NEVER, NONE, NULL, 0},
    {"training_run_value",
     "v_training_run_value",
     {"run_id"},
     {"run_id", "kind", "name"},
     false,
     NEVER,
     NONE,
     NULL,
     0},
    {"training_curve",
     "v_training_curve",
     {"run_id"},
     {"run_id", "name", "step"},
     false,
     NEVER,
     NONE,
     NULL,
     0},
    {NULL, NULL, {NULL}, {NULL}, false, NEVER, NONE, NULL, 0},
};

static const struct db_sql COLUMNS = {
    "export.columns", "SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = "
                      "DATABASE() AND table_name = ? ORDER BY ordinal_position"};

static const struct {
    const char *name;
    enum export_type type;
} types[] = {
    {"tinyint", EXPORT_INT},     {"smallint", EXPORT_INT},  {"int", EXPORT_INT},
    {"bigint", EXPORT_INT},      {"decimal", EXPORT_INT},   {"double", EXPORT_REAL},
    {"char", EXPORT_TEXT},       {"varchar", EXPORT_TEXT},  {"text", EXPORT_TEXT},
    {"mediumtext", EXPORT_TEXT}, {"longtext", EXPORT_TEXT}, {"datetime", EXPORT_TIME},
    {"date", EXPORT_DATE},
};

const struct export_table *export_tables(void)
{
    return tables;
}

const struct export_table *export_table_find(const char *name)
{
    for (const struct export_table *t = tables; t->name != NULL; t++)
        if (strcmp(t->name, name) == 0)
            return t;
    return NULL;
}

static enum err read_column(struct db_rows *rows, const struct export_table *t, struct arena *a,
                            struct export_column *out, struct fail *why)
{
    char name[65];
    const char *type = db_get_text(rows, 1);
    size_t n = strlen(db_get_text(rows, 0));
    memcpy(name, db_get_text(rows, 0), n < sizeof name ? n + 1 : 0);
    out->name = n < sizeof name ? arena_strdup(a, name) : NULL;
    if (out->name == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory");
    out->decimal = strcmp(type, "decimal") == 0;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (strcmp(types[i].name, type) == 0) {
            out->type = types[i].type;
            return ERR_OK;
        }
    return fail_set(why, ERR_FAULT, "%s.%s: export does not know the type %s", t->view, out->name, type);
}

enum err export_table_columns(struct db *db, const struct export_table *t, struct arena *a,
                              struct export_columns *out, struct fail *why)
{
    struct db_rows rows;
    out->n = 0;
    enum err rc = db_query(db, &COLUMNS, DB_BIND(db_text(t->view)), &rows, why);
    if (rc != ERR_OK)
        return rc;
    while (rc == ERR_OK && out->n < EXPORT_COLUMNS && db_next(&rows))
        rc = read_column(&rows, t, a, &out->items[out->n++], why);
    rc = db_end_with(&rows, rc, why);
    if (rc == ERR_OK && out->n == 0)
        return fail_set(why, ERR_NOT_FOUND, "the database has no %s: run mvti migrate", t->view);
    return rc;
}

size_t export_table_column(const struct export_columns *c, const char *name)
{
    size_t i = 0;
    while (i < c->n && strcmp(c->items[i].name, name) != 0)
        i++;
    return i;
}
