/* What a picture shows, as the JSON that the drawing script reads (www/picture/picture.js). Nothing else reaches the program that
 * draws, and the name of a picture is a hash of it.
 *
 * Films and people are as the API gives them, {"title":{"ko","en"},"year","genres"} and {"name","mbti","enneagram","movie"}, because
 * portrait and poster are drawn from these. Texts are one line of at most SHOWN_TEXT characters as people count them, without what
 * hides or turns text, and with few marks on each, so that no title bursts a picture. */
#ifndef MVTI_PICTURE_SHOWN_H
#define MVTI_PICTURE_SHOWN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "model/snapshot.h"

enum { SHOWN_TEXT = 90, SHOWN_MOVIES = 3, SHOWN_CHARACTERS = 3, SHOWN_PEOPLE = 8 };

struct shown_form {
    bool english;     /* else Korean */
    bool story;       /* 1080 × 1920, else 1200 × 630 */
    const char *site; /* public_url; the picture names its host */
};

struct shown_quiz {
    uint8_t mbti, enneagram; /* ENNEAGRAM_NONE: skipped */
    int64_t best;            /* index of a character; −1: none is left */
    int percent;             /* of its match */
    const uint32_t *movies;
    size_t n_movies; /* the first SHOWN_MOVIES are shown */
};

/* Somebody of a circle, by type and by a character: pictures go on to others than who has the link, so they carry no nicknames. */
struct shown_person {
    uint8_t mbti, enneagram; /* ENNEAGRAM_NONE: skipped */
    int64_t character;       /* index; −1: none */
};

struct shown_people {
    struct shown_person people[SHOWN_PEOPLE];
    size_t n;      /* 1: an invitation; 2: two who are compared; more: everybody */
    int grade;     /* of two: how their types go together, 0…100 */
    int64_t movie; /* of two: index of the film that both characters are of; −1: of none together */
};

/* Each appends one JSON object; whether memory sufficed is in out->failed. */
void shown_result(struct buf *out, const struct snapshot *s, const struct shown_form *form,
                  const struct shown_quiz *r);
void shown_people(struct buf *out, const struct snapshot *s, const struct shown_form *form,
                  const struct shown_people *c);
/* With the most popular characters of exactly these types, then of that MBTI type. ENNEAGRAM_NONE: of the type alone. */
void shown_type(struct buf *out, const struct snapshot *s, const struct shown_form *form, uint8_t mbti,
                uint8_t enneagram);
void shown_character(struct buf *out, const struct snapshot *s, const struct shown_form *form,
                     uint32_t character);
void shown_movie(struct buf *out, const struct snapshot *s, const struct shown_form *form, uint32_t movie);
/* Of the site itself: the most popular characters of some types. */
void shown_site(struct buf *out, const struct snapshot *s, const struct shown_form *form);

#endif
