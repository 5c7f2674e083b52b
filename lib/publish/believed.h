/* What visitors said of films or characters, and how much of it is believed (data/credit.h). */
#ifndef MVTI_PUBLISH_BELIEVED_H
#define MVTI_PUBLISH_BELIEVED_H

#include "base/vec.h"
#include "data/credit.h"

/* said: struct training_choice (store/training.h), by visitor. *out[said->len]: the same with what is kept of them, which the caller frees, after
 * an error too. people: who have their say besides the accounts among these visitors. ERR_NOMEM. */
MUST_USE enum err believed(const struct vec *said, size_t people, struct credit_choice **out,
                           struct credit_tally *tally, struct fail *why);

#endif
