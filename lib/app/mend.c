#include "app/mend.h"

#include <string.h>

bool mend_kind(const char *kind)
{
    static const char *const kinds[] = {"type", "text", "picture", "link", "other"};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i], kind) == 0)
            return true;
    return false;
}

enum err mend_report(struct db *db, const struct error_report *r, struct fail *why)
{
    return error_report_add(db, r, why);
}

enum err mend_queue(struct db *db, struct error_reports *page, struct arena *a, struct fail *why)
{
    return error_report_list(db, page, a, why);
}
