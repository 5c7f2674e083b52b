/* Parts of a slab are zero, apart from each other, in order, and begin at multiples of 16 floats. */
#include "num/slab.h"

#include "tests/check.h"

static void parts_have_their_places(void)
{
    float *a, *b, *c, *d;
    const struct slab_part parts[] = {{&a, 1}, {&b, 0}, {&c, 16}, {&d, 17}};
    size_t n;
    float *slab = slab_open(parts, 4, &n);
    CHECK_INT(n, 16 + 0 + 16 + 32);
    CHECK(a == slab && b == slab + 16 && c == slab + 16 && d == slab + 32);
    for (size_t i = 0; i < n; i++)
        CHECK(slab[i] == 0);
    free(slab);
    slab = slab_open(NULL, 0, &n);
    CHECK(slab != NULL && n == 0);
    free(slab);
}

int main(void)
{
    RUN(parts_have_their_places);
    return check_done();
}
