/* Parts of the pages of MBTI types, Enneagram types and pairs of both. They write to p->html. */
#ifndef MVTI_CGI_KINDS_H
#define MVTI_CGI_KINDS_H

#include "app/browse.h"
#include "parts.h"

/* Characters in a ranking: as many as on one page of the API. */
enum { KINDS_RANKED = 20 };

/* The head of a page in the colours of a type. */
struct kinds_hero {
    uint8_t mbti;
    const char *over, *big, *wing; /* wing: NULL for none */
    struct snapshot_text name, wing_name;
    const char *tags; /* NULL: none */
};
/* Leaves the element open, for more content in the same colours. */
void kinds_hero_open(struct exchange *p, const struct kinds_hero *h);
void kinds_hero(struct exchange *p, const struct kinds_hero *h);
/* A link in the colours of a type: a word and a number ("": none). */
struct kinds_link {
    const char *address, *word, *number;
};
void kinds_link(struct exchange *p, uint8_t mbti, const struct kinds_link *l);
/* The panel of compatible types: the partner, why, and the best grades. Left open. */
void kinds_fit(struct exchange *p, uint8_t mbti);
/* Open the text of a page; close it with the link to the test. */
void kinds_prose(struct exchange *p, struct snapshot_text lead);
void kinds_prose_end(struct exchange *p);
/* A band with a ranking. */
struct kinds_ranking {
    const char *title, *more; /* more: how it is sorted, or a sentence for an empty ranking */
    const struct browse_page *page;
    bool both;  /* rows show the MBTI and the Enneagram type */
    bool spans; /* with links to p->mbti's rankings of other periods */
    int days;   /* the period of this one; 0: all time */
};
void kinds_ranking(struct exchange *p, const struct kinds_ranking *r);
/* The sentence that says how a ranking of n characters is sorted. */
const char *kinds_rule(struct exchange *p, size_t n);
/* The path of a pair's page, "/t/INFP/4w5"; with ENNEAGRAM_NONE that of the type, "/t/INFP". */
const char *kinds_pair_path(struct exchange *p, uint8_t mbti, uint8_t enneagram);

#endif
