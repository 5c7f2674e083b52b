/* The eighteen Enneagram types with a wing, numbered 0…17 in the order
 * 1w9 1w2 2w1 2w3 3w2 3w4 4w3 4w5 5w4 5w6 6w5 6w7 7w6 7w8 8w7 8w9 9w8 9w1. */
#ifndef MVTI_DOMAIN_ENNEAGRAM_H
#define MVTI_DOMAIN_ENNEAGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ENNEAGRAM_COUNT = 18, ENNEAGRAM_NONE = 255 };

/* Reads "4w5" (n = 3, w in any case); ENNEAGRAM_NONE if that is no type ("XwX", "4w6"). */
uint8_t enneagram_parse(const char *s, size_t n);
/* The same, but that "" is ENNEAGRAM_NONE, of who has none. False if it is neither that nor a type. */
bool enneagram_parse_any(const char *s, size_t n, uint8_t *out);
/* "4w5"; "" for ENNEAGRAM_NONE. */
const char *enneagram_name(uint8_t type);
/* 1…9; 0 for ENNEAGRAM_NONE. */
int enneagram_core(uint8_t type);

/* Karen Horney's three social styles and the three ways of coping (Riso & Hudson's Hornevian and harmonic
 * groups): together they determine the core type. */
enum social_style { STYLE_ASSERTIVE, STYLE_COMPLIANT, STYLE_WITHDRAWN, STYLE_COUNT };
enum coping_style { COPING_POSITIVE, COPING_COMPETENCY, COPING_REACTIVE, COPING_COUNT };

/* -1 if the word is none. */
int social_style_parse(const char *s);
int coping_style_parse(const char *s);
/* Whether a core type would have given one of the two answers at least, as five of the nine do. */
bool enneagram_answers(int core, enum social_style style, enum coping_style coping);

/* The core types that two answers speak for, the likeliest first, and how likely each is, of 1. By Bayes' rule, where a person of a core type gives
 * each answer of that type with ENNEAGRAM_TRUE, each other one with half of the rest, and is of the type with half of an even chance for all and half
 * of how often it was met[core − 1] among characters of the person's MBTI type (each counted once more). ENNEAGRAM_TRUE² is the .7 that the authors of
 * these two questions state for both (Riso & Hudson, The Wisdom of the Enneagram, 1999, QUEST); characters are not people, hence the half. With these
 * numbers the type that both answers name comes first whatever was met. */
#define ENNEAGRAM_TRUE 0.837
enum { ENNEAGRAM_CORES = 9, ENNEAGRAM_LIKELY = 3 };
struct enneagram_likely {
    int core;
    double share;
};
void enneagram_likely(enum social_style style, enum coping_style coping, const uint32_t met[ENNEAGRAM_CORES],
                      struct enneagram_likely out[ENNEAGRAM_LIKELY]);

#endif
