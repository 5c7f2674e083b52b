/* Pictures that are drawn ahead: of the site, of every MBTI type, and of every type with an Enneagram wing, in both languages, for whoever
 * cannot wait for one of their own. They lie in state_dir/pictures, beside a list of what each shows, so that only those are drawn
 * again that would look otherwise. */
#ifndef MVTI_PICTURE_SPARE_H
#define MVTI_PICTURE_SPARE_H

#include "base/config.h"
#include "base/progress.h"
#include "picture/painter.h"
#include "picture/shelf.h"
#include "picture/shown.h"

enum { SPARE_ALL = 2 * (1 + MBTI_COUNT * (1 + ENNEAGRAM_COUNT)) };

/* MBTI_NONE: of the site; ENNEAGRAM_NONE: of the MBTI type. */
struct spare_of {
    uint8_t mbti, enneagram;
    bool english;
};

/* Their folder. ERR_IO, ERR_TOO_LARGE. */
MUST_USE enum err spare_open(struct shelf *s, const struct config *config, struct fail *why);
/* The name of one in there: "INFP-4w5-ko", "INFP-ko", "site-ko". */
void spare_name(char name[SHELF_NAME + 1], const struct spare_of *of);
/* How many of all there are, whatever they show. */
size_t spare_count(const struct shelf *s);

struct spare_work {
    const struct snapshot *snapshot;
    const struct config *config;
    const char *version; /* gallery_version */
    struct painter *painter;
    const struct progress *progress;
    size_t drawn; /* set: how many were drawn; the others look like that already */
};

/* Draws what is missing or shows something else. ERR_STOPPED where progress says so, errors as painter_draw and shelf_put; what was drawn
 * until then stays. */
MUST_USE enum err spare_draw(struct shelf *s, struct spare_work *work, struct fail *why);

#endif
