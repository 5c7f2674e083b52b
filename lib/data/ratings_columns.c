#include "data/ratings_columns.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* What exports call them, but for case, "_", "-" and blanks; the first that is there counts. */
enum { SPELLINGS = 8 };
static const char *const spellings[RATINGS_COLUMNS][SPELLINGS] = {
    [RATINGS_USER] = {"userId", "user", "uid", "reviewerId", "customerId", "personId"},
    [RATINGS_MOVIE] = {"movieId", "itemId", "filmId", "movie", "item", "film"},
    [RATINGS_RATING] = {"rating", "score", "stars", "overall", "userRating", "yourRating"},
    [RATINGS_TIME] = {"timestamp", "time", "date", "unixReviewTime", "ratedAt", "createdAt", "dateRated"},
};

static void judge_order(struct ratings_columns *c)
{
    size_t n = c->at[RATINGS_TIME] >= 0 ? 4 : 3;
    c->usual = c->n == n;
    for (int i = 0; i < (int)n; i++)
        c->usual = c->usual && c->at[i] == i;
    c->point = c->mark[0] == ',' ? '.' : ',';
}

/* ---- without a header ---- */

static size_t count_marks(const struct text_line *line, const char *mark)
{
    size_t n = 0, len = strlen(mark);
    const char *end = line->text + line->n;
    for (const char *s = line->text; (s = memmem(s, (size_t)(end - s), mark, len)) != NULL; s += len)
        n++;
    return n;
}

static void take_plain(struct ratings_columns *c, const char *mark, size_t n)
{
    *c = (struct ratings_columns){.n = n};
    snprintf(c->mark, sizeof c->mark, "%s", mark);
    for (int i = 0; i < RATINGS_COLUMNS; i++)
        c->at[i] = i < (int)n ? i : -1;
    judge_order(c);
}

/* What separates a line of user, film, rating and perhaps timestamp, all of them numbers, where a header
 * would have words; NULL: it has. */
static const char *numbers_apart(const struct text_line *line)
{
    static const char *const marks[] = {"\t", ";", ","};
    for (size_t i = 0; i < line->n; i++)
        if (line->text[i] == '\0' || strchr("0123456789.,;:+- \t\r\n", line->text[i]) == NULL)
            return NULL;
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        size_t n = count_marks(line, marks[i]);
        if (n == 2 || n == 3)
            return marks[i];
    }
    return NULL;
}

/* ---- RecBole ---- */

static bool is_inter(const struct text_line *line)
{
    return memchr(line->text, '\t', line->n) != NULL && memmem(line->text, line->n, ":token", 6) != NULL;
}

static enum err take_inter(struct ratings_columns *c, const struct text_line *line, const char *path,
                           struct fail *why)
{
    static const char *const names[RATINGS_COLUMNS] = {"user_id", "item_id", "rating", "timestamp"};
    const char *s = line->text, *end = s + line->n;
    *c = (struct ratings_columns){.mark = "\t", .header = true, .at = {-1, -1, -1, -1}};
    while (end > s && (end[-1] == '\n' || end[-1] == '\r'))
        end--;
    for (bool last = false; !last && c->n < CSV_COLUMNS_MAX; c->n++) {
        const char *tab = memchr(s, '\t', (size_t)(end - s));
        last = tab == NULL;
        tab = last ? end : tab;
        const char *colon = memchr(s, ':', (size_t)(tab - s));
        size_t n = (size_t)((colon != NULL ? colon : tab) - s);
        for (int k = 0; k < RATINGS_COLUMNS; k++)
            if (strlen(names[k]) == n && strncasecmp(names[k], s, n) == 0 && c->at[k] < 0)
                c->at[k] = (int)c->n;
        s = tab + !last;
    }
    if (c->at[RATINGS_USER] < 0 || c->at[RATINGS_MOVIE] < 0)
        return fail_set(
            why, ERR_INVALID,
            "%s:%llu: the first line must name user_id:token and item_id:token, separated by tabs", path,
            (unsigned long long)line->number);
    judge_order(c);
    c->usual = c->usual && c->at[RATINGS_RATING] >= 0;
    return ERR_OK;
}

enum err ratings_columns_of_line(struct ratings_columns *c, const struct text_line *line, bool inter,
                                 const char *path, bool *is_csv, struct fail *why)
{
    const char *mark;
    size_t marks = inter ? 0 : count_marks(line, "::");
    *is_csv = false;
    if (inter || is_inter(line))
        return take_inter(c, line, path, why);
    if (marks > 0)
        take_plain(c, "::", marks == 2 ? 3 : 4);
    else if ((mark = numbers_apart(line)) != NULL)
        take_plain(c, mark, count_marks(line, mark) + 1);
    else {
        *c = (struct ratings_columns){0};
        *is_csv = true;
    }
    return ERR_OK;
}

/* ---- CSV ---- */

enum err ratings_columns_of_csv(struct ratings_columns *c, const struct csv *csv, bool likes,
                                struct fail *why)
{
    *c = (struct ratings_columns){.mark = {csv_delimiter(csv)}, .header = true, .n = csv_columns(csv)};
    for (int i = 0; i < RATINGS_COLUMNS; i++) {
        c->at[i] = -1;
        for (int k = 0; k < SPELLINGS && c->at[i] < 0 && spellings[i][k] != NULL; k++)
            c->at[i] = csv_column(csv, spellings[i][k]);
    }
    if (c->at[RATINGS_USER] < 0 || c->at[RATINGS_MOVIE] < 0 || (c->at[RATINGS_RATING] < 0 && !likes)) {
        const char *lacking[RATINGS_COLUMNS] = {0};
        size_t n = 0;
        for (int i = 0; i < RATINGS_TIME; i++)
            if (c->at[i] < 0 && !(i == RATINGS_RATING && likes))
                lacking[n++] = spellings[i][0];
        struct fail lacks = {0};
        enum err rc = csv_need(csv, lacking, &lacks);
        bool only_rating = n == 1 && c->at[RATINGS_RATING] < 0 && !likes;
        return fail_set(why, rc, "%s%s", lacks.text,
                        only_rating ? "; if every row is a like, use --scale likes" : "");
    }
    judge_order(c);
    c->usual = c->usual && c->at[RATINGS_RATING] >= 0;
    return ERR_OK;
}
