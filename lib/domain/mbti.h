/* The sixteen types. A type is a number 0…15 made of four bits, so that distance is a bit count:
 * bit 3: I (else E), bit 2: N (else S), bit 1: F (else T), bit 0: P (else J). */
#ifndef MVTI_DOMAIN_MBTI_H
#define MVTI_DOMAIN_MBTI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MBTI_COUNT = 16, MBTI_NONE = 255 };
enum mbti_axis { MBTI_EI, MBTI_SN, MBTI_TF, MBTI_JP, MBTI_AXES };

/* Reads exactly four letters, any case, n = 4; MBTI_NONE if that is no type ("XXXX", "ENF"). */
uint8_t mbti_parse(const char *s, size_t n);
/* "ENFP"; "" for MBTI_NONE. Static storage. */
const char *mbti_name(uint8_t type);
/* Number of letters that differ, 0…4. */
int mbti_distance(uint8_t a, uint8_t b);
/* Axis of a letter (either case) and whether it is the axis's second pole (I, N, F, P); false if no such
 * letter. */
bool mbti_letter(char letter, enum mbti_axis *axis, bool *second);
/* Both letters of an axis, "EI". */
const char *mbti_axis_name(enum mbti_axis axis);

#endif
