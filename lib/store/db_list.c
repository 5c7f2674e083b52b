#include "store/db_list.h"

#include <string.h>

enum err db_list_stored(bool stored, struct fail *why)
{
    return stored ? ERR_OK : fail_set(why, ERR_NOMEM, "out of memory");
}

enum err db_list_read(struct db *db, const struct db_list *l, struct arena *a, struct db_items *out,
                      struct fail *why)
{
    struct db_rows rows;
    char *items = arena_array(a, l->most, l->item);
    *out = (struct db_items){.at = items};
    if (items == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory");
    enum err rc = db_query(db, l->sql, l->params, &rows, why);
    if (rc != ERR_OK)
        return rc;
    while (rc == ERR_OK && out->n < l->most && db_next(&rows)) {
        char *item = items + out->n++ * l->item;
        memset(item, 0, l->item);
        rc = l->read(&rows, a, item, why);
    }
    return db_end_with(&rows, rc, why);
}
