/* Parses a request's input to typed, range-checked values. Unless noted otherwise, each function returns ERR_OK or adds a
 * field error to p->problem and returns ERR_INVALID; results are in the arena. */
#ifndef MVTI_CGI_INPUT_H
#define MVTI_CGI_INPUT_H

#include "app/circles.h"
#include "app/once.h"
#include "app/recommend.h"
#include "exchange.h"

/* limit=: 1…most; `fallback` if absent. */
MUST_USE enum err input_limit(struct exchange *p, size_t fallback, size_t most, size_t *out);
/* cursor=: a text of input_cursor_text for the same kind of list. *seed and *offset are unchanged if absent. */
MUST_USE enum err input_cursor(struct exchange *p, uint64_t *seed, size_t *offset);
/* One page of a list of rows, newest first: `limit` rows after the one that the cursor's two numbers identify. Fetch
 * limit + 1 rows, so that view_rows knows whether there are more. */
struct input_rows {
    size_t limit;
    bool given; /* there is a cursor */
    int64_t first, second;
};
/* limit=, `most` if absent, and cursor=, whose second number is at most most_second. */
MUST_USE enum err input_rows(struct exchange *p, size_t most, int64_t most_second, struct input_rows *out);
/* Writes the text of a cursor to out, and returns out. */
enum { INPUT_CURSOR = 40 };
const char *input_cursor_text(uint64_t seed, size_t offset, char out[INPUT_CURSOR]);
/* seed=: any 64-bit number; *given: whether it is there. */
MUST_USE enum err input_seed(struct exchange *p, uint64_t *seed, bool *given);

/* q=, a search text that is safe to display: in NFC, without control and bidirectional characters, at most
 * SEARCH_MAX_CHARS code points; "" if absent or
 * without visible characters. NULL: memory is out. */
const char *input_search(struct exchange *p);
/* mbti= and enneagram= of the query. Without enneagram=, *enneagram is ENNEAGRAM_NONE. Unless `needed`, both may be
 * absent, and *mbti is MBTI_NONE. */
MUST_USE enum err input_personality(struct exchange *p, bool needed, uint8_t *mbti, uint8_t *enneagram);
/* style= and coping= of the query, the answers to the two questions about the Enneagram. */
MUST_USE enum err input_answers(struct exchange *p, enum social_style *style, enum coping_style *coping);
/* The index of the film or character in the path, −1 if there is none. p->id becomes the id under which it is
 * shown, which may be another if the catalog has two rows for one film. */
int64_t input_movie(struct exchange *p);
int64_t input_character(struct exchange *p);
/* movies=1,2,3 of the query: distinct ids of films in the catalog, RECOMMEND_MIN_MOVIES…RECOMMEND_MAX_MOVIES of them,
 * each replaced by the id under which the film is shown. */
MUST_USE enum err input_movies_query(struct exchange *p, const int32_t **out, size_t *n);
/* The same from a JSON list. */
MUST_USE enum err input_movies_json(struct exchange *p, const struct json_value *list, const int32_t **out,
                                    size_t *n);
/* chosen= of the query as indexes of films; ids that are unknown or repeated are skipped. ERR_INVALID: not a list of
 * ids, or more than RECOMMEND_MAX_MOVIES. */
MUST_USE enum err input_chosen(struct exchange *p, const uint32_t **out, size_t *n);
/* The visitor whom the characters of a page are matched with: mbti=, enneagram= and optionally movies= of the query, each
 * as above. */
struct input_visitor {
    struct recommend_request asked;
    const struct recommend_work *matches; /* NULL: the query has no visitor */
};
/* out must not be moved while its matches are used. movies= without the others is an error. */
MUST_USE enum err input_visitor(struct exchange *p, struct input_visitor *out);
/* a= and b=: numbers of two different members of the circle. If one is absent: the requesting visitor, or else the first
 * member, who is not the other one. */
MUST_USE enum err input_two(struct exchange *p, const struct circles_view *v, struct circles_two *two);
/* The header Idempotency-Key, with or without the quotes of the IETF draft; *out is empty without it. */
MUST_USE enum err input_once(struct exchange *p, struct once *out);
/* A member of the body that is a string; NULL and a field error if it is absent or not a string. */
const char *input_text(struct exchange *p, const struct json_value *map, const char *name);

#endif
