/* From what a visitor sent to typed, range-checked values. Each function returns ERR_OK or, having added a
 * field error to the page's problem, ERR_INVALID. */
#ifndef MVTI_CGI_INPUT_H
#define MVTI_CGI_INPUT_H

#include "app/circles.h"
#include "app/once.h"
#include "app/recommend.h"
#include "exchange.h"

/* limit=: 1…most, `fallback` when absent. */
MUST_USE enum err input_limit(struct exchange *p, size_t fallback, size_t most, size_t *out);
/* cursor=: what input_cursor_text wrote, for the same kind of list. *seed and *offset stay when absent. */
MUST_USE enum err input_cursor(struct exchange *p, uint64_t *seed, size_t *offset);
/* One page of a list of rows, newest first: limit rows after the one that the cursor's two numbers name. Ask for limit + 1, and
 * view_rows will know whether there are more. */
struct input_rows {
    size_t limit;
    bool given; /* there is a cursor */
    int64_t first, second;
};
/* limit=, `most` when absent, and cursor=, whose second number is at most most_second. */
MUST_USE enum err input_rows(struct exchange *p, size_t most, int64_t most_second, struct input_rows *out);
/* Text of a cursor, into out. */
enum { INPUT_CURSOR = 40 };
const char *input_cursor_text(uint64_t seed, size_t offset, char out[INPUT_CURSOR]);
/* seed=: any 64-bit number; *given tells whether there was one. */
MUST_USE enum err input_seed(struct exchange *p, uint64_t *seed, bool *given);

/* q=, what somebody searches for, as it may be shown: in NFC, without what hides or turns text, at most
 * SEARCH_MAX_CHARS code points of it; "" when absent or
 * if it shows nothing. NULL: memory is out. */
const char *input_search(struct exchange *p);
/* mbti= and enneagram= of the query. enneagram= may be absent: *enneagram is then ENNEAGRAM_NONE. With `needed` false so may both be: *mbti is then
 * MBTI_NONE. */
MUST_USE enum err input_personality(struct exchange *p, bool needed, uint8_t *mbti, uint8_t *enneagram);
/* Index of the film or character in the path, −1 if there is none. p->id becomes the id under which it is
 * shown, which is another where the catalog has two rows for one film. */
int64_t input_movie(struct exchange *p);
int64_t input_character(struct exchange *p);
/* movies=1,2,3 of the query: distinct ids of films in the catalog, RECOMMEND_MIN_MOVIES…RECOMMEND_MAX_MOVIES,
 * each the one under which the film is shown. */
MUST_USE enum err input_movies_query(struct exchange *p, const int32_t **out, size_t *n);
/* Whom the characters of a page are matched with: mbti=, enneagram= and, if wanted, movies= of the query, each as above. */
struct input_visitor {
    struct recommend_request asked;
    const struct recommend_work *matches; /* NULL: the query names nobody */
};
/* out must stay where it is while its matches are asked for. movies= without the others is an error. */
MUST_USE enum err input_visitor(struct exchange *p, struct input_visitor *out);
/* Distinct ids as above, from a JSON list. */
/* chosen= of the query, as indexes: films that have left the catalog are left out, and so is what is named twice. ERR_INVALID: no list of ids, or
 * longer than RECOMMEND_MAX_MOVIES. */
MUST_USE enum err input_chosen(struct exchange *p, const uint32_t **out, size_t *n);
MUST_USE enum err input_movies_json(struct exchange *p, const struct json_value *list, const int32_t **out,
                                    size_t *n);
/* a= and b=: places of two different members of a circle that has as many. Absent: who asks, then the first, of those who are not the other. */
MUST_USE enum err input_two(struct exchange *p, const struct circles_view *v, struct circles_two *two);
/* The Idempotency-Key, bare or in quotes as the draft has it; *out is empty without one. */
MUST_USE enum err input_once(struct exchange *p, struct once *out);
/* A text member of the body; NULL and a field error if it is absent or no text. */
const char *input_text(struct exchange *p, const struct json_value *map, const char *name);

#endif
