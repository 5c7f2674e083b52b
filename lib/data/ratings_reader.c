#include "data/ratings_reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text_file.h"
#include "base/text_survey.h"
#include "data/rating_fields.h"
#include "data/rating_time.h"
#include "data/ratings_columns.h"
#include "data/ratings_tally.h"

struct ratings_reader {
    struct text_file *text;
    struct csv *csv; /* NULL for lines cut at their mark; owns text */
    struct ratings_columns columns;
    struct ratings_rules rules;
    struct token_ids own_users;
    struct token_ids *users, *items; /* items: NULL where films are numbers */
    enum time_kind times;            /* of the rows so far */
    int32_t least, most;             /* what scan_line accepts without asking the scale */
    struct rating_values values;     /* all numbers, accepted or not */
    struct ratings_tally tally;
    enum time_offset offset; /* of the last row */
    char reason[RATINGS_REASON];
    enum err failed;
};

const struct ratings_rules ratings_reader_plain = {.tolerate = RATINGS_TOLERATE};

/* ---- a whole plain line in the usual order ---- */

/* The scanners read from *p and leave it behind what they took. They need no length: whatever they read ends
 * with a byte (LF, NUL) that they do not take. */

static inline bool scan_mark(const char **p, const char *mark)
{
    for (; *mark != '\0'; mark++, (*p)++)
        if (**p != *mark)
            return false;
    return true;
}

static inline bool scan_number(const char **p, uint32_t *out)
{
    const char *s = *p;
    uint64_t value = 0;
    if (s[0] == '0' && s[1] >= '0' && s[1] <= '9')
        return false;
    for (; *s >= '0' && *s <= '9' && s - *p < 10; s++)
        value = value * 10 + (uint64_t)(*s - '0');
    bool good = s > *p && value < TOKEN_FIRST && (*s < '0' || *s > '9');
    *p = s;
    *out = (uint32_t)value;
    return good;
}

/* A person's id that is no number: plain bytes up to the mark, no quotes. */
static bool scan_token(struct ratings_reader *r, const char **p, const char *mark, uint32_t *out)
{
    const char *s = *p;
    while (*s > ' ' && *s < 0x7f && *s != '"' && *s != mark[0])
        s++;
    size_t n = (size_t)(s - *p);
    if (n == 0 || n > TOKEN_MAX || *s != mark[0] || !token_ids_number(r->users, *p, n, out))
        return false;
    *p = s;
    return true;
}

static inline bool scan_value(const char **p, char point, int32_t *value)
{
    const char *s = *p;
    int32_t n = 0;
    for (; *s >= '0' && *s <= '9' && s - *p < 4; s++)
        n = n * 10 + (*s - '0');
    bool good = s > *p;
    n *= RATING_ONE;
    if (*s == '.' || *s == point) {
        int32_t unit = RATING_ONE / 10;
        for (s++; *s >= '0' && *s <= '9'; s++, unit /= 10)
            n += unit * (*s - '0');
        good = good && s[-1] >= '0';
    }
    *p = s;
    *value = n;
    return good;
}

static enum time_kind read_time(struct ratings_reader *r, const char *text, size_t n, int64_t *ms)
{
    enum time_kind kind = rating_time_read(text, n, r->times, ms);
    if (kind == TIME_ISO)
        r->offset = rating_time_says_offset(text, n) ? OFFSET_SAID : OFFSET_UNSAID;
    return kind;
}

/* A number, or all that is left of the line. */
static inline enum time_kind scan_time(struct ratings_reader *r, const char **p, int64_t *ms)
{
    const char *s = *p;
    uint64_t n = 0;
    for (; *s >= '0' && *s <= '9' && s - *p < 18; s++)
        n = n * 10 + (uint64_t)(*s - '0');
    if (s == *p)
        return TIME_NONE;
    if (*s == '\n' || *s == '\r') {
        *p = s;
        enum time_kind kind = rating_time_number(n, ms);
        return kind != TIME_NONE && *ms == 0 && r->times > TIME_NONE && r->times < TIME_ISO ? r->times : kind;
    }
    while (*s >= '+' && *s <= 'Z' && *s != ',' && *s != ';')
        s++;
    enum time_kind kind = read_time(r, *p, (size_t)(s - *p), ms);
    *p = s;
    return kind;
}

/* It takes the place of libcsv, which with a callback a field and a copy of every byte takes 106 MB/s where
 * this takes 400 (25 million rows of ml-25m's shape, one core); whatever it does not like goes the long way,
 * which finds the reason. */
static inline bool scan_line(struct ratings_reader *r, const char *s, struct rating *out)
{
    const char *mark = r->columns.mark, *start = s;
    uint32_t movie;
    if (!scan_number(&s, &out->user) || *s != mark[0]) {
        s = start;
        if (!scan_token(r, &s, mark, &out->user))
            return false;
    }
    if (!scan_mark(&s, mark) || !scan_number(&s, &movie) || !scan_mark(&s, mark) ||
        !scan_value(&s, r->columns.point, &out->value) || out->value < r->least || out->value > r->most)
        return false;
    out->movie = (int32_t)movie;
    out->time = 0;
    if (r->columns.at[RATINGS_TIME] >= 0) {
        if (!scan_mark(&s, mark))
            return false;
        enum time_kind kind = scan_time(r, &s, &out->time);
        if (kind == TIME_NONE || (kind != r->times && r->times != TIME_NONE))
            return false;
        if (out->time != 0)
            r->times = kind;
    }
    return *s == '\n' || (s[0] == '\r' && s[1] == '\n');
}

/* ---- fields ---- */

/* "words: 'what was there'", cut between characters. */
static int reject_as(struct ratings_reader *r, int verdict, const char *words, const struct csv_field *seen)
{
    size_t n = seen->n < 40 ? seen->n : 40;
    while (n > 0 && n < seen->n && ((unsigned char)seen->text[n] & 0xc0) == 0x80)
        n--;
    bool plain = token_ids_valid(seen->text, n);
    snprintf(r->reason, sizeof r->reason, "%s%s%.*s%s%s", words, plain ? ": '" : "", plain ? (int)n : 0,
             seen->text, n < seen->n && plain ? "…" : "", plain ? "'" : "");
    return verdict;
}

static int reject(struct ratings_reader *r, int verdict, const struct csv_field *seen)
{
    return reject_as(r, verdict, ratings_reader_verdict_name(verdict), seen);
}

static int check_ids(struct ratings_reader *r, const struct csv_field *user, const struct csv_field *movie,
                     struct rating *out)
{
    uint32_t number;
    if (!rating_fields_id(user, r->users, &out->user, &r->failed))
        return reject(r, RATINGS_BAD_USER, user);
    if (!rating_fields_id(movie, r->items, &number, &r->failed))
        return reject(r, RATINGS_BAD_MOVIE, movie);
    out->movie = (int32_t)number;
    return RATINGS_OK;
}

/* "98%" and "8/10" say themselves what they are of. */
static int check_top(struct ratings_reader *r, const struct csv_field *f, int32_t top)
{
    char words[80];
    const struct rating_scale *s = &r->rules.scale;
    bool fits = s->kind == SCALE_ANY || ((s->kind == SCALE_TOP || s->kind == SCALE_GUESS) &&
                                         (int64_t)top * RATING_ONE == rating_scale_top(s));
    if (fits)
        return RATINGS_OK;
    snprintf(words, sizeof words, "rating looks like one of %d; --scale %d reads it", (int)top, (int)top);
    return reject_as(r, RATINGS_OTHER_TOP, words, f);
}

static int check_value(struct ratings_reader *r, const struct csv_field *f, struct rating *out)
{
    char text[RATING_TEXT], top[RATING_TEXT];
    const struct rating_scale *scale = &r->rules.scale;
    int32_t of;
    if (!rating_fields_value(f, &out->value, &of))
        return reject(r, RATINGS_BAD_RATING, f);
    if (of > 0 && check_top(r, f, of) != RATINGS_OK)
        return RATINGS_OTHER_TOP;
    if (rating_scale_holds(scale, out->value))
        return RATINGS_OK;
    (void)rating_values_add(&r->values, out->value);
    rating_scale_text(out->value, text);
    if (scale->kind == SCALE_THUMBS)
        snprintf(r->reason, sizeof r->reason, "rating %s is none of 1, 0, -1", text);
    else
        snprintf(r->reason, sizeof r->reason, "rating %s is outside %s … %s", text,
                 scale->kind == SCALE_TOP ? "0" : "0.5", rating_scale_text(rating_scale_top(scale), top));
    return RATINGS_OUTSIDE;
}

static int check_time(struct ratings_reader *r, const struct csv_field *f, struct rating *out)
{
    enum time_kind kind = read_time(r, f->text, f->n, &out->time);
    if (kind == TIME_NONE && rating_time_like_date(f->text, f->n))
        return reject_as(r, RATINGS_BAD_TIME, "timestamp looks like a date; write it as 2020-12-31 21:20:11",
                         f);
    if (kind == TIME_NONE)
        return reject(r, RATINGS_BAD_TIME, f);
    if (kind != r->times && r->times != TIME_NONE) {
        snprintf(r->reason, sizeof r->reason, "timestamp in %s, those before in %s",
                 rating_time_kind_name(kind), rating_time_kind_name(r->times));
        return RATINGS_MIXED_TIME;
    }
    if (out->time != 0)
        r->times = kind;
    return RATINGS_OK;
}

static int check_fields(struct ratings_reader *r, const struct csv_field *fields, struct rating *out)
{
    struct csv_field trimmed[RATINGS_COLUMNS] = {0};
    const int *at = r->columns.at;
    for (int c = 0; c < RATINGS_COLUMNS; c++)
        if (at[c] >= 0)
            trimmed[c] = rating_fields_trim(fields[at[c]]);
    int verdict = check_ids(r, &trimmed[RATINGS_USER], &trimmed[RATINGS_MOVIE], out);
    out->value = RATING_ONE;
    out->time = 0;
    if (verdict == RATINGS_OK && at[RATINGS_RATING] >= 0)
        verdict = check_value(r, &trimmed[RATINGS_RATING], out);
    if (verdict == RATINGS_OK && at[RATINGS_TIME] >= 0)
        verdict = check_time(r, &trimmed[RATINGS_TIME], out);
    return verdict;
}

/* ---- rows ---- */

static bool slow_csv(struct ratings_reader *r, struct ratings_row *row)
{
    struct csv_row fields;
    if (!csv_next(r->csv, &fields))
        return false;
    row->line = fields.line;
    row->verdict = (int)fields.verdict;
    row->reason = fields.reason;
    if (fields.verdict == CSV_OK) {
        row->verdict = check_fields(r, fields.fields, &row->rating);
        row->reason = row->verdict == RATINGS_OK ? "" : r->reason;
    }
    return true;
}

/* A line that scan_line did not like, cut into fields by hand. */
static int judge_line(struct ratings_reader *r, const struct text_line *line, struct rating *out)
{
    struct csv_field fields[CSV_COLUMNS_MAX];
    size_t n = line->n, mark = strlen(r->columns.mark), count = 0;
    const char *s = line->text, *end;
    while (n > 0 && (s[n - 1] == '\n' || s[n - 1] == '\r'))
        n--;
    int verdict = line->too_long ? CSV_TOO_LONG : memchr(s, '\0', n) != NULL ? CSV_HAS_NUL : CSV_OK;
    for (end = s + n; verdict == CSV_OK; count++) {
        const char *next = memmem(s, (size_t)(end - s), r->columns.mark, mark);
        if (count < r->columns.n)
            fields[count] = (struct csv_field){s, (size_t)((next != NULL ? next : end) - s)};
        if (next == NULL) {
            count++;
            break;
        }
        s = next + mark;
    }
    if (verdict == CSV_OK && count != r->columns.n)
        verdict = !line->ended && count < r->columns.n ? CSV_CUT : CSV_WRONG_COUNT;
    if (verdict == CSV_OK)
        return check_fields(r, fields, out);
    snprintf(r->reason, sizeof r->reason, "%s", ratings_reader_verdict_name(verdict));
    return verdict;
}

static bool is_blank(const struct text_line *line)
{
    return line->n == 1 || (line->n == 2 && line->text[0] == '\r');
}

static bool read_row(struct ratings_reader *r, struct ratings_row *row)
{
    struct text_line line;
    r->offset = OFFSET_NONE;
    if (r->csv != NULL && !r->columns.usual)
        return slow_csv(r, row);
    do {
        if (!text_file_first(r->text, &line))
            return false;
    } while (line.ended && is_blank(&line));
    row->line = line.number;
    row->verdict = RATINGS_OK;
    row->reason = "";
    if (r->columns.usual && line.ended && !line.too_long && scan_line(r, line.text, &row->rating))
        return true;
    if (r->csv != NULL) {
        text_file_back(r->text, false);
        return slow_csv(r, row);
    }
    row->verdict = judge_line(r, &line, &row->rating);
    row->reason = row->verdict == RATINGS_OK ? "" : r->reason;
    return true;
}

bool ratings_reader_next(struct ratings_reader *r, struct ratings_row *row)
{
    if (r->failed != ERR_OK || !read_row(r, row) || r->failed != ERR_OK)
        return false;
    ratings_tally_add(&r->tally, row, r->offset);
    if (row->verdict == RATINGS_OK)
        (void)rating_values_add(&r->values, row->rating.value);
    return true;
}

/* ---- the whole file ---- */

/* A pipe cannot be read twice. */
static bool is_file(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

/* A file in another encoding fails in words that do not name it: says what it is, where it is one. */
static enum err name_encoding(const struct ratings_reader *r, const char *path, enum err rc, struct fail *why)
{
    struct text_survey survey;
    struct fail named = {0};
    const char *none;
    if (r->rules.encoding != NULL || !is_file(path) || text_survey_file(path, &survey, NULL) != ERR_OK ||
        text_survey_choose(&survey, path, NULL, &none, &named) == ERR_OK)
        return rc;
    if (why != NULL)
        *why = named;
    return ERR_INVALID;
}

static enum err judge_rejected(const struct ratings_reader *r, struct fail *why)
{
    const struct ratings_tally *t = &r->tally;
    const char *path = text_file_path(r->text);
    enum err rc = ratings_tally_rejected(t, r->rules.tolerate, path, why);
    bool letters = t->by_verdict[CSV_WRONG_UTF8] > 0 || t->by_verdict[RATINGS_BAD_USER] > 0;
    return rc != ERR_OK && letters ? name_encoding(r, path, rc, why) : rc;
}

bool ratings_reader_wrong_scale(const struct ratings_reader *r)
{
    return rating_scale_judge(&r->rules.scale, &r->values, r->rules.tolerate, "", NULL) != ERR_OK;
}

enum err ratings_reader_end(const struct ratings_reader *r, struct fail *why)
{
    const char *path = text_file_path(r->text);
    if (r->failed != ERR_OK)
        return fail_set(why, r->failed, "%s: out of memory", path);
    enum err rc = r->csv != NULL ? csv_end(r->csv, why) : text_file_status(r->text, why);
    if (rc == ERR_OK && r->tally.rows == 0)
        rc = fail_set(why, ERR_INVALID, "%s: contains only a header row, no ratings", path);
    if (rc == ERR_OK)
        rc = rating_scale_judge(&r->rules.scale, &r->values, r->rules.tolerate, path, why);
    if (rc == ERR_OK)
        rc = judge_rejected(r, why);
    return rc == ERR_OK ? ratings_tally_times(&r->tally, r->times, path, why) : rc;
}

const char *ratings_reader_remark(const struct ratings_reader *r, char out[RATINGS_REMARK])
{
    return ratings_tally_remark(&r->tally, out);
}

bool ratings_reader_have_times(const struct ratings_reader *r)
{
    return r->columns.at[RATINGS_TIME] >= 0;
}

const struct rating_scale *ratings_reader_scale(const struct ratings_reader *r)
{
    return &r->rules.scale;
}

void ratings_reader_position(const struct ratings_reader *r, uint64_t *done, uint64_t *total)
{
    text_file_position(r->text, done, total);
}

/* ---- opening ---- */

static const char film_columns[] =
    ". Has each film a column of its own? Ratings are read one a row: person, film, rating";

static enum err open_format(struct ratings_reader *r, struct fail *why)
{
    struct text_line line;
    do {
        if (!text_file_first(r->text, &line)) {
            enum err rc = text_file_status(r->text, why);
            return rc != ERR_OK ? rc : fail_set(why, ERR_INVALID, "%s:1: empty", text_file_path(r->text));
        }
    } while (line.ended && is_blank(&line));
    bool is_csv;
    enum err rc =
        ratings_columns_of_line(&r->columns, &line, r->rules.inter, text_file_path(r->text), &is_csv, why);
    if (rc != ERR_OK)
        return rc;
    if (!r->columns.header)
        text_file_back(r->text, false);
    if (!is_csv)
        return ERR_OK;
    struct text_file *text = r->text;
    r->text = NULL; /* csv_open_on closes it when it fails */
    struct fail csv = {0};
    rc = csv_open_on(&r->csv, text, &csv);
    if (rc != ERR_OK)
        return fail_set(why, rc, "%s%s", csv.text, rc == ERR_TOO_LARGE ? film_columns : "");
    r->text = text;
    return ratings_columns_of_csv(&r->columns, r->csv, r->rules.scale.kind == SCALE_LIKES, why);
}

static enum err open_text(struct ratings_reader *r, const char *path, struct fail *why)
{
    const char *encoding = r->rules.encoding;
    struct text_survey survey;
    if (encoding != NULL && !is_file(path))
        return fail_set(
            why, ERR_INVALID,
            "%s: is a pipe or a device, and with --encoding a file is read twice; save it as a file first",
            path);
    enum err rc = encoding != NULL ? text_survey_file(path, &survey, why) : ERR_OK;
    if (rc == ERR_OK && encoding != NULL)
        rc = text_survey_choose(&survey, path, r->rules.encoding, &encoding, why);
    return rc == ERR_OK ? text_file_open_as(&r->text, path, encoding, why) : rc;
}

/* Thumbs are asked one by one: their numbers do not lie close together. */
static void set_bounds(struct ratings_reader *r)
{
    const struct rating_scale *s = &r->rules.scale;
    int32_t half = RATING_ONE / 2;
    r->least = s->kind == SCALE_GUESS ? half : s->kind == SCALE_TOP ? 0 : INT32_MIN;
    r->most = s->kind == SCALE_GUESS || s->kind == SCALE_TOP ? rating_scale_top(s) : INT32_MAX;
    if (s->kind == SCALE_THUMBS)
        r->most = INT32_MIN;
}

enum err ratings_reader_open(struct ratings_reader **out, const char *path, const struct ratings_rules *rules,
                             struct fail *why)
{
    *out = NULL;
    struct ratings_reader *r = calloc(1, sizeof *r);
    if (r == NULL)
        return fail_set(why, ERR_NOMEM, "%s: out of memory", path);
    r->rules = *rules;
    r->users = rules->users != NULL ? rules->users : &r->own_users;
    r->items = rules->items;
    enum err rc = open_text(r, path, why);
    if (rc == ERR_OK && (rc = open_format(r, why)) == ERR_INVALID)
        rc = name_encoding(r, path, rc, why);
    if (rc != ERR_OK) {
        ratings_reader_close(r);
        return rc;
    }
    if (r->columns.at[RATINGS_RATING] < 0)
        r->rules.scale = (struct rating_scale){.kind = SCALE_LIKES};
    set_bounds(r);
    *out = r;
    return ERR_OK;
}

void ratings_reader_close(struct ratings_reader *r)
{
    if (r == NULL)
        return;
    if (r->csv != NULL)
        csv_close(r->csv);
    else
        text_file_close(r->text);
    token_ids_free(&r->own_users);
    free(r);
}
