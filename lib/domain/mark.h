/* What a visitor says about a card besides a like. */
#ifndef MVTI_DOMAIN_MARK_H
#define MVTI_DOMAIN_MARK_H

#include <stdbool.h>

enum mark {
    MARK_NOT_ME, /* the character is not like them, or not for them */
    MARK_SEEN,   /* they know the film */
    MARK_HIDDEN, /* they do not want to see it */
    MARKS
};

/* "not_me", "seen", "hidden": all but the first are about films. */
const char *mark_name(enum mark mark);
/* False for another word. */
bool mark_parse(const char *name, enum mark *out);

#endif
