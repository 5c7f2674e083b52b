/* Sentences of jobs as the console reads them: each is told from all others with its values, and both dictionaries of the console say each. */
#include "base/saying.h"

#include <stdio.h>
#include <string.h>

#include "tests/check.h"

static bool value_is(const struct saying *s, size_t i, const char *text)
{
    return i < s->n && s->values[i].n == strlen(text) && memcmp(s->values[i].at, text, s->values[i].n) == 0;
}

static void reads_what_is_written(void)
{
    struct saying s;
    char text[400];
    snprintf(text, sizeof text, SAYING_FEW_HELD, (size_t)12, 20);
    CHECK(saying_read(&s, text) && strcmp(s.code, "few_held") == 0 && s.n == 2);
    CHECK(value_is(&s, 0, "12") && value_is(&s, 1, "20"));
    snprintf(text, sizeof text, SAYING_BELOW_POPULAR, (size_t)300, 0.25, 0.125, -0.125, -0.2, -0.05);
    CHECK(saying_read(&s, text) && strcmp(s.code, "below_popular") == 0 && s.n == 6);
    CHECK(value_is(&s, 0, "300") && value_is(&s, 3, "-0.1250") && value_is(&s, 5, "-0.0500"));
    snprintf(text, sizeof text, SAYING_NO_ROOM, "walls", 60.0, "results", 12.5);
    CHECK(saying_read(&s, text) && strcmp(s.code, "no_room") == 0 && s.n == 4);
    CHECK(value_is(&s, 0, "walls") && value_is(&s, 1, "60") && value_is(&s, 2, "results") &&
          value_is(&s, 3, "12.5"));
    snprintf(text, sizeof text, SAYING_GUARD_DOWN, 186LL, 1200LL, 60LL, 1190LL);
    CHECK(saying_read(&s, text) && strcmp(s.code, "guard_down") == 0 && value_is(&s, 3, "1190"));
}

/* What stands before or behind another says only what the record has in its columns. */
static void inside_another_it_is_the_same(void)
{
    struct saying s;
    char inner[300], text[400];
    snprintf(text, sizeof text, SAYING_NOT_COMPARED, SAYING_LIVE_SEEN);
    CHECK(saying_read(&s, text) && strcmp(s.code, "live_seen") == 0);
    snprintf(inner, sizeof inner, SAYING_BELOW_POPULAR, (size_t)300, 0.25, 0.125, -0.125, -0.2, -0.05);
    snprintf(text, sizeof text, "%s%s", inner, SAYING_FORCED);
    CHECK(saying_read(&s, text) && strcmp(s.code, "below_popular") == 0 && value_is(&s, 5, "-0.0500"));
}

static void what_is_none_is_said_to_be(void)
{
    static const char *const none[] = {"",
                                       "by hands",
                                       "nobody",
                                       "disk full",
                                       "there is no visitor",
                                       "only x people are held out of both",
                                       "the snapshots are not compared: disk full",
                                       "; published all the same (--force)",
                                       "% runs already."};
    struct saying s;
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        CHECK_MSG(!saying_read(&s, none[i]), "%s is read as %s", none[i], s.code);
}

static bool read_text(const char *path, char *out, size_t size)
{
    FILE *f = fopen(path, "re");
    size_t n = f != NULL ? fread(out, 1, size - 1, f) : 0;
    out[n] = '\0';
    return f != NULL && fclose(f) == 0 && n > 0 && n < size - 1;
}

/* By the table of the codes itself: {"few_held", SAYING_FEW_HELD}. */
static void both_dictionaries_say_each(void)
{
    static const char *const files[] = {"www/js/admin/ko.js", "www/js/admin/en.js"};
    static char table[1 << 16], words[1 << 17];
    CHECK(read_text("lib/base/saying.c", table, sizeof table));
    for (size_t f = 0; f < 2; f++) {
        size_t n = 0;
        CHECK(read_text(files[f], words, sizeof words));
        for (const char *row = table; (row = strstr(row, "\n    {\"")) != NULL; n++) {
            char key[80];
            row += strlen("\n    {\"");
            snprintf(key, sizeof key, "'saying.%.*s':", (int)strcspn(row, "\""), row);
            CHECK_MSG(strstr(words, key) != NULL, "%s: %s", files[f], key);
        }
        CHECK(n > 30);
    }
}

int main(void)
{
    RUN(reads_what_is_written);
    RUN(inside_another_it_is_the_same);
    RUN(what_is_none_is_said_to_be);
    RUN(both_dictionaries_say_each);
    return check_done();
}
