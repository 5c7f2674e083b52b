/* Pieces of the pages of types: of one, of an Enneagram type, of both together. They write into p->html. */
#ifndef MVTI_CGI_KINDS_H
#define MVTI_CGI_KINDS_H

#include "app/browse.h"
#include "parts.h"

/* As many characters as the API gives at once. */
enum { KINDS_RANKED = 20 };

/* The head of a page in the colours of a type. */
struct kinds_hero {
    uint8_t mbti;
    const char *over, *big, *wing; /* wing: NULL for none */
    struct snapshot_text name, wing_name;
    const char *tags; /* NULL: none */
};
/* Left open for what stands below it in the same colours. */
void kinds_hero_open(struct exchange *p, const struct kinds_hero *h);
void kinds_hero(struct exchange *p, const struct kinds_hero *h);
/* A link to a type, or to something of it: a word and a number ("": none). */
struct kinds_link {
    const char *address, *word, *number;
};
void kinds_link(struct exchange *p, uint8_t mbti, const struct kinds_link *l);
/* The panel of whom a type goes with: its completing type, why, and the best grades. Left open. */
void kinds_fit(struct exchange *p, uint8_t mbti);
/* Opens the text of a page and closes it with the way to the test. */
void kinds_prose(struct exchange *p, struct snapshot_text lead);
void kinds_prose_end(struct exchange *p);
/* A band with a ranking; `from` names the heading. more: how it is ordered, or what is said where there is nobody. both: rows show both types. */
struct kinds_ranking {
    const char *title, *more;
    const struct browse_page *page;
    bool both;
    bool spans; /* with the ways to the rankings of other spans of time, of p->mbti */
    int days;   /* of which this one is; 0: of all time */
};
void kinds_ranking(struct exchange *p, const struct kinds_ranking *r);
/* By what the rankings sort, with n characters. */
const char *kinds_rule(struct exchange *p, size_t n);
/* The address of a pair's page: "/t/INFP/4w5"; of who has no Enneagram type, the type's: "/t/INFP". */
const char *kinds_pair_path(struct exchange *p, uint8_t mbti, uint8_t enneagram);

#endif
