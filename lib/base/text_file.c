#include "base/text_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "base/encoding.h"

/* A row of nearly TEXT_ROW_MAX may be followed by one more line and a read. */
enum { READ_SIZE = 256 << 10, WINDOW = TEXT_ROW_MAX + TEXT_LINE_MAX + READ_SIZE + 1, HEAD = 4096 };

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
    bool marked;             /* begins with UTF-8's byte order mark */
    bool cr_ends;            /* lines end with CR alone, which becomes LF here */
    bool cr_held;            /* the last CR read, until the byte behind it is known */
    struct decoder *decoder; /* NULL: the file is UTF-8 as it stands */
    char *raw;               /* [READ_SIZE + HEAD] of bytes to decode; NULL without a decoder */
    const char *raw_at;      /* the next of them */
    size_t raw_n;
    bool raw_end; /* the file has no more */
    enum err failed;
    struct fail why;
};

static void fail_reading(struct text_file *t)
{
    int code;
    const char *text = gzerror(t->stream, &code);
    t->at_end = true;
    if (code == Z_BUF_ERROR)
        text = "the compressed data ends early";
    if (code == Z_DATA_ERROR)
        text = "the compressed data is damaged";
    if (code == Z_ERRNO)
        t->failed = fail_errno(&t->why, ERR_IO, "%s", t->path);
    else
        t->failed = fail_set(&t->why, code == Z_MEM_ERROR ? ERR_NOMEM : ERR_INVALID, "%s: %s", t->path, text);
}

/* As gzread, in UTF-8: bytes read into out [READ_SIZE], 0 at the end, negative after a failure. */
static int read_decoded(struct text_file *t, char *out)
{
    for (;;) {
        size_t n = decoder_run(t->decoder, &t->raw_at, &t->raw_n, t->raw_end, out, READ_SIZE);
        if (n > 0 || t->raw_end)
            return (int)n;
        memmove(t->raw, t->raw_at, t->raw_n);
        t->raw_at = t->raw;
        int got = gzread(t->stream, t->raw + t->raw_n, (unsigned)(READ_SIZE - t->raw_n));
        if (got < 0)
            return got;
        t->raw_n += (size_t)got;
        t->raw_end = got == 0;
    }
}

/* Every CR that no LF follows becomes one. A CR that comes last is kept back; gives the bytes that remain. */
static size_t end_lines(struct text_file *t, char *bytes, size_t n)
{
    char *cr = bytes, *end = bytes + n;
    while ((cr = memchr(cr, '\r', (size_t)(end - cr))) != NULL && ++cr < end)
        if (*cr != '\n')
            cr[-1] = '\n';
    t->cr_held = cr != NULL;
    return n - t->cr_held;
}

static int read_some(struct text_file *t, char *out)
{
    return t->decoder != NULL ? read_decoded(t, out) : gzread(t->stream, out, READ_SIZE);
}

/* As read_some for a file whose lines end with CR. */
static int read_cr(struct text_file *t, char *out)
{
    int got;
    do {
        bool held = t->cr_held;
        got = read_some(t, out + held);
        if (got < 0 || (got == 0 && !held))
            return got;
        out[0] = held ? '\r' : out[0];
        if (got == 0) {
            t->cr_held = false;
            out[0] = '\n';
            return 1;
        }
        got = (int)end_lines(t, out, (size_t)got + held);
    } while (got == 0);
    return got;
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
    int got = t->cr_ends ? read_cr(t, t->window + t->end) : read_some(t, t->window + t->end);
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

bool text_file_first(struct text_file *t, struct text_line *line)
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

bool text_file_more(struct text_file *t, struct text_line *line)
{
    if (t->skipping || t->at - t->row >= TEXT_ROW_MAX)
        return false;
    return next_line(t, line);
}

const char *text_file_row(const struct text_file *t, size_t *n)
{
    *n = t->at - t->row;
    return t->window + t->row;
}

void text_file_back(struct text_file *t, bool keep_first)
{
    size_t at = t->row + (keep_first ? t->first_size : 0);
    if (at == t->at)
        return;
    t->at = at;
    t->number = t->row_number + keep_first;
    t->skipping = false;
}

enum err text_file_status(const struct text_file *t, struct fail *why)
{
    return t->failed == ERR_OK ? ERR_OK : fail_set(why, t->failed, "%s", t->why.text);
}

const char *text_file_path(const struct text_file *t)
{
    return t->path;
}

void text_file_position(const struct text_file *t, uint64_t *done, uint64_t *total)
{
    z_off_t at = gzoffset(t->stream);
    *done = at > 0 ? (uint64_t)at : 0;
    *total = t->total;
}

/* ---- opening ---- */

/* What people hand over in place of a text file. */
static const struct {
    const char *magic;
    const char *words;
} strangers[] = {
    {"PK\x03\x04", "a spreadsheet (.xlsx) or another zip file, no text; save it as \"CSV UTF-8\""},
    {"\xd0\xcf\x11\xe0", "a spreadsheet (.xls), no text; save it as \"CSV UTF-8\""},
    {"BZh", "compressed with bzip2; only gzip is read"},
    {"\xfd"
     "7zXZ",
     "compressed with xz; only gzip is read"},
    {"\x28\xb5\x2f\xfd", "compressed with zstd; only gzip is read"},
    {"%PDF-", "a PDF, no text"},
    {"SQLite format 3", "a SQLite database, no text"},
    {"<!DOCTYPE", "an HTML page, no CSV"},
    {"<!doctype", "an HTML page, no CSV"},
    {"<html", "an HTML page, no CSV"},
    {"<table", "an HTML table, no CSV; open it and save it as \"CSV UTF-8\""},
    {"<?xml", "XML, no CSV"},
    {"{\"", "JSON, no CSV"},
    {"[{", "JSON, no CSV"},
};

static enum err refuse_strangers(const struct text_file *t, struct fail *why)
{
    const char *at = t->window;
    size_t n = t->end;
    for (; n > 0 && strchr(" \t\r\n", *at) != NULL && *at != '\0'; at++, n--)
        ;
    for (size_t i = 0; i < sizeof strangers / sizeof strangers[0]; i++) {
        size_t m = strlen(strangers[i].magic);
        if (n >= m && memcmp(at, strangers[i].magic, m) == 0)
            return fail_set(why, ERR_INVALID, "%s: is %s", t->path, strangers[i].words);
    }
    return ERR_OK;
}

/* UTF-16 and UTF-32 by their mark; UTF-16 without one by its header row, whose letters have a NUL on one
 * side. NULL: neither. */
static const char *wide_encoding(const char *head, size_t n)
{
    if (n >= 4 && memcmp(head, "\xff\xfe\0\0", 4) == 0)
        return "UTF-32LE";
    if (n >= 4 && memcmp(head, "\0\0\xfe\xff", 4) == 0)
        return "UTF-32BE";
    if (n >= 2 && memcmp(head, "\xff\xfe", 2) == 0)
        return "UTF-16LE";
    if (n >= 2 && memcmp(head, "\xfe\xff", 2) == 0)
        return "UTF-16BE";
    size_t nul[2] = {0, 0}, looked = n < 256 ? n : 256;
    for (size_t i = 0; i < looked; i++)
        nul[i % 2] += head[i] == '\0';
    if (n < 4 || nul[0] + nul[1] < looked / 5 + 1)
        return NULL;
    return nul[1] > 4 * nul[0] ? "UTF-16LE" : nul[0] > 4 * nul[1] ? "UTF-16BE" : NULL;
}

/* The bytes in the window become those to decode. */
static enum err decode_from(struct text_file *t, const char *label, struct fail *why)
{
    enum err rc = decoder_open(&t->decoder, label, why);
    if (rc != ERR_OK)
        return rc;
    t->raw = malloc(READ_SIZE + HEAD);
    if (t->raw == NULL)
        return fail_set(why, ERR_NOMEM, "%s: out of memory", t->path);
    memcpy(t->raw, t->window, t->end);
    t->raw_at = t->raw;
    t->raw_n = t->end;
    t->end = 0;
    t->at_end = false;
    fill(t);
    return ERR_OK;
}

/* Does the first line end with CR alone, as old Macintosh programs write? A quoted one is none. */
static bool ends_with_cr(const char *text, size_t n, bool at_end)
{
    bool quoted = false;
    for (size_t i = 0; i < n; i++) {
        quoted = quoted != (text[i] == '"');
        if (!quoted && text[i] == '\n')
            return false;
        if (!quoted && text[i] == '\r')
            return i + 1 < n ? text[i + 1] != '\n' : at_end;
    }
    return false;
}

static void skip_mark(struct text_file *t)
{
    while (t->end - t->at >= 3 && memcmp(t->window + t->at, "\xef\xbb\xbf", 3) == 0)
        t->at += 3;
    t->marked = t->at > 0;
    t->row = t->at;
}

static enum err start(struct text_file *t, const char *encoding, struct fail *why)
{
    gzbuffer(t->stream,
             READ_SIZE / 2); /* no larger: an uncompressed read then goes straight into the window */
    while (t->end < HEAD && fill(t))
        ;
    enum err rc = text_file_status(t, why);
    if (rc == ERR_OK)
        rc = refuse_strangers(t, why);
    if (rc != ERR_OK)
        return rc;
    const char *wide = wide_encoding(t->window, t->end);
    const char *label = wide != NULL ? wide : encoding;
    if (label != NULL && strcasecmp(label, "utf-8") != 0 && strcasecmp(label, "utf8") != 0)
        rc = decode_from(t, label, why);
    if (rc != ERR_OK)
        return rc;
    skip_mark(t);
    if (ends_with_cr(t->window + t->at, t->end - t->at, t->at_end)) {
        t->cr_ends = true;
        t->end = t->at + end_lines(t, t->window + t->at, t->end - t->at);
        t->at_end = false;
    }
    return text_file_status(t, why);
}

static enum err open_stream(struct text_file *t, const char *path, struct fail *why)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return fail_errno(why, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "%s", path);
    enum err rc = fstat(fd, &st) == 0 ? ERR_OK : fail_errno(why, ERR_IO, "%s", path);
    if (rc == ERR_OK && S_ISDIR(st.st_mode))
        rc = fail_set(why, ERR_INVALID, "%s: is a directory", path);
    else if (rc == ERR_OK && (S_ISCHR(st.st_mode) || S_ISBLK(st.st_mode)))
        rc = fail_set(why, ERR_INVALID, "%s: is a device, not a file", path); /* /dev/zero has no end */
    if (rc == ERR_OK) {
        t->stream = gzdopen(fd, "rb");
        rc = t->stream != NULL ? ERR_OK : fail_set(why, ERR_NOMEM, "%s: out of memory", path);
    }
    if (rc != ERR_OK)
        close(fd);
    else
        t->total = S_ISREG(st.st_mode) ? (uint64_t)st.st_size : 0;
    return rc;
}

enum err text_file_open_as(struct text_file **out, const char *path, const char *encoding, struct fail *why)
{
    *out = NULL;
    struct text_file *t = calloc(1, sizeof *t);
    if (t != NULL) {
        t->path = strdup(path);
        t->window = malloc(WINDOW);
    }
    enum err rc = ERR_OK;
    if (t == NULL || t->path == NULL || t->window == NULL)
        rc = fail_set(why, ERR_NOMEM, "%s: out of memory", path);
    if (rc == ERR_OK)
        rc = open_stream(t, path, why);
    if (rc == ERR_OK)
        rc = start(t, encoding, why);
    if (rc != ERR_OK) {
        text_file_close(t);
        return rc;
    }
    *out = t;
    return ERR_OK;
}

enum err text_file_open(struct text_file **out, const char *path, struct fail *why)
{
    return text_file_open_as(out, path, NULL, why);
}

bool text_file_marked(const struct text_file *t)
{
    return t->marked;
}

const char *text_file_encoding(const struct text_file *t)
{
    return t->decoder != NULL ? decoder_name(t->decoder) : "UTF-8";
}

void text_file_close(struct text_file *t)
{
    if (t == NULL)
        return;
    if (t->stream != NULL)
        gzclose_r(t->stream);
    decoder_close(t->decoder);
    free(t->raw);
    free(t->window);
    free(t->path);
    free(t);
}
