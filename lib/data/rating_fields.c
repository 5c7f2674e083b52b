#include "data/rating_fields.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "data/rating_scale.h"

struct csv_field rating_fields_trim(struct csv_field f)
{
    while (f.n > 0 && (f.text[f.n - 1] == ' ' || f.text[f.n - 1] == '\t' || f.text[f.n - 1] == '\r'))
        f.n--;
    for (; f.n > 0 && (*f.text == ' ' || *f.text == '\t'); f.text++)
        f.n--;
    return f;
}

static bool read_film(const struct csv_field *f, uint32_t *id)
{
    size_t first = 0, n = f->n;
    const char *point = memchr(f->text, '.', n);
    if (point != NULL) {
        size_t at = (size_t)(point - f->text);
        for (size_t i = at + 1; i < n; i++)
            if (f->text[i] != '0')
                return false;
        n = at;
    }
    while (first + 1 < n && f->text[first] == '0')
        first++;
    return token_ids_is_number(f->text + first, n - first, id);
}

bool rating_fields_id(const struct csv_field *f, struct token_ids *tokens, uint32_t *id, enum err *failed)
{
    if (tokens == NULL)
        return read_film(f, id);
    if (!token_ids_valid(f->text, f->n))
        return false;
    if (!token_ids_number(tokens, f->text, f->n, id))
        *failed = ERR_NOMEM;
    return *failed == ERR_OK;
}

/* ---- the value ---- */

/* Words and signs for a like and its opposite, without regard to case. */
static bool read_word(const char *text, int32_t *value)
{
    static const struct {
        const char *word;
        int32_t value;
    } words[] = {{"true", 1},      {"yes", 1},   {"y", 1},  {"like", 1},   {"liked", 1},  {"up", 1},
                 {"👍", 1},         {"❤", 1},     {"♥", 1},  {"예", 1},     {"네", 1},     {"좋아요", 1},
                 {"false", 0},     {"no", 0},    {"n", 0},  {"아니요", 0}, {"아니오", 0}, {"dislike", -1},
                 {"disliked", -1}, {"down", -1}, {"👎", -1}, {"싫어요", -1}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcasecmp(text, words[i].word) == 0) {
            *value = words[i].value * RATING_ONE;
            return true;
        }
    return false;
}

/* A thumb in a colour of skin, a heart that is to be shown as a picture: U+1F3FB … U+1F3FF, U+FE0F. */
static void cut_variant(char *text)
{
    for (size_t n = strlen(text); n > 3; n = strlen(text)) {
        if (strcmp(text + n - 3, "\xef\xb8\x8f") == 0)
            text[n - 3] = '\0';
        else if (n > 4 && memcmp(text + n - 4, "\xf0\x9f\x8f", 3) == 0 && (unsigned char)text[n - 1] >= 0xbb)
            text[n - 4] = '\0';
        else
            return;
    }
}

/* "★★★☆☆" and "★★★": the full ones of five. */
static bool read_stars(const char *text, int32_t *value, int32_t *top)
{
    enum { STAR = 3, MOST = 5 }; /* bytes of each of them */
    int full = 0, empty = 0;
    for (; strncmp(text, "★", STAR) == 0; text += STAR)
        full++;
    for (; strncmp(text, "☆", STAR) == 0; text += STAR)
        empty++;
    *value = full * RATING_ONE;
    *top = MOST;
    return *text == '\0' && full + empty > 0 && full + empty <= MOST && (empty == 0 || full + empty == MOST);
}

/* "98%" is of 100, "8/10" of 10: cuts that off. */
static void cut_top(char *text, int32_t *top)
{
    size_t n = strlen(text);
    char *slash = strchr(text, '/'), *end;
    if (n > 1 && text[n - 1] == '%') {
        *top = 100;
        text[n - 1] = '\0';
    } else if (slash != NULL && slash[1] >= '1' && slash[1] <= '9') {
        long of = strtol(slash + 1, &end, 10);
        *top = *end == '\0' && of <= RATING_MOST / RATING_ONE ? (int32_t)of : 0;
        if (*top > 0)
            *slash = '\0';
    }
    for (n = strlen(text); *top > 0 && n > 0 && text[n - 1] == ' '; n--)
        text[n - 1] = '\0';
}

static bool read_number(char *text, int32_t *value)
{
    char *end, *comma = strchr(text, ',');
    if (text[strspn(text, "+-0123456789.,eE")] != '\0')
        return false;
    if (comma != NULL && strchr(text, '.') == NULL)
        *comma = '.';
    double x = strtod(text, &end);
    if (end == text || *end != '\0' || !(fabs(x) <= (double)RATING_MOST / RATING_ONE))
        return false;
    *value = (int32_t)floor(x * RATING_ONE + 1e-6); /* 1e-6: 0.29 × 10000 is a little below 2900 */
    return true;
}

bool rating_fields_value(const struct csv_field *f, int32_t *value, int32_t *top)
{
    char copy[40];
    *top = 0;
    if (f->n == 0 || f->n >= sizeof copy)
        return false;
    memcpy(copy, f->text, f->n);
    copy[f->n] = '\0';
    if (read_number(copy, value))
        return true;
    cut_variant(copy);
    if (read_word(copy, value) || read_stars(copy, value, top))
        return true;
    *top = 0;
    cut_top(copy, top);
    return *top > 0 && read_number(copy, value);
}
