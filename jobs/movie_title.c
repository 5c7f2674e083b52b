#include "movie_title.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

size_t movie_title_cut_year(const char *title, int32_t *year)
{
    size_t n = strlen(title);
    *year = 0;
    if (n < 6 || title[n - 1] != ')' || title[n - 6] != '(')
        return n;
    for (size_t i = n - 5; i < n - 1; i++)
        if (!isdigit((unsigned char)title[i]))
            return n;
    int32_t found = (int32_t)atol(title + n - 5);
    if (found < MOVIE_FIRST_YEAR || found > MOVIE_LAST_YEAR)
        return n;
    *year = found;
    n -= 6;
    while (n > 0 && title[n - 1] == ' ')
        n--;
    return n;
}
