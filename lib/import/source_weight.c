#include "import/source_weight.h"

#include <stdlib.h>
#include <string.h>

#include "base/rng.h"

static const char BLANKS[] = " \t";

struct entry {
    char name[RATINGS_SOURCE_NAME_MAX + 1];
    double weight;
};

/* Reads the next entry and moves *at behind it; false: there is none, and *at stands where reading stopped. */
static bool next_entry(const char **at, struct entry *e)
{
    const char *from = *at + strspn(*at, BLANKS);
    size_t all = strcspn(from, BLANKS), n = strcspn(from, "= \t");
    *at = from;
    if (all == 0 || n >= sizeof e->name || from[n] != '=')
        return false;
    memcpy(e->name, from, n);
    e->name[n] = '\0';
    char *end;
    e->weight = strtod(from + n + 1, &end);
    if (!ratings_source_name_valid(e->name) || end != from + all || end == from + n + 1 ||
        !(e->weight >= 0 && e->weight <= 1))
        return false;
    *at = end;
    return true;
}

double source_weight_of(const char *setting, const char *name)
{
    struct entry e;
    while (next_entry(&setting, &e))
        if (strcmp(e.name, name) == 0)
            return e.weight;
    return 1;
}

static bool is_source(const char *name, const struct ratings_source *sources, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(sources[i].name, name) == 0)
            return true;
    return false;
}

static bool named_in(const char *rest, const char *name)
{
    struct entry e;
    while (next_entry(&rest, &e))
        if (strcmp(e.name, name) == 0)
            return true;
    return false;
}

enum err source_weight_check(const char *setting, const struct ratings_source *sources, size_t n,
                             struct fail *why)
{
    const char *at = setting;
    struct entry e;
    while (next_entry(&at, &e)) {
        if (!is_source(e.name, sources, n))
            return fail_set(why, ERR_INVALID, "source_weights: no ratings were imported as %s", e.name);
        if (named_in(at, e.name))
            return fail_set(why, ERR_INVALID, "source_weights has %s twice", e.name);
    }
    return *at == '\0' ? ERR_OK
                       : fail_set(why, ERR_INVALID,
                                  "source_weights: '%.80s' is not NAME=WEIGHT with a weight from 0 to 1", at);
}

/* Numbers of people may be drawn evenly or one after the other: hashed, they are even. */
static bool of_share(uint32_t person, double weight)
{
    struct rng r;
    rng_seed(&r, person);
    return rng_unit(&r) < weight;
}

size_t source_weight_apply(double weight, struct interactions *in)
{
    uint64_t *keys = in->keys.data;
    size_t kept = 0, all = in->keys.len;
    for (size_t i = 0; i < all; i++)
        if (of_share((uint32_t)(keys[i] >> 32), weight))
            keys[kept++] = keys[i];
    in->keys.len = kept;
    vec_free(&in->times);
    return all - kept;
}
