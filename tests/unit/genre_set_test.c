/* Genres as bits. */
#include "domain/genre_set.h"
#include "tests/check.h"

#include <stdio.h>

static void films_share_what_both_have(void)
{
    struct genre_set_names names = {0};
    uint64_t toys = genre_set_of(&names, "Animation|Comedy|Family"),
             fish = genre_set_of(&names, "Family|Animation");
    uint64_t war = genre_set_of(&names, "War"), none = genre_set_of(&names, "");
    CHECK(names.n == 4);
    CHECK((toys & fish) == fish);
    CHECK(toys != fish);
    CHECK((toys & war) == 0);
    CHECK(none == 0);
    CHECK(genre_set_of(&names, "Animation|Family|Comedy") == toys);
    CHECK((genre_set_of(&names, "Warfare") & war) == 0);
    CHECK((genre_set_of(&names, "Wa") & war) == 0);
}

/* Else every film with such a list would share a genre with every other one. */
static void a_part_without_letters_is_no_genre(void)
{
    struct genre_set_names names = {0};
    uint64_t a = genre_set_of(&names, "a"), both = genre_set_of(&names, "|a||b|");
    CHECK(names.n == 2);
    CHECK(both == (a | genre_set_of(&names, "b")));
    CHECK(genre_set_of(&names, "||") == 0 && names.n == 2);
}

static void what_has_no_bit_left_is_in_no_set(void)
{
    static char text[GENRE_SET_MOST + 1][8];
    struct genre_set_names names = {0};
    for (int i = 0; i <= GENRE_SET_MOST; i++) {
        snprintf(text[i], sizeof text[i], "g%d", i);
        CHECK(genre_set_of(&names, text[i]) == (i < GENRE_SET_MOST ? UINT64_C(1) << i : 0));
    }
    CHECK(names.n == GENRE_SET_MOST);
    CHECK(genre_set_of(&names, "g63|g64|g0") == (UINT64_C(1) << 63 | 1));
}

int main(void)
{
    RUN(films_share_what_both_have);
    RUN(a_part_without_letters_is_no_genre);
    RUN(what_has_no_bit_left_is_in_no_set);
    return check_done();
}
