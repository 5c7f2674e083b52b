#include "help.h"

#include <string.h>

#include "base/utf8.h"

/* Words from column `at` on, the cursor standing there; further lines are indented to the same column. */
static void wrap(FILE *f, int at, const char *text)
{
    int column = at;
    for (const char *word = text; *word != '\0';) {
        size_t n = strcspn(word, " ");
        int width = (int)utf8_length(word, n);
        if (column > at && column + 1 + width > HELP_WIDTH) {
            fprintf(f, "\n%*s", at, "");
            column = at;
        } else if (column > at) {
            fputc(' ', f);
            column++;
        }
        fwrite(word, 1, n, f);
        column += width;
        word += n;
        word += strspn(word, " ");
    }
    fputc('\n', f);
}

void help_row(FILE *f, int indent, int at, const char *name, const char *text)
{
    int used = indent + (int)utf8_length(name, strlen(name));
    fprintf(f, "%*s%s", indent, "", name);
    if (used + 2 > at)
        fprintf(f, "\n%*s", at, "");
    else
        fprintf(f, "%*s", at - used, "");
    wrap(f, at, text);
}

void help_usage(FILE *f, const char *usage)
{
    static const char head[] = "usage: mvti ";
    fputs(head, f);
    wrap(f, (int)strlen(head), usage);
}
