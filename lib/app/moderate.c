#include "app/moderate.h"

enum err moderate_votes(struct db *db, struct arena *a, struct moderation_votes *out, struct fail *why)
{
    return moderation_votes(db, a, out, why);
}

enum err moderate_person(struct db *db, int64_t visitor_id, struct moderation_person *out, struct fail *why)
{
    return moderation_person(db, visitor_id, out, why);
}
