#include "domain/presentation.h"

#include <stddef.h>
#include <string.h>

enum { AGE_SHIFT = 4, LOW = 15 };

static const char *const figures[] = {"", "woman", "man", "neither", "creature", "robot"};
static const char *const ages[] = {"", "child", "old"};
enum { FIGURES = sizeof figures / sizeof *figures, AGES = sizeof ages / sizeof *ages };

/* Number of a word among names[n]; 0 if it is none. */
static uint8_t find(const char *const *names, size_t n, const char *word, size_t length)
{
    for (size_t i = 1; i < n; i++)
        if (strlen(names[i]) == length && memcmp(names[i], word, length) == 0)
            return (uint8_t)i;
    return 0;
}

bool presentation_parse(const char *text, uint8_t *out)
{
    uint8_t figure = 0, age = 0;
    *out = 0;
    while (*text != '\0') {
        size_t n = strcspn(text, "|");
        uint8_t f = find(figures, FIGURES, text, n), a = find(ages, AGES, text, n);
        if ((f == 0 && a == 0) || (f > 0 && figure > 0) || (a > 0 && age > 0))
            return false;
        figure = f > 0 ? f : figure;
        age = a > 0 ? a : age;
        text += n;
        if (*text == '|' && *++text == '\0')
            return false;
    }
    *out = (uint8_t)(figure | age << AGE_SHIFT);
    return true;
}

bool presentation_valid(uint8_t p)
{
    return (p & LOW) < FIGURES && p >> AGE_SHIFT < AGES;
}

const char *presentation_figure(uint8_t p)
{
    return presentation_valid(p) ? figures[p & LOW] : "";
}

const char *presentation_age(uint8_t p)
{
    return presentation_valid(p) ? ages[p >> AGE_SHIFT] : "";
}
