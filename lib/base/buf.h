/* A growable byte buffer. After a failed allocation it is `failed`, ignores further writes and keeps its old
 * content, so that a writer checks once at the end. Zero-initialised is valid and empty. */
#ifndef MVTI_BASE_BUF_H
#define MVTI_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>

struct buf {
    char *data; /* [cap]; data[len] is always '\0' once anything was written */
    size_t len;
    size_t cap;
    bool failed;
};

/* Makes room for `more` further bytes and a final NUL. False (and failed) when memory is out. */
bool buf_reserve(struct buf *b, size_t more);
void buf_put(struct buf *b, const void *bytes, size_t n);
void buf_puts(struct buf *b, const char *s);
void buf_putc(struct buf *b, char c);
void buf_printf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Empties it but keeps the memory; clears failed. */
void buf_reset(struct buf *b);
/* Frees the memory; the buffer is empty and usable afterwards. */
void buf_free(struct buf *b);
/* The content as a C string, "" when nothing was ever written. Valid until the next write. */
const char *buf_str(const struct buf *b);

#endif
