#include "release/pull_pieces.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/map_file.h"
#include "release/pieces.h"
#include "release/taken.h"

enum { PATH_MOST = 1500 };

struct fetching {
    const struct pull_pieces *p;
    const struct manifest_file *f;
    struct pieces pieces;
    struct map_file older;
    struct pieces have;      /* of older, by hash */
    uint8_t *bytes, *packed; /* [PIECE_MOST], [piece_packed_most()] */
    char on_its_way[PATH_MOST];
    int fd; /* of the part, at its end */
};

static int by_hash(const void *a, const void *b)
{
    return memcmp(((const struct piece *)a)->hash, ((const struct piece *)b)->hash, SECRET_HASH_BYTES);
}

/* An older file that cannot be read shares nothing. */
static void open_older(struct fetching *w)
{
    if (w->p->older == NULL || map_file_open(&w->older, w->p->older, NULL) != ERR_OK ||
        pieces_of(&w->have, w->older.data, w->older.size, NULL) != ERR_OK)
        return;
    qsort(w->have.items, w->have.n, sizeof *w->have.items, by_hash);
}

/* A source that sends more than the signed text allows sends something else; that is no fault of the part that is here. */
static enum err fetch(struct fetching *w, const char *name, size_t most, struct fail *why)
{
    enum err rc = source_fetch(w->p->source, name, w->on_its_way, most, why);
    return rc == ERR_TOO_LARGE
               ? fail_set(why, ERR_CORRUPT, "%s: more than the manifest names was sent of it", w->f->path)
               : rc;
}

static enum err fetch_index(struct fetching *w, struct fail *why)
{
    char name[PIECE_NAME];
    uint8_t hash[SECRET_HASH_BYTES];
    size_t size = w->f->index_size;
    char *text = malloc(size + 2);
    if (text == NULL)
        return fail_set(why, ERR_NOMEM, "out of memory");
    manifest_offered(w->f, name);
    enum err rc = fetch(w, name, size, why);
    if (rc == ERR_OK)
        rc = taken_read(w->on_its_way, text, size + 2, why);
    if (rc == ERR_OK)
        secret_hash(hash, text, strlen(text));
    if (rc == ERR_OK && !secret_equal(hash, w->f->index_hash, sizeof hash))
        rc = fail_set(why, ERR_CORRUPT, "%s: the index of its pieces is not what the manifest names",
                      w->f->path);
    if (rc == ERR_OK)
        rc = pieces_read(&w->pieces, text, w->f->size, why);
    free(text);
    return rc;
}

/* How many pieces the part has; what is behind the last whole one goes. */
static enum err open_part(struct fetching *w, const char *part, size_t *done, struct fail *why)
{
    struct stat st;
    w->fd = open(part, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0644);
    if (w->fd < 0 || fstat(w->fd, &st) != 0)
        return fail_errno(why, ERR_IO, "%.300s", part);
    while (*done < w->pieces.n &&
           w->pieces.items[*done].offset + w->pieces.items[*done].size <= (uint64_t)st.st_size)
        ++*done;
    uint64_t whole = *done < w->pieces.n ? w->pieces.items[*done].offset : w->f->size;
    return ftruncate(w->fd, (off_t)whole) == 0 ? ERR_OK : fail_errno(why, ERR_IO, "%.300s", part);
}

static enum err read_packed(struct fetching *w, const struct piece *piece, struct fail *why)
{
    FILE *f = fopen(w->on_its_way, "re");
    if (f == NULL)
        return fail_errno(why, ERR_IO, "%.300s", w->on_its_way);
    size_t n = fread(w->packed, 1, piece_packed_most(), f);
    fclose(f);
    return piece_unpack(w->bytes, piece, w->packed, n, why);
}

static enum err fetch_piece(struct fetching *w, const struct piece *piece, struct fail *why)
{
    char name[PIECE_NAME];
    piece_name(piece, name);
    enum err rc = fetch(w, name, piece_packed_most(), why);
    return rc == ERR_OK ? read_packed(w, piece, why) : rc;
}

static enum err write_piece(struct fetching *w, const uint8_t *bytes, size_t n, struct fail *why)
{
    while (n > 0) {
        ssize_t written = write(w->fd, bytes, n);
        if (written < 0)
            return fail_errno(why, ERR_IO, "%s", w->f->path);
        bytes += written;
        n -= (size_t)written;
    }
    return ERR_OK;
}

static enum err take_piece(struct fetching *w, const struct piece *piece, struct fail *why)
{
    const struct piece *here =
        w->have.n == 0 ? NULL : bsearch(piece, w->have.items, w->have.n, sizeof *piece, by_hash);
    if (here != NULL && here->size == piece->size)
        return write_piece(w, w->older.data + here->offset, here->size, why);
    if (w->p->is_superseded(w->p->arg))
        return fail_set(why, ERR_CONFLICT, "%s: something newer is offered meanwhile", w->f->path);
    enum err rc = fetch_piece(w, piece, why);
    return rc == ERR_OK ? write_piece(w, w->bytes, piece->size, why) : rc;
}

static enum err take_pieces(struct fetching *w, const char *part, struct fail *why)
{
    size_t done = 0;
    enum err rc = fetch_index(w, why);
    if (rc == ERR_OK)
        rc = open_part(w, part, &done, why);
    if (rc != ERR_OK)
        return rc;
    open_older(w);
    for (size_t i = done; rc == ERR_OK && i < w->pieces.n; i++) {
        progress_report(w->p->progress, "pieces", i, w->pieces.n);
        rc = take_piece(w, &w->pieces.items[i], why);
    }
    return rc;
}

enum err pull_pieces(const struct pull_pieces *p, const struct manifest_file *f, const char *part,
                     struct fail *why)
{
    struct fetching w = {
        .p = p, .f = f, .fd = -1, .bytes = malloc(PIECE_MOST), .packed = malloc(piece_packed_most())};
    snprintf(w.on_its_way, sizeof w.on_its_way, "%.1400s/piece", p->folder);
    enum err rc = w.bytes == NULL || w.packed == NULL ? fail_set(why, ERR_NOMEM, "out of memory")
                                                      : take_pieces(&w, part, why);
    if (w.fd >= 0)
        close(w.fd);
    unlink(w.on_its_way);
    pieces_free(&w.pieces);
    pieces_free(&w.have);
    map_file_close(&w.older);
    free(w.bytes);
    free(w.packed);
    return rc;
}
