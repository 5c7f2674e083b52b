/* The steps of a visitor in which something is deleted: a test, a like, the account (visit.h). */
#ifndef MVTI_TESTS_LOAD_REMOVAL_H
#define MVTI_TESTS_LOAD_REMOVAL_H

#include "load/visit.h"

/* Whoever was between did not hear the first answer and asked again, and by then it was gone: it is not known to have been deleted. */
extern const char removal_gone_before[];

/* Any own test, and then its page. */
void removal_ask_test(struct visitor *v, const struct crowd *crowd);
const char *removal_hear_test(struct visitor *v, const struct crowd *crowd, const struct json_value *body);
void removal_ask_result(struct visitor *v, const struct crowd *crowd);
const char *removal_hear_result(struct visitor *v, const struct crowd *crowd, const struct json_value *body);
void removal_ask_like(struct visitor *v, const struct crowd *crowd);
const char *removal_hear_like(struct visitor *v, const struct crowd *crowd, const struct json_value *body);
void removal_ask_account(struct visitor *v, const struct crowd *crowd);
const char *removal_hear_account(struct visitor *v, const struct crowd *crowd, const struct json_value *body);

#endif
