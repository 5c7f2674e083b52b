/* What a page shows as JSON-LD for search engines, in the vocabulary of schema.org: nodes of a graph. */
#ifndef MVTI_CGI_FACTS_H
#define MVTI_CGI_FACTS_H

#include "exchange.h"

/* A film with its characters, as one node. */
void facts_movie(struct exchange *p, struct json_out *w, uint32_t movie);
/* A character (schema.org's Person: "alive, dead, undead, or fictional") with its film. */
void facts_character(struct exchange *p, struct json_out *w, uint32_t character);
/* An ItemList of characters [n], in this order. */
void facts_list(struct exchange *p, struct json_out *w, const char *name, const uint32_t *characters,
                size_t n);

/* The site itself, with its search. */
void facts_site(struct exchange *p, struct json_out *w);

/* Breadcrumbs from the home page to this one: the steps after the home page, with the paths of the Korean pages. */
struct facts_step {
    const char *name, *path;
};
void facts_way(struct exchange *p, struct json_out *w, const struct facts_step *steps, size_t n);

#endif
