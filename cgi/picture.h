/* Pictures of what pages show (lib/picture): their addresses, which pages name in their heads, and what they show. */
#ifndef MVTI_CGI_PICTURE_H
#define MVTI_CGI_PICTURE_H

#include "app/circles.h"
#include "app/share.h"
#include "exchange.h"
#include "picture/shown.h"

enum { PICTURE_WIDTH = 1200, PICTURE_HEIGHT = 630 };

/* What a messenger shows of a page: a card in the language of its address. */
struct shown_form picture_card(const struct exchange *p);
/* Puts what the picture of a result shows into facts. */
void picture_facts_quiz(struct exchange *p, const struct share_quiz *t, const struct shown_form *form,
                        struct buf *facts);
/* Whether a picture of a circle is of two: there are no others, or a= or b= of the query chooses them. */
bool picture_is_of_two(const struct exchange *p, const struct circles_view *v);
/* Puts what the picture of a circle shows into facts: the two, or all (NULL). Whoever looks, and in whichever order the two are, it is the same. */
void picture_facts_circle(struct exchange *p, const struct circles_view *v, const struct circles_two *two,
                          const struct shown_form *form, struct buf *facts);
/* The whole address of the picture of `facts` at a path of the site ("/r/…"), with a name of this very picture (v=), so that it may
 * be kept for long; in the arena. Empties facts. NULL: pictures are not installed here, or memory is out. */
const char *picture_address(struct exchange *p, const char *path, const struct shown_form *form,
                            struct buf *facts);
/* That of the site's own picture, for pages that have none of their own. */
const char *picture_of_site(struct exchange *p);
/* Whether v= of the query names this very picture. */
bool picture_named(const struct exchange *p, const char *name);

#endif
