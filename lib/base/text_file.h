/* A text file read line by line with bounded memory, compressed (.gz, by content) or not.
 *
 * A line is what ends with LF; its CR, if any, stays. In a file whose first line ends with CR alone (old
 * Macintosh programs) every lone CR is given as LF. A byte order mark at the beginning is skipped. UTF-16 and
 * UTF-32 are recognised, by their mark or their NULs, and given as UTF-8; so are the encodings that a person
 * names; bytes that are no text there become ENCODING_BAD (base/encoding.h). Nothing else is checked.
 * The bytes from the last `text_first` on stay in memory, so that a row of several lines is one piece of
 * bytes and a reader can go back to its beginning. */
#ifndef MVTI_BASE_TEXT_FILE_H
#define MVTI_BASE_TEXT_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum { TEXT_LINE_MAX = 1 << 20, TEXT_ROW_MAX = 2 << 20 };

struct text_file;

struct text_line {
    const char *text; /* [n] with the LF; valid until the next text_first */
    size_t n;
    uint64_t number; /* from 1 */
    bool ended;      /* false: the file ends without LF */
    bool too_long;   /* cut after TEXT_LINE_MAX bytes; the next call begins behind its LF */
};

/* ERR_NOT_FOUND, ERR_IO, ERR_NOMEM; ERR_INVALID for a folder and for what is no text (a spreadsheet, HTML).
 */
MUST_USE enum err text_file_open(struct text_file **out, const char *path, struct fail *why);
/* The same for a file in `encoding` (a label of base/encoding.h; NULL: UTF-8). ERR_INVALID for one that
 * nobody knows. */
MUST_USE enum err text_file_open_as(struct text_file **out, const char *path, const char *encoding,
                                    struct fail *why);
/* Safe on NULL. */
void text_file_close(struct text_file *t);

/* The next line, the first of a new row: earlier bytes may go. False at the end and after a failure. */
bool text_file_first(struct text_file *t, struct text_line *line);
/* The next line of the same row, behind it in memory; `line` receives this line only. Also false when the
 * row has reached TEXT_ROW_MAX bytes (text_row tells). */
bool text_file_more(struct text_file *t, struct text_line *line);
/* Bytes of the row so far; *n of them. */
const char *text_file_row(const struct text_file *t, size_t *n);
/* Back to the beginning of the row (keep_first false) or behind its first line (true). */
void text_file_back(struct text_file *t, bool keep_first);

/* ERR_OK if the end was reached or more may come; else why reading stopped: ERR_IO, or ERR_INVALID for a
 * compressed file that is damaged or ends early. */
MUST_USE enum err text_file_status(const struct text_file *t, struct fail *why);
const char *text_file_path(const struct text_file *t);
/* What the bytes of the file are read as: "UTF-8", "UTF-16LE", "CP949". */
const char *text_file_encoding(const struct text_file *t);
/* Does a byte order mark say so? */
bool text_file_marked(const struct text_file *t);
/* Bytes of the file (compressed ones of a .gz) read so far and in all; total 0 when unknown (a pipe). */
void text_file_position(const struct text_file *t, uint64_t *done, uint64_t *total);

#endif
