#include <stdio.h>

#include "base/clock.h"
#include "doctor.h"
#include "picture/gallery.h"
#include "picture/spare.h"

/* Draws one with nothing in it, which needs the program, its script and a font. */
static enum err try_one(struct doctor *d, double *seconds, struct fail *why)
{
    struct buf facts = {0}, png = {0};
    double begun = clock_monotonic();
    struct painter *painter = painter_new(d->job->config.picture_program, d->job->config.picture_dir);
    if (painter == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory");
    buf_puts(&facts, "{\"kind\":\"site\",\"lang\":\"ko\",\"size\":\"card\",\"characters\":[]}");
    enum err rc = painter_draw(painter, &facts, 30, &png, why);
    *seconds = clock_monotonic() - begun;
    painter_close(painter);
    buf_free(&facts);
    buf_free(&png);
    return rc;
}

static void spare_ones(struct doctor *d)
{
    struct shelf shelf;
    struct fail why = {0};
    if (spare_open(&shelf, &d->job->config, &why) != ERR_OK) {
        doctor_say(d, DOCTOR_WRONG, "pictures", "%s", why.text);
        return;
    }
    size_t n = spare_count(&shelf);
    if (n == SPARE_ALL)
        doctor_say(d, DOCTOR_GOOD, "pictures", "of all types, drawn ahead");
    else
        doctor_say(
            d, DOCTOR_NOTE, "pictures",
            "%zu of %d drawn ahead: links that are shown while workers are busy may lack one; " DOCTOR_DO
            "run: "
            "mvti pictures",
            n, (int)SPARE_ALL);
}

static void kakaotalk(struct doctor *d)
{
    const struct config *c = &d->job->config;
    if (c->kakao_js_key[0] != '\0' && !config_kakao(c))
        doctor_say(d, DOCTOR_WRONG, "kakaotalk",
                   "no page offers it: kakao_js_key is letters and digits, and kakao_sdk a version and its "
                   "integrity, "
                   "\"2.7.5 sha384-...\"");
}

void doctor_pictures(struct doctor *d)
{
    kakaotalk(d);
    struct fail why = {0};
    char version[GALLERY_VERSION];
    double seconds = 0;
    if (d->job->config.picture_dir[0] == '\0') {
        doctor_say(d, DOCTOR_NOTE, "pictures", "none: picture_dir is empty; links are shown without one");
        return;
    }
    gallery_version(&d->job->config, version);
    if (*version == '\0')
        doctor_say(d, DOCTOR_WRONG, "pictures", "picture_dir: %s holds no script to draw with",
                   d->job->config.picture_dir);
    else if (try_one(d, &seconds, &why) != ERR_OK)
        doctor_say(d, DOCTOR_WRONG, "pictures", "%s does not draw: %s", d->job->config.picture_program,
                   why.text);
    else
        doctor_say(d, DOCTOR_GOOD, "pictures", "the first one of a worker takes %.2f s", seconds);
    spare_ones(d);
}
