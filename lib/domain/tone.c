#include "domain/tone.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/joined.h"

static const char *const words[TONE_COUNT][5] = {
    [TONE_BRIGHT] = {"Animation", "Family", "Comedy", "Musical", "Romance"},
    [TONE_DARK] = {"Horror", "Thriller", "Crime", "War"},
};

static bool is_of(enum tone tone, const char *genre, size_t n)
{
    for (size_t i = 0; i < sizeof words[tone] / sizeof *words[tone] && words[tone][i] != NULL; i++)
        if (strlen(words[tone][i]) == n && memcmp(words[tone][i], genre, n) == 0)
            return true;
    return false;
}

enum tone tone_of(const char *genres)
{
    bool bright = false, dark = false;
    for (struct joined genre; joined_next(&genres, &genre);) {
        bright |= is_of(TONE_BRIGHT, genre.text, genre.n);
        dark |= is_of(TONE_DARK, genre.text, genre.n);
    }
    return bright == dark ? TONE_NEITHER : bright ? TONE_BRIGHT : TONE_DARK;
}
