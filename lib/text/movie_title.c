#include "text/movie_title.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "text/article.h"
#include "text/search_key.h"

/* ---- the year at the end ---- */

/* Four digits before `end`; −1 if they are none. */
static int32_t year_before(const char *title, size_t end)
{
    char digits[5] = "";
    if (end < 4)
        return -1;
    memcpy(digits, title + end - 4, 4);
    return strspn(digits, "0123456789") == 4 ? (int32_t)atol(digits) : -1;
}

/* Bytes of the dash that ends before `end`, 0 if none does. */
static size_t dash_before(const char *title, size_t end)
{
    static const char *const dashes[] = {"-",      "~",      "\u2010", "\u2011", "\u2012",
                                         "\u2013", "\u2014", "\u2212", "\u301c"};
    for (size_t i = 0; i < sizeof dashes / sizeof *dashes; i++) {
        size_t n = strlen(dashes[i]);
        if (end >= n && memcmp(title + end - n, dashes[i], n) == 0)
            return n;
    }
    return 0;
}

static size_t skip_blanks(const char *title, size_t end)
{
    while (end > 0 && title[end - 1] == ' ')
        end--;
    return end;
}

/* Where "2006", "2006–2007", "2006-07" or "2006-" begins that ends before `end`; its first year. */
static size_t year_or_range(const char *title, size_t end, int32_t *year)
{
    size_t last = end;
    while (last > 0 && isdigit((unsigned char)title[last - 1]))
        last--;
    size_t digits = end - last, first = skip_blanks(title, last), dash = dash_before(title, first);
    if (dash > 0 && (digits == 0 || digits == 2 || digits == 4))
        end = skip_blanks(title, first - dash);
    *year = year_before(title, end);
    return *year < 0 ? 0 : end - 4;
}

size_t movie_title_cut_year(const char *title, int32_t *year)
{
    size_t n = strlen(title);
    *year = 0;
    if (n == 0 || title[n - 1] != ')')
        return n;
    int32_t found;
    size_t at = skip_blanks(title, year_or_range(title, skip_blanks(title, n - 1), &found));
    if (at == 0 || title[at - 1] != '(' || found < MOVIE_FIRST_YEAR || found > MOVIE_LAST_YEAR)
        return n;
    at = skip_blanks(title, at - 1);
    if (at == 0)
        return n;
    *year = found;
    return at;
}

/* ---- the article at the end ---- */

/* The article that the piece ends with, behind a comma: its bytes, 0 for none. A small letter is none: it
 * goes on
 * ("Yes, a"), as does "Good, the Bad". */
static size_t article_at_end(const char *piece, size_t n)
{
    for (const char *const *one = article_list; *one != NULL; one++) {
        size_t m = strlen(*one);
        if (n > m + 2 && memcmp(piece + n - m, *one, m) == 0 && memcmp(piece + n - m - 2, ", ", 2) == 0)
            return m;
    }
    return 0;
}

static bool is_elided(const char *article, size_t n)
{
    return article[n - 1] == '\'' || (n > 3 && memcmp(article + n - 3, "\u2019", 3) == 0);
}

/* One title, alone or inside brackets. */
static void put_piece(struct buf *out, const char *piece, size_t n)
{
    static const char known_as[] = "a.k.a. ";
    size_t lead = 0;
    if (n > sizeof known_as && strncasecmp(piece, known_as, sizeof known_as - 1) == 0)
        lead = sizeof known_as - 1;
    buf_put(out, piece, lead);
    piece += lead;
    n -= lead;
    size_t m = article_at_end(piece, n);
    if (m > 0) {
        buf_put(out, piece + n - m, m);
        if (!is_elided(piece + n - m, m))
            buf_putc(out, ' ');
        n -= m + 2;
    }
    buf_put(out, piece, n);
}

/* Bytes of the next piece: up to a bracket that a blank stands before, or inside one to where it closes. */
static size_t piece_length(const char *s, size_t n, bool inside)
{
    for (size_t i = 0; i < n; i++)
        if (inside ? s[i] == ')' : i > 0 && s[i] == '(' && s[i - 1] == ' ')
            return inside ? i : i - 1;
    return n;
}

const char *movie_title_spoken(struct arena *a, const char *title, size_t n)
{
    struct buf out = {0};
    bool inside = false;
    for (size_t i = 0; i < n; inside = !inside) {
        size_t m = piece_length(title + i, n - i, inside);
        if (inside || i == 0)
            put_piece(&out, title + i, m);
        else
            buf_put(&out, title + i, m);
        i += m;
        size_t mark = i == n ? 0 : inside ? strlen(")") : strlen(" (");
        buf_put(&out, title + i, mark);
        i += mark;
    }
    return arena_take(a, &out);
}

/* ---- one film? ---- */

void movie_title_key(struct buf *out, const char *title)
{
    struct buf words = {0};
    if (search_key_query(&words, title) != ERR_OK)
        out->failed = true;
    for (const char *word = buf_str(&words); *word != '\0';) {
        size_t n = strcspn(word, " ");
        if (n != strlen("and") || memcmp(word, "and", n) != 0) /* "&" to others */
            buf_put(out, word, n);
        word += n + (word[n] == ' ');
    }
    buf_free(&words);
}

enum { PIECES = 8, PART = 4 /* least bytes of a title that counts as a part of another */ };

struct pieces {
    struct buf text[PIECES];
    size_t n;
};

static void add_piece(struct pieces *p, const char *s, size_t n)
{
    struct buf spoken = {0};
    if (p->n == PIECES)
        return;
    put_piece(&spoken, s, n);
    movie_title_key(&p->text[p->n], buf_str(&spoken));
    p->n += p->text[p->n].len > 0;
    buf_free(&spoken);
}

static void take_pieces(struct pieces *p, const char *title)
{
    size_t n = strlen(title);
    bool inside = false;
    *p = (struct pieces){0};
    for (size_t i = 0; i < n; inside = !inside) {
        size_t m = piece_length(title + i, n - i, inside);
        add_piece(p, title + i, m);
        i += m;
        i += i == n ? 0 : inside ? strlen(")") : strlen(" (");
    }
}

static void free_pieces(struct pieces *p)
{
    for (size_t i = 0; i < PIECES; i++)
        buf_free(&p->text[i]);
}

static bool pieces_agree(const char *a, const char *b)
{
    const char *longer = strlen(a) >= strlen(b) ? a : b, *shorter = longer == a ? b : a;
    return strcmp(a, b) == 0 || (strlen(shorter) >= PART && strstr(longer, shorter) != NULL);
}

bool movie_title_agree(const char *a, const char *b)
{
    struct pieces x, y;
    bool agree = false;
    take_pieces(&x, a);
    take_pieces(&y, b);
    for (size_t i = 0; i < x.n; i++)
        for (size_t k = 0; k < y.n; k++)
            agree = agree || pieces_agree(buf_str(&x.text[i]), buf_str(&y.text[k]));
    free_pieces(&x);
    free_pieces(&y);
    return agree;
}
