#include "base/text_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

/* A row of nearly TEXT_ROW_MAX may be followed by one more line and a read. */
enum { READ_SIZE = 256 << 10, WINDOW = TEXT_ROW_MAX + TEXT_LINE_MAX + READ_SIZE };

struct text_file {
    gzFile stream;
    char *path;
    char *window;      /* [WINDOW] */
    size_t row;        /* where the row begins */
    size_t first_size; /* bytes of its first line */
    size_t at;         /* the next line */
    size_t end;        /* bytes in the window */
    uint64_t number;   /* of the last line given */
    uint64_t row_number;
    uint64_t total;
    bool skipping; /* the rest of a line that was too long comes first */
    bool at_end;
    enum err failed;
    struct fail why;
};

static void fail_reading(struct text_file *t)
{
    int code;
    const char *text = gzerror(t->stream, &code);
    t->at_end = true;
    if (code == Z_ERRNO)
        t->failed = fail_errno(&t->why, ERR_IO, "%s", t->path);
    else if (code == Z_BUF_ERROR)
        t->failed = fail_set(&t->why, ERR_INVALID, "%s: the compressed data ends early", t->path);
    else if (code == Z_DATA_ERROR)
        t->failed = fail_set(&t->why, ERR_INVALID, "%s: the compressed data is damaged", t->path);
    else
        t->failed = fail_set(&t->why, ERR_IO, "%s: %s", t->path, text);
}

/* Moves the row to the front and reads behind it. False at the end. */
static bool fill(struct text_file *t)
{
    if (t->at_end)
        return false;
    if (t->row > 0) {
        memmove(t->window, t->window + t->row, t->end - t->row);
        t->at -= t->row;
        t->end -= t->row;
        t->row = 0;
    }
    int got = gzread(t->stream, t->window + t->end, READ_SIZE);
    if (got > 0) {
        t->end += (size_t)got;
        return true;
    }
    t->at_end = true;
    int code;
    gzerror(t->stream, &code);
    if (got < 0 || (code != Z_OK && code != Z_STREAM_END))
        fail_reading(t);
    return false;
}

/* Drops the rest of a line that was too long. */
static void skip_rest(struct text_file *t)
{
    while (t->skipping) {
        char *lf = memchr(t->window + t->at, '\n', t->end - t->at);
        t->skipping = lf == NULL;
        t->at = lf != NULL ? (size_t)(lf - t->window) + 1 : t->end;
        t->row = t->at;
        if (t->skipping && !fill(t))
            t->skipping = false;
    }
}

static bool next_line(struct text_file *t, struct text_line *line)
{
    size_t seen = 0;
    char *lf;
    while ((lf = memchr(t->window + t->at + seen, '\n', t->end - t->at - seen)) == NULL) {
        seen = t->end - t->at;
        if (seen > TEXT_LINE_MAX || !fill(t))
            break;
    }
    size_t n = lf != NULL ? (size_t)(lf - t->window) + 1 - t->at : t->end - t->at;
    /* After a failed read the last piece is no line: nobody knows how it goes on. */
    if (n == 0 || (lf == NULL && t->failed != ERR_OK))
        return false;
    bool too_long = n > TEXT_LINE_MAX;
    if (too_long)
        n = TEXT_LINE_MAX;
    *line = (struct text_line){t->window + t->at, n, ++t->number, lf != NULL, too_long};
    t->at += n;
    t->skipping = too_long;
    return true;
}

bool text_first(struct text_file *t, struct text_line *line)
{
    if (t->skipping)
        skip_rest(t);
    t->row = t->at;
    t->row_number = t->number;
    if (!next_line(t, line))
        return false;
    t->first_size = line->n;
    return true;
}

bool text_more(struct text_file *t, struct text_line *line)
{
    if (t->skipping || t->at - t->row >= TEXT_ROW_MAX)
        return false;
    return next_line(t, line);
}

const char *text_row(const struct text_file *t, size_t *n)
{
    *n = t->at - t->row;
    return t->window + t->row;
}

void text_back(struct text_file *t, bool keep_first)
{
    size_t at = t->row + (keep_first ? t->first_size : 0);
    if (at == t->at)
        return;
    t->at = at;
    t->number = t->row_number + keep_first;
    t->skipping = false;
}

enum err text_status(const struct text_file *t, struct fail *why)
{
    return t->failed == ERR_OK ? ERR_OK : fail_set(why, t->failed, "%s", t->why.text);
}

const char *text_path(const struct text_file *t)
{
    return t->path;
}

void text_position(const struct text_file *t, uint64_t *done, uint64_t *total)
{
    z_off_t at = gzoffset(t->stream);
    *done = at > 0 ? (uint64_t)at : 0;
    *total = t->total;
}

static enum err start(struct text_file *t, int fd, struct fail *why)
{
    struct stat st;
    if (fstat(fd, &st) != 0)
        return fail_errno(why, ERR_IO, "%s", t->path);
    if (S_ISDIR(st.st_mode))
        return fail_set(why, ERR_INVALID, "%s: is a folder", t->path);
    t->total = S_ISREG(st.st_mode) ? (uint64_t)st.st_size : 0;
    gzbuffer(t->stream,
             READ_SIZE / 2); /* no larger: an uncompressed read then goes straight into the window */
    while (t->end < 3 && fill(t))
        ;
    if (t->end >= 2 && (memcmp(t->window, "\xff\xfe", 2) == 0 || memcmp(t->window, "\xfe\xff", 2) == 0))
        return fail_set(why, ERR_INVALID, "%s: is UTF-16; save it as UTF-8", t->path);
    if (t->end >= 3 && memcmp(t->window, "\xef\xbb\xbf", 3) == 0)
        t->row = t->at = 3;
    return text_status(t, why);
}

enum err text_open(struct text_file **out, const char *path, struct fail *why)
{
    *out = NULL;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return fail_errno(why, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "%s", path);
    struct text_file *t = calloc(1, sizeof *t);
    if (t != NULL) {
        t->path = strdup(path);
        t->window = malloc(WINDOW);
        t->stream = gzdopen(fd, "rb");
    }
    if (t == NULL || t->stream == NULL)
        close(fd);
    if (t == NULL || t->stream == NULL || t->path == NULL || t->window == NULL) {
        text_close(t);
        return fail_set(why, ERR_NOMEM, "%s: out of memory", path);
    }
    enum err rc = start(t, fd, why);
    if (rc != ERR_OK) {
        text_close(t);
        return rc;
    }
    *out = t;
    return ERR_OK;
}

void text_close(struct text_file *t)
{
    if (t == NULL)
        return;
    if (t->stream != NULL)
        gzclose_r(t->stream);
    free(t->window);
    free(t->path);
    free(t);
}
