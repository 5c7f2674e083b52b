#include "base/joined.h"

#include <string.h>

bool joined_next(const char **rest, struct joined *part)
{
    part->text = *rest + strspn(*rest, "|");
    part->n = strcspn(part->text, "|");
    *rest = part->text + part->n;
    return part->n > 0;
}

bool joined_has(const char *list, const char *word, size_t n)
{
    for (struct joined part; joined_next(&list, &part);)
        if (part.n == n && memcmp(part.text, word, n) == 0)
            return true;
    return false;
}

size_t joined_count(const char *list)
{
    size_t n = 0;
    for (struct joined part; joined_next(&list, &part);)
        n++;
    return n;
}

uint32_t joined_hash(const struct joined *part)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < part->n; i++)
        hash = (hash ^ (unsigned char)part->text[i]) * 16777619u;
    return hash;
}
