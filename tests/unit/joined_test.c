/* Lists of words in one text. */
#include "base/joined.h"
#include "tests/check.h"

#include <stdio.h>

/* The parts, each in brackets. */
static const char *parts_of(const char *list)
{
    static char said[100];
    size_t n = 0;
    said[0] = '\0';
    for (struct joined part; joined_next(&list, &part);)
        n += (size_t)snprintf(said + n, sizeof said - n, "[%.*s]", (int)part.n, part.text);
    CHECK_STR(list, "");
    return said;
}

static void parts_come_in_their_order(void)
{
    CHECK_STR(parts_of("Drama|War"), "[Drama][War]");
    CHECK_STR(parts_of("Drama"), "[Drama]");
    CHECK_STR(parts_of("가족|전쟁"), "[가족][전쟁]");
    CHECK_STR(parts_of("a| |b"), "[a][ ][b]");
}

static void a_part_without_letters_is_none(void)
{
    static const struct {
        const char *list, *parts;
        size_t n;
    } lists[] = {{"", "", 0},
                 {"|", "", 0},
                 {"||", "", 0},
                 {"a||b", "[a][b]", 2},
                 {"|a", "[a]", 1},
                 {"a|", "[a]", 1},
                 {"||a|||b||", "[a][b]", 2}};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        CHECK_STR(parts_of(lists[i].list), lists[i].parts);
        CHECK_INT((int64_t)joined_count(lists[i].list), (int64_t)lists[i].n);
        CHECK(!joined_has(lists[i].list, "", 0));
        CHECK(joined_has(lists[i].list, "a", 1) == (lists[i].n > 0));
    }
}

static void a_word_is_a_part_as_a_whole(void)
{
    CHECK(joined_has("War|Drama", "Drama", 5));
    CHECK(!joined_has("War|Dramatic", "Drama", 5));
    CHECK(!joined_has("War|Drama", "Wa", 2));
    CHECK(!joined_has("War|Drama", "war", 3));
    CHECK(!joined_has("War|Drama", "War|Drama", 9));
}

int main(void)
{
    RUN(parts_come_in_their_order);
    RUN(a_part_without_letters_is_none);
    RUN(a_word_is_a_part_as_a_whole);
    return check_done();
}
