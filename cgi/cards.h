/* Cards of a result as HTML: the elements, classes and words of www/js/ui/match.js and axes.js. Each writes into p->html. */
#ifndef MVTI_CGI_CARDS_H
#define MVTI_CGI_CARDS_H

#include "app/recommend.h"
#include "exchange.h"
#include "words.h"

/* A ring with a percentage in it. */
void cards_ring(struct exchange *p, int percent);
/* The head of a card: a heading with a link to the character, a link to its film, and the ring. */
void cards_head(struct exchange *p, enum html_element heading, const struct recommend_item *item);
/* The portrait as a link. It is hidden from screen readers, because the heading links to the same page. */
void cards_art(struct exchange *p, const char *class_name, uint32_t character);

struct cards_match {
    const struct recommend_item *item;
    const char *because; /* the sentence that says why */
    enum words_key best; /* label of the first card of the list */
    bool first;          /* this is the first card */
};
void cards_match(struct exchange *p, const struct cards_match *card);
/* Bars between the two letters of each axis; percent[4] towards I, N, F, P. */
void cards_axes(struct exchange *p, const uint8_t *percent);

#endif
