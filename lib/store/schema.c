#include "store/schema.h"

#include "store/schema_version.inc"

int schema_known(void)
{
    return SCHEMA_VERSION;
}

const char *schema_since_query(void)
{
    return "SELECT since FROM schema_since WHERE since_id = 1";
}

enum err schema_allows(int since, struct fail *why)
{
    if (since <= SCHEMA_VERSION)
        return ERR_OK;
    return fail_set(why, ERR_UNAVAILABLE,
                    "database: a newer MVTI has changed the tables so that this one must not touch them "
                    "(they want a program "
                    "that knows migration %04d, and this one knows %04d); install the newer MVTI, or restore "
                    "the back-up from "
                    "before the upgrade",
                    since, SCHEMA_VERSION);
}
