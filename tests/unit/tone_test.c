/* Dark, bright, both and neither. */
#include "domain/tone.h"

#include "tests/check.h"

static void genres_tell_the_tone(void)
{
    static const struct {
        const char *genres;
        enum tone tone;
    } rows[] = {
        {"", TONE_NEITHER},
        {"Drama", TONE_NEITHER},
        {"Horror", TONE_DARK},
        {"Drama|War", TONE_DARK},
        {"Crime|Drama|Thriller", TONE_DARK},
        {"Animation|Family", TONE_BRIGHT},
        {"Sci-Fi|Comedy", TONE_BRIGHT},
        {"Drama|Romance|Fantasy", TONE_BRIGHT},
        {"Romance|Thriller", TONE_NEITHER},
        {"Comedy|Crime|", TONE_NEITHER},
        {"Horrors|Warm", TONE_NEITHER},
        {"|", TONE_NEITHER},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        CHECK_MSG(tone_of(rows[i].genres) == rows[i].tone, "%s", rows[i].genres);
}

int main(void)
{
    RUN(genres_tell_the_tone);
    return check_done();
}
