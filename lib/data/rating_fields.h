/* Single fields of a row of ratings, n bytes each: no NUL need stand behind them. */
#ifndef MVTI_DATA_RATING_FIELDS_H
#define MVTI_DATA_RATING_FIELDS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/csv.h"
#include "base/err.h"
#include "data/token_ids.h"

/* Without the blanks around it. */
struct csv_field rating_fields_trim(struct csv_field f);
/* With tokens any id (data/token_ids.h); without, a number 0 … 2³¹ − 1, as a catalog has them: zeros in
 * front ("007") and a fraction of nothing ("31.0", as spreadsheets and data frames write whole numbers) are
 * accepted. False: it is none; also when memory is out, which *failed tells. */
bool rating_fields_id(const struct csv_field *f, struct token_ids *tokens, uint32_t *id, enum err *failed);
/* A rating as people write it, in units of data/rating_scale.h: a number with a point or a comma; yes, like,
 * 👍 and the like are 1, no is 0, dislike and 👎 are −1. *top is what the field itself says it is of: "98%" is
 * 98 of 100, "8/10" 8 of 10, "★★★☆☆" 3 of 5; else 0. False: none of these, or not between −200000 and 200000.
 */
bool rating_fields_value(const struct csv_field *f, int32_t *value, int32_t *top);

#endif
