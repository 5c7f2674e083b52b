#include "train/ratings_reader.h"

#include <stdlib.h>
#include <string.h>

#include "base/text_file.h"
#include "train/movie_set.h"

enum column { USER, MOVIE, RATING, TIME, N_COLUMNS };

struct ratings_reader {
    struct text_file *text;
    struct csv *csv;       /* NULL for .dat; owns text */
    int column[N_COLUMNS]; /* index in the row, −1 for none */
    bool usual;            /* userId,movieId,rating[,timestamp] and nothing else */
    struct movie_set seen; /* films of the current user */
    uint32_t user;
    enum err failed;
};

static const char *const verdict_names[RATINGS_N_VERDICTS] = {
    [RATINGS_BAD_USER] = "user id is not a number from 1 to 2147483647",
    [RATINGS_BAD_MOVIE] = "movie id is not a number from 1 to 2147483647",
    [RATINGS_BAD_RATING] = "rating is not one of 0.5, 1, … 5",
    [RATINGS_BAD_TIME] = "timestamp is not a number of seconds since 1970",
    [RATINGS_REPEATED] = "the user has rated this film in an earlier row",
    [RATINGS_TOO_MANY] = "more than 1048576 ratings of one user",
};

const char *ratings_verdict_name(int verdict)
{
    if (verdict >= 0 && verdict < CSV_N_VERDICTS)
        return csv_verdict_name((enum csv_verdict)verdict);
    return verdict > 0 && verdict < RATINGS_N_VERDICTS ? verdict_names[verdict] : "unknown";
}

/* The scanners below read from *p and leave it behind what they took. They need no length: whatever they read
 * ends with a byte (LF, NUL) that is no digit. */

static bool scan_number(const char **p, uint64_t most, uint32_t *out)
{
    uint64_t value = 0;
    const char *s = *p;
    for (; *s >= '0' && *s <= '9' && s - *p < 10; s++)
        value = value * 10 + (uint64_t)(*s - '0');
    bool good = s > *p && value <= most;
    *p = s;
    *out = (uint32_t)value;
    return good;
}

static bool scan_id(const char **p, uint32_t *out)
{
    return scan_number(p, INT32_MAX, out) && *out > 0;
}

static bool scan_stars(const char **p, uint8_t *half_stars)
{
    const char *s = *p;
    if (*s < '0' || *s > '5')
        return false;
    unsigned half = 2 * (unsigned)(*s++ - '0');
    if (*s == '.') {
        s++;
        if (*s != '0' && *s != '5')
            return false;
        half += *s++ == '5';
        while (*s == '0')
            s++;
    }
    *p = s;
    *half_stars = (uint8_t)half;
    return half >= 1 && half <= 10;
}

static bool scan_mark(const char **p, const char *mark)
{
    for (; *mark != '\0'; mark++, (*p)++)
        if (**p != *mark)
            return false;
    return true;
}

/* A whole plain line in the usual order. It takes the place of libcsv, which with a callback a field and a
 * copy of every byte takes 106 MB/s where this takes 420 (25 million rows of ml-25m's shape, one core);
 * whatever it does not like goes the long way, which finds the reason. */
static inline bool scan_line(const char *s, const char *mark, bool with_time, struct rating *out)
{
    uint32_t movie;
    if (!scan_id(&s, &out->user) || !scan_mark(&s, mark) || !scan_id(&s, &movie) || !scan_mark(&s, mark) ||
        !scan_stars(&s, &out->half_stars))
        return false;
    out->movie = (int32_t)movie;
    out->time = 0;
    if (with_time && (!scan_mark(&s, mark) || !scan_number(&s, UINT32_MAX, &out->time)))
        return false;
    return *s == '\n' || (s[0] == '\r' && s[1] == '\n');
}

static int check_fields(const struct ratings_reader *r, const struct csv_field *fields, struct rating *out)
{
    const char *s = fields[r->column[USER]].text;
    uint32_t movie;
    if (!scan_id(&s, &out->user) || *s != '\0')
        return RATINGS_BAD_USER;
    s = fields[r->column[MOVIE]].text;
    if (!scan_id(&s, &movie) || *s != '\0')
        return RATINGS_BAD_MOVIE;
    out->movie = (int32_t)movie;
    s = fields[r->column[RATING]].text;
    if (!scan_stars(&s, &out->half_stars) || *s != '\0')
        return RATINGS_BAD_RATING;
    out->time = 0;
    if (r->column[TIME] < 0)
        return RATINGS_OK;
    s = fields[r->column[TIME]].text;
    return scan_number(&s, UINT32_MAX, &out->time) && *s == '\0' ? RATINGS_OK : RATINGS_BAD_TIME;
}

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
        row->reason = row->verdict == RATINGS_OK ? "" : verdict_names[row->verdict];
    }
    return true;
}

/* A line with "::" that scan_line did not like, cut into fields by hand. */
static int judge_dat(const struct ratings_reader *r, const struct text_line *line, struct rating *out)
{
    char copy[128];
    struct csv_field fields[N_COLUMNS];
    size_t n = line->n, count = 0;
    while (n > 0 && (line->text[n - 1] == '\n' || line->text[n - 1] == '\r'))
        n--;
    if (line->too_long || n >= sizeof copy)
        return CSV_TOO_LONG;
    memcpy(copy, line->text, n);
    copy[n] = '\0';
    if (strlen(copy) != n)
        return CSV_HAS_NUL;
    for (char *s = copy; s != NULL; count++) {
        char *mark = strstr(s, "::");
        if (mark != NULL)
            *mark = '\0';
        if (count < N_COLUMNS)
            fields[count] = (struct csv_field){s, strlen(s)};
        s = mark != NULL ? mark + 2 : NULL;
    }
    if (count != N_COLUMNS)
        return !line->ended && count < N_COLUMNS ? CSV_CUT : CSV_WRONG_COUNT;
    return check_fields(r, fields, out);
}

static bool is_blank(const struct text_line *line)
{
    return line->n == 1 || (line->n == 2 && line->text[0] == '\r');
}

static bool read_row(struct ratings_reader *r, struct ratings_row *row)
{
    struct text_line line;
    if (r->csv != NULL && !r->usual)
        return slow_csv(r, row);
    do {
        if (!text_first(r->text, &line))
            return false;
    } while (line.ended && is_blank(&line));
    *row = (struct ratings_row){.line = line.number, .verdict = RATINGS_OK, .reason = ""};
    bool plain = line.ended && !line.too_long;
    if (r->csv != NULL) {
        if (plain && scan_line(line.text, ",", r->column[TIME] >= 0, &row->rating))
            return true;
        text_back(r->text, false);
        return slow_csv(r, row);
    }
    if (plain && scan_line(line.text, "::", true, &row->rating))
        return true;
    row->verdict = judge_dat(r, &line, &row->rating);
    row->reason = row->verdict == RATINGS_OK ? "" : ratings_verdict_name(row->verdict);
    return true;
}

static void compare(struct ratings_reader *r, struct ratings_row *row)
{
    if (row->rating.user != r->user) {
        movie_set_clear(&r->seen);
        r->user = row->rating.user;
    }
    if (movie_set_has(&r->seen, row->rating.movie))
        row->verdict = RATINGS_REPEATED;
    else if (r->seen.n >= RATINGS_PER_USER)
        row->verdict = RATINGS_TOO_MANY;
    else if (!movie_set_add(&r->seen, row->rating.movie))
        r->failed = ERR_NOMEM;
    if (row->verdict != RATINGS_OK)
        row->reason = verdict_names[row->verdict];
}

bool ratings_next(struct ratings_reader *r, struct ratings_row *row)
{
    if (r->failed != ERR_OK || !read_row(r, row))
        return false;
    if (row->verdict == RATINGS_OK)
        compare(r, row);
    return r->failed == ERR_OK;
}

enum err ratings_end(const struct ratings_reader *r, struct fail *why)
{
    if (r->failed != ERR_OK)
        return fail_set(why, r->failed, "%s: out of memory", text_path(r->text));
    return r->csv != NULL ? csv_end(r->csv, why) : text_status(r->text, why);
}

void ratings_position(const struct ratings_reader *r, uint64_t *done, uint64_t *total)
{
    text_position(r->text, done, total);
}

/* Finds the columns; where a name has two spellings the first that is there counts. */
static enum err find_columns(struct ratings_reader *r, struct fail *why)
{
    static const char *const spellings[N_COLUMNS][2] = {
        {"userId", "user_id"}, {"movieId", "movie_id"}, {"rating", NULL}, {"timestamp", NULL}};
    static const char *const needed[] = {"userId", "movieId", "rating", NULL};
    bool missing = false;
    for (int i = 0; i < N_COLUMNS; i++) {
        r->column[i] = -1;
        for (int k = 0; k < 2 && r->column[i] < 0 && spellings[i][k] != NULL; k++)
            r->column[i] = csv_column(r->csv, spellings[i][k]);
        missing = missing || (i != TIME && r->column[i] < 0);
    }
    if (missing) {
        enum err rc = csv_need(r->csv, needed, why);
        return rc != ERR_OK ? rc : ERR_FAULT;
    }
    size_t n = r->column[TIME] >= 0 ? 4 : 3;
    r->usual = csv_columns(r->csv) == n;
    for (int i = 0; i < (int)n; i++)
        r->usual = r->usual && r->column[i] == i;
    return ERR_OK;
}

static enum err open_format(struct ratings_reader *r, struct fail *why)
{
    struct text_line line;
    if (!text_first(r->text, &line)) {
        enum err rc = text_status(r->text, why);
        return rc != ERR_OK ? rc : fail_set(why, ERR_INVALID, "%s:1: empty", text_path(r->text));
    }
    bool dat = memmem(line.text, line.n, "::", 2) != NULL;
    text_back(r->text, false);
    if (dat) {
        for (int i = 0; i < N_COLUMNS; i++)
            r->column[i] = i;
        return ERR_OK;
    }
    struct text_file *text = r->text;
    r->text = NULL; /* csv_open_on closes it when it fails */
    enum err rc = csv_open_on(&r->csv, text, why);
    if (rc != ERR_OK)
        return rc;
    r->text = text;
    return find_columns(r, why);
}

enum err ratings_open(struct ratings_reader **out, const char *path, struct fail *why)
{
    *out = NULL;
    struct ratings_reader *r = calloc(1, sizeof *r);
    if (r == NULL)
        return fail_set(why, ERR_NOMEM, "%s: out of memory", path);
    enum err rc = text_open(&r->text, path, why);
    if (rc == ERR_OK)
        rc = open_format(r, why);
    if (rc != ERR_OK) {
        ratings_close(r);
        return rc;
    }
    *out = r;
    return ERR_OK;
}

void ratings_close(struct ratings_reader *r)
{
    if (r == NULL)
        return;
    if (r->csv != NULL)
        csv_close(r->csv);
    else
        text_close(r->text);
    movie_set_free(&r->seen);
    free(r);
}
