/* Particles by the sound before them; www/js/particles.js is held to the same by tests/browser/words.test.mjs. */
#include "particles.h"

#include "tests/check.h"

static void each_mark_follows_the_sound(void)
{
    static const struct {
        const char *text, *said;
    } rows[] = {
        {"나[과] 너", "나와 너"},
        {"봄[과] 너", "봄과 너"},
        {"INFP[은]", "INFP는"},
        {"4w5[으로]", "4w5로"},
        {"1[으로]", "1로"},
        {"3[으로]", "3으로"},
        {"길[으로]", "길로"},
        {"『기생충』[을]", "『기생충』을"},
        {"『Love Letter』[을]", "『Love Letter』를"},
        {"“Sunshine”[을]", "“Sunshine”을"},
        {"Rocky[이]", "Rocky가"},
        {"Café[을]", "Café를"},
        {"L[이]", "L이"},
        {"the[은]", "the는"},
        {"[을]", "를"},
        {"[소년] a[b]", "[소년] a[b]"},
        {"소년[이에]요", "소년이에요"},
        {"나[이에]요", "나예요"},
        {"!!![아]", "!!!야"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buf out = {0};
        particles_put(&out, rows[i].text);
        CHECK_STR(buf_str(&out), rows[i].said);
        buf_free(&out);
    }
}

int main(void)
{
    RUN(each_mark_follows_the_sound);
    return check_done();
}
