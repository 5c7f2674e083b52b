#include "canvas.h"

#include <librsvg/rsvg.h>
#include <math.h>
#include <stdbool.h>

static cairo_status_t put(void *png, const unsigned char *bytes, unsigned n)
{
    struct buf *out = png;
    buf_put(out, bytes, n);
    return out->failed ? CAIRO_STATUS_NO_MEMORY : CAIRO_STATUS_SUCCESS;
}

static enum err say(GError *error, struct fail *why)
{
    fail_set(why, ERR_INVALID, "the drawing cannot be painted: %.300s",
             error != NULL ? error->message : "no reason given");
    g_clear_error(&error);
    return ERR_INVALID;
}

static enum err paint(RsvgHandle *drawing, int w, int h, struct buf *png, struct fail *why)
{
    GError *error = NULL;
    enum err rc = ERR_OK;
    cairo_surface_t *sheet = cairo_image_surface_create(CAIRO_FORMAT_RGB24, w, h);
    cairo_t *pen = cairo_create(sheet);
    RsvgRectangle all = {0, 0, w, h};
    if (!rsvg_handle_render_document(drawing, pen, &all, &error))
        rc = say(error, why);
    else if (cairo_status(pen) != CAIRO_STATUS_SUCCESS ||
             cairo_surface_write_to_png_stream(sheet, put, png) != CAIRO_STATUS_SUCCESS)
        rc = fail_set(why, ERR_NOMEM, "the picture does not fit into memory");
    cairo_destroy(pen);
    cairo_surface_destroy(sheet);
    return rc;
}

enum err canvas_png(const struct buf *svg, struct buf *png, struct fail *why)
{
    GError *error = NULL;
    double w, h;
    RsvgHandle *drawing = rsvg_handle_new_from_data((const guint8 *)svg->data, svg->len, &error);
    if (drawing == NULL)
        return say(error, why);
    enum err rc;
    if (!rsvg_handle_get_intrinsic_size_in_pixels(drawing, &w, &h) ||
        !(w >= 1 && h >= 1 && w <= CANVAS_MOST && h <= CANVAS_MOST))
        rc = fail_set(why, ERR_INVALID, "the drawing has no size from 1 to %d pixels", CANVAS_MOST);
    else
        rc = paint(drawing, (int)lround(w), (int)lround(h), png, why);
    g_object_unref(drawing);
    return rc;
}
