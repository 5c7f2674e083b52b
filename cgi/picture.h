/* Link previews and stories (lib/picture): their addresses, which pages have in their heads, and their content. */
#ifndef MVTI_CGI_PICTURE_H
#define MVTI_CGI_PICTURE_H

#include "app/circles.h"
#include "app/share.h"
#include "exchange.h"
#include "picture/shown.h"

enum { PICTURE_WIDTH = 1200, PICTURE_HEIGHT = 630 };

/* The form of a link preview: a card in the language of the address. */
struct shown_form picture_card(const struct exchange *p);
/* Appends the content of a result's picture to facts. */
void picture_facts_quiz(struct exchange *p, const struct share_quiz *t, const struct shown_form *form,
                        struct buf *facts);
/* Whether a circle's picture shows two members: the circle has two, or a= or b= of the query selects them. */
bool picture_is_of_two(const struct exchange *p, const struct circles_view *v);
/* Appends the content of a circle's picture to facts: two members, or all (NULL). It does not depend on the requesting
 * visitor, nor on the order of the two. */
void picture_facts_circle(struct exchange *p, const struct circles_view *v, const struct circles_two *two,
                          const struct shown_form *form, struct buf *facts);
/* The absolute URL of the picture of `facts` at a path of the site ("/r/…"), in the arena. Its parameter v= is a hash of
 * the content, so that it can be cached for long. Empties facts. NULL: pictures are not installed, or memory is out. */
const char *picture_address(struct exchange *p, const char *path, const struct shown_form *form,
                            struct buf *facts);
/* The same for the site's own picture, for pages without one of their own. */
const char *picture_of_site(struct exchange *p);
/* Whether v= of the query is this name. */
bool picture_named(const struct exchange *p, const char *name);

#endif
