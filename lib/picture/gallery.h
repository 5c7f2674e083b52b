/* Pictures by what they show: drawn once, then from the shelf. */
#ifndef MVTI_PICTURE_GALLERY_H
#define MVTI_PICTURE_GALLERY_H

#include "base/config.h"
#include "picture/painter.h"
#include "picture/shelf.h"

enum { GALLERY_VERSION = 32 };

struct gallery {
    struct painter *painter;
    struct shelf shelf; /* below picture_cache_dir */
    char version[GALLERY_VERSION];
};

/* The version of script and fonts, which part of every picture's name is: another one draws otherwise. "" where they are not
 * installed. */
void gallery_version(const struct config *config, char version[GALLERY_VERSION]);
/* ERR_NOT_FOUND: picture_dir has no script; ERR_IO, ERR_NOMEM. gallery_close, also after a failure. */
MUST_USE enum err gallery_open(struct gallery *g, const struct config *config, struct fail *why);
/* Appends the picture of `facts`, whose shelf_name is `name`. A full disk costs time, not pictures. Errors as painter_draw. */
MUST_USE enum err gallery_picture(struct gallery *g, const struct buf *facts, const char *name,
                                  struct buf *png, struct fail *why);
void gallery_close(struct gallery *g);

#endif
