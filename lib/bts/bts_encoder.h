/* A Hugging Face directory as the encoder of the content model (text/bert.h), opened when it is needed. */
#ifndef MVTI_BTS_BTS_ENCODER_H
#define MVTI_BTS_BTS_ENCODER_H

#include "base/err.h"
#include "bts/text_vectors.h"
#include "text/bert.h"

struct bts_encoder {
    const char *dir;
    struct bert *bert; /* NULL: not opened yet */
    struct text_encoder encoder;
};

/* The identity is a hash of the files that the vectors follow from; it reads them whole. ERR_NOT_FOUND,
 * ERR_IO when there is no such encoder. */
MUST_USE enum err bts_encoder_init(struct bts_encoder *e, const char *dir, struct fail *why);
/* Safe on a zeroed struct. */
void bts_encoder_close(struct bts_encoder *e);

#endif
