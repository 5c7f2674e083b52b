/* Error codes of every fallible function, and the sentence that goes with one.
 *
 * A function returns `enum err`; where the caller can use a sentence for a person it also takes a
 * `struct fail *why` (NULL allowed) and fills it. The library never prints and never exits. */
#ifndef MVTI_BASE_ERR_H
#define MVTI_BASE_ERR_H

#include <stddef.h>
#include <stdint.h>

enum err {
    ERR_OK = 0,
    ERR_INVALID,     /* the input is wrong; the sentence names the field or the file:line */
    ERR_NOT_FOUND,   /* what was asked for does not exist */
    ERR_CONFLICT,    /* it exists already, or changed meanwhile */
    ERR_DENIED,      /* it exists, but not for this caller */
    ERR_BANNED,      /* the caller may only read */
    ERR_UNPROVEN,    /* only for who has worked for it (auth/guest.h) */
    ERR_LIMITED,     /* too many of these in too short a time */
    ERR_TOO_LARGE,   /* over a documented limit */
    ERR_BUSY,        /* another process holds it; again later */
    ERR_UNAVAILABLE, /* a part of the installation is away (database, snapshot) */
    ERR_PEER_GONE,   /* the other end of a connection left */
    ERR_IO,          /* the operating system refused a read or a write */
    ERR_CORRUPT,     /* a file of ours does not hold what its checksum says */
    ERR_DIVERGED,    /* numbers became NaN or a factorisation failed */
    ERR_STOPPED,     /* the person asked to stop; what was done is kept and can be gone on with */
    ERR_NOMEM,       /* out of memory */
    ERR_FAULT,       /* a defect of this program */
    ERR_COUNT
};

#define MUST_USE __attribute__((warn_unused_result))

struct fail {
    char text[512];    /* one sentence, NUL-terminated, UTF-8; "" when nothing failed */
    int wait;          /* ERR_LIMITED: seconds until it may be asked again */
    const char *limit; /* and which limit it was, for the log; NULL otherwise */
};

/* Stores a printf sentence in why (if not NULL) and returns code, so that a caller can write
 * `return fail_set(why, ERR_INVALID, "%s:%zu: ...", file, line);`. Cut at a UTF-8 boundary. */
enum err fail_set(struct fail *why, enum err code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* The same for a limit that is reached: returns ERR_LIMITED. */
enum err fail_limited(struct fail *why, int64_t wait, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* The same as fail_set with ": strerror(errno)" behind it. */
enum err fail_errno(struct fail *why, enum err code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* A stable lower-case word for logs, such as "not-found". Never NULL. */
const char *err_name(enum err code);

/* HTTP status for a code (RFC 9110): the one place where the mapping is written down. */
int err_http_status(enum err code);

/* Exit status for a command (sysexits.h): 0, 64 usage, 65 data, 69 unavailable, 70 fault, 73/74 I/O, 75 busy,
 * 130 stopped. */
int err_exit_status(enum err code);

#endif
