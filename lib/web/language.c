#include "web/language.h"

#include <stdbool.h>
#include <string.h>

static const struct {
    const char *code, *locale, *prefix;
} rows[LANGUAGE_COUNT] = {{"ko", "ko_KR", ""}, {"en", "en_US", "/en"}};

enum language language_of_path(const char *path)
{
    bool english = strncmp(path, "/en", 3) == 0 && (path[3] == '\0' || path[3] == '/');
    return english ? LANGUAGE_EN : LANGUAGE_KO;
}

const char *language_code(enum language l)
{
    return rows[l].code;
}

const char *language_locale(enum language l)
{
    return rows[l].locale;
}

const char *language_prefix(enum language l)
{
    return rows[l].prefix;
}

enum language language_other(enum language l)
{
    return l == LANGUAGE_KO ? LANGUAGE_EN : LANGUAGE_KO;
}
