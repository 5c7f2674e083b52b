/* A page as HTML: the site's shell with a head for the address (title, description, Open Graph, hreflang,
 * JSON-LD) and the same content that the scripts draw. Scripts replace it once
 * they have drawn the page themselves; without scripts it stays. */
#ifndef MVTI_CGI_SHELL_H
#define MVTI_CGI_SHELL_H

#include "exchange.h"

/* Writes the content between header and footer to p->html. */
typedef void shell_content_fn(struct exchange *p, const void *of);
/* Writes nodes to w, where the array "@graph" is open. */
typedef void shell_facts_fn(struct exchange *p, struct json_out *w, const void *of);

struct shell_page {
    const char *title, *description; /* in the address's language */
    const char *path;        /* of the Korean page, from the root; that of the English one begins with /en */
    bool named;              /* the title already contains the site's name */
    bool hidden;             /* noindex: somebody's result, or an error */
    const char *picture;     /* absolute URL; NULL: none */
    const char *picture_alt; /* description of the picture */
    bool bare;               /* without a footer */
    bool quiz;               /* preloads the modules of the test */
    const char *login;       /* why a login failed, for the script; NULL: not a page about that */
    shell_content_fn *content; /* NULL: only the scripts draw this page */
    shell_facts_fn *facts;     /* NULL: none */
    const void *of;            /* argument of both functions */
};

/* ERR_NOMEM, also if the request's arena has failed before, because the page may then lack some of its content;
 * ERR_UNAVAILABLE: no shell with both placeholders. */
enum err shell_put(struct exchange *p, int status, const struct shell_page *page);
/* The page's absolute URL in a language, in the arena; NULL: memory is out. */
const char *shell_address(struct exchange *p, enum language l, const char *path);

#endif
