/* Cards of a result as HTML: the elements, classes and words of www/js/ui/match.js and axes.js. Each writes into p->html. */
#ifndef MVTI_CGI_CARDS_H
#define MVTI_CGI_CARDS_H

#include "app/recommend.h"
#include "exchange.h"
#include "words.h"

/* A ring with a percentage in it. */
void cards_ring(struct exchange *p, int percent);
/* The head of a card: the links of the character, in a heading, and of its film, and the ring. */
void cards_head(struct exchange *p, enum html_element heading, const struct recommend_item *item);
/* The link that a portrait is; nobody is led to it twice, so readers of screens do not see it. */
void cards_art(struct exchange *p, const char *class_name, uint32_t character);

struct cards_match {
    const struct recommend_item *item;
    const char *because;
    enum words_key best; /* what the first of its list is called */
    bool first;
};
void cards_match(struct exchange *p, const struct cards_match *card);
/* Bars from one letter to the other; percent [4] towards I, N, F, P. */
void cards_axes(struct exchange *p, const uint8_t *percent);

#endif
