/* The page of a result: of a stored one, or of one that is shown once and not stored. */
#ifndef MVTI_CGI_RESULT_VIEW_H
#define MVTI_CGI_RESULT_VIEW_H

#include "app/share.h"
#include "exchange.h"

struct result_view {
    const struct share_quiz *quiz;
    const char *
        token; /* by which it is stored; NULL: it is not, because its owner is under 14, and the page says so: no
                          picture, nobody to compare with */
    const char *wrong; /* what is to be said about what was sent; NULL: nothing */
};

/* ERR_NOMEM, ERR_UNAVAILABLE (shell.h). */
MUST_USE enum err result_view_show(struct exchange *p, int status, const struct result_view *r);

#endif
