#include "release/offer_pieces.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/map_file.h"
#include "release/taken.h"

enum { PATH_MOST = 700 };

static void in_folder(const char *folder, const char *name, char path[PATH_MOST])
{
    snprintf(path, PATH_MOST, "%.500s/%.100s", folder, name);
}

static bool is_there(const char *folder, const char *name)
{
    char path[PATH_MOST];
    struct stat st;
    in_folder(folder, name, path);
    return stat(path, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0;
}

static enum err put(const char *folder, const char *name, const struct buf *content, struct fail *why)
{
    char path[PATH_MOST];
    struct out_file out;
    in_folder(folder, name, path);
    enum err rc =
        content->failed ? fail_set(why, ERR_NOMEM, "out of memory") : map_file_out_open(&out, path, why);
    if (rc != ERR_OK)
        return rc;
    map_file_out_write(&out, content->data, content->len);
    rc = map_file_out_publish(&out, why);
    return rc == ERR_OK ? map_file_out_commit(&out, why) : rc;
}

/* ERR_NOT_FOUND and others of taken_read, ERR_CORRUPT: as if there were none. */
static enum err read_index(const char *folder, const struct manifest_file *f, struct pieces *out)
{
    char path[PATH_MOST], name[PIECE_NAME];
    char *text = malloc(f->index_size + 2);
    manifest_offered(f, name);
    in_folder(folder, name, path);
    enum err rc = text == NULL ? ERR_NOMEM : taken_read(path, text, f->index_size + 2, NULL);
    if (rc == ERR_OK)
        rc = pieces_read(out, text, f->size, NULL);
    free(text);
    return rc;
}

static bool all_are_there(const char *folder, const struct manifest_file *f)
{
    struct pieces p = {0};
    char name[PIECE_NAME];
    bool all = f->index_size > 0 && read_index(folder, f, &p) == ERR_OK;
    for (size_t i = 0; all && i < p.n; i++) {
        piece_name(&p.items[i], name);
        all = is_there(folder, name);
    }
    pieces_free(&p);
    return all;
}

static enum err put_pieces(const char *folder, const uint8_t *bytes, const struct pieces *p, struct fail *why)
{
    char name[PIECE_NAME];
    struct buf packed = {0};
    enum err rc = ERR_OK;
    for (size_t i = 0; rc == ERR_OK && i < p->n; i++) {
        piece_name(&p->items[i], name);
        if (is_there(folder, name))
            continue;
        buf_reset(&packed);
        piece_pack(&packed, bytes + p->items[i].offset, p->items[i].size);
        rc = put(folder, name, &packed, why);
    }
    buf_free(&packed);
    return rc;
}

/* Behind the pieces, so that whoever reads it finds them. */
static enum err put_index(const char *folder, const struct pieces *p, struct manifest_file *f,
                          struct fail *why)
{
    char name[PIECE_NAME];
    struct buf text = {0};
    pieces_write(p, &text);
    f->index_size = text.len;
    secret_hash(f->index_hash, buf_str(&text), text.len);
    manifest_offered(f, name);
    enum err rc = text.len > PIECE_INDEX_MOST
                      ? fail_set(why, ERR_TOO_LARGE, "%s is too large to be offered", f->path)
                      : put(folder, name, &text, why);
    buf_free(&text);
    return rc;
}

enum err offer_pieces(const char *folder, const char *path, struct manifest_file *f, struct fail *why)
{
    struct map_file m;
    struct pieces p;
    if (all_are_there(folder, f))
        return ERR_OK;
    enum err rc = map_file_open(&m, path, why);
    if (rc != ERR_OK)
        return rc;
    rc = pieces_of(&p, m.data, m.size, why);
    if (rc == ERR_OK)
        rc = put_pieces(folder, m.data, &p, why);
    if (rc == ERR_OK)
        rc = put_index(folder, &p, f, why);
    pieces_free(&p);
    map_file_close(&m);
    return rc;
}

static bool add_pieces(const char *folder, const struct manifest_file *f, struct vec *names)
{
    struct pieces p = {0};
    struct offered_name name;
    bool ok = f->index_size == 0 || read_index(folder, f, &p) != ERR_NOMEM;
    for (size_t i = 0; ok && i < p.n; i++) {
        piece_name(&p.items[i], name.text);
        ok = vec_push(names, &name);
    }
    pieces_free(&p);
    return ok;
}

bool offer_pieces_names(const char *folder, const struct manifest *m, struct vec *names)
{
    struct offered_name name;
    for (size_t i = 0; i < m->n; i++) {
        manifest_offered(&m->files[i], name.text);
        if (!vec_push(names, &name) || !add_pieces(folder, &m->files[i], names))
            return false;
    }
    return true;
}
