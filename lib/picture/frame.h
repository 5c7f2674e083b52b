/* How mvti-draw is spoken to: frames of a word, a length and so many bytes, over a socket. The word of a request is 0, of an answer an
 * enum err: ERR_OK with a picture, else with a sentence. */
#ifndef MVTI_PICTURE_FRAME_H
#define MVTI_PICTURE_FRAME_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

/* Bytes of one; no picture and no facts are near it. */
enum { FRAME_MOST = 8 << 20 };

/* Both wait until clock_monotonic says *deadline (NULL: for ever); a descriptor with a deadline must be non-blocking.
 * ERR_PEER_GONE: the other end is closed; ERR_BUSY: the time is over; ERR_CORRUPT: this is no frame; ERR_IO, ERR_NOMEM. */
MUST_USE enum err frame_read(int fd, uint32_t *word, struct buf *bytes, const double *deadline,
                             struct fail *why);
MUST_USE enum err frame_write(int fd, uint32_t word, const struct buf *bytes, const double *deadline,
                              struct fail *why);

#endif
