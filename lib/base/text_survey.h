/* A text file read once from end to end, before anything is made of it: is it UTF-8, and what else? */
#ifndef MVTI_BASE_TEXT_SURVEY_H
#define MVTI_BASE_TEXT_SURVEY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/encoding_guess.h"
#include "base/err.h"

struct text_survey {
    uint64_t good, wrong; /* lines with bytes above ASCII that are UTF-8, and that are not */
    uint64_t wrong_line;  /* the first of the latter, from 1; 0: none */
    bool utf8;            /* a mark says so, or no more lines are wrong than good: damaged in places */
    const struct encoding_look *look; /* of the wrong lines; NULL: like nothing known */
};

/* Errors as text_open and text_status. UTF-16 and UTF-32 count as UTF-8: text_open decodes them. */
MUST_USE enum err text_survey_file(const char *path, struct text_survey *out, struct fail *why);
/* The encoding to open the file with, for text_open_as: `wanted` where a person named one, else UTF-8 (NULL).
 * ERR_INVALID says what the file is where that cannot be right. */
MUST_USE enum err text_survey_choose(const struct text_survey *s, const char *path, const char *wanted,
                                     const char **encoding, struct fail *why);

#endif
