/* Problem documents (RFC 9457): how every failure is told to a client. */
#ifndef MVTI_WEB_PROBLEM_H
#define MVTI_WEB_PROBLEM_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

enum { PROBLEM_FIELDS = 8 };

struct problem {
    int status;       /* 0: none yet */
    int retry_after;  /* seconds; 0: no such header */
    char detail[256]; /* one sentence; "" allowed */
    size_t n_errors;
    struct {
        const char *field; /* static storage */
        char message[160];
    } errors[PROBLEM_FIELDS];
};

/* Sets the status and the sentence; returns a code so that a page can `return problem_set(…)`. */
enum err problem_set(struct problem *p, enum err code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* Adds a field error (status 400 unless one is set). Fields beyond PROBLEM_FIELDS are dropped. Returns
 * ERR_INVALID. */
enum err problem_field(struct problem *p, const char *field, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* Reason phrase of a status that workers send (RFC 9110, 15, and RFC 6585), "Unknown" of any other. */
const char *problem_title(int status);
/* Appends the JSON document. */
void problem_write(const struct problem *p, const char *request_id, struct buf *out);

#endif
