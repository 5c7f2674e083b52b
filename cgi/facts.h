/* What a page shows, as JSON-LD with the words of schema.org: nodes of a graph, for search engines. */
#ifndef MVTI_CGI_FACTS_H
#define MVTI_CGI_FACTS_H

#include "exchange.h"

/* A film with its characters, as a node that is written whole. */
void facts_movie(struct exchange *p, struct json_out *w, uint32_t movie);
/* A character (schema.org's Person: "alive, dead, undead, or fictional") with its film. */
void facts_character(struct exchange *p, struct json_out *w, uint32_t character);
/* Characters in an order, under a name. */
void facts_list(struct exchange *p, struct json_out *w, const char *name, const uint32_t *characters,
                size_t n);

/* The site itself, and where it is searched. */
void facts_site(struct exchange *p, struct json_out *w);

/* A way from the first page to this one: the steps behind the first, paths of the Korean pages. */
struct facts_step {
    const char *name, *path;
};
void facts_way(struct exchange *p, struct json_out *w, const struct facts_step *steps, size_t n);

#endif
