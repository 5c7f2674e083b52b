/* A page as HTML: the site's shell with the head of what the address shows (title, description, Open Graph, its
 * other language, its facts as JSON-LD) and its content, the same text that the scripts draw. They take it over
 * when they have drawn the page themselves; who runs none reads it as it is. */
#ifndef MVTI_CGI_SHELL_H
#define MVTI_CGI_SHELL_H

#include "exchange.h"

/* Writes with p->html what stands between header and footer. */
typedef void shell_content_fn(struct exchange *p, const void *of);
/* Writes the members "@context" has before it: nodes of an open "@graph". */
typedef void shell_facts_fn(struct exchange *p, struct json_out *w, const void *of);

struct shell_page {
    const char *title, *description; /* in the address's language */
    const char *path;          /* of the Korean page, from the root; the English one has /en before it */
    bool named;                /* the title has the site's name already */
    bool hidden;               /* not for search engines: somebody's result, or nothing */
    const char *picture;       /* its whole address; NULL: none */
    const char *picture_alt;   /* what is on it */
    bool bare;                 /* without a footer, as scripts draw it */
    bool quiz;                 /* what the test's scripts import is asked for at once */
    const char *login;         /* why a login did not happen, for the script; NULL: not about that */
    shell_content_fn *content; /* NULL: the scripts draw all of it */
    shell_facts_fn *facts;     /* NULL: none */
    const void *of;            /* theirs */
};

/* ERR_NOMEM, also where the request's arena has failed before: the page may lack what it wanted to say;
 * ERR_UNAVAILABLE without a shell that has both places. */
enum err shell_put(struct exchange *p, int status, const struct shell_page *page);
/* The page's address in a language, whole, in the arena; NULL when memory is out. */
const char *shell_address(struct exchange *p, enum language l, const char *path);

#endif
