#include "import.h"

#include <stdio.h>
#include <string.h>

#include "import_kind.h"

static const struct {
    const char *name;
    const struct import_kind *catalog; /* NULL: ratings */
    const char *help;
} kinds[] = {
    {"movies", &import_movies, "films: movies.csv of the catalog or of MovieLens, movies.dat"},
    {"characters", &import_characters, "characters and their typing"},
    {"plots", &import_plots, "plots and keywords of films"},
    {"links", &import_links, "where films can be watched"},
    {"ratings", NULL, "ratings.csv or ratings.dat of MovieLens and others, for training"},
};
enum { N_KINDS = sizeof kinds / sizeof kinds[0] };

static void print_usage(FILE *f)
{
    fputs("usage: mvti import KIND FILE [OPTION]…, KIND being one of these (each has --help):\n", f);
    for (int i = 0; i < N_KINDS; i++)
        fprintf(f, "  %-12s %s\n", kinds[i].name, kinds[i].help);
    fputs(
        "Files may be compressed (.gz). A rejected row is named as file:line: reason and left out; too many\n"
        "change nothing. Columns are found by name and may be separated by , ; tab or |.\n",
        f);
}

int cmd_import(struct job *job, int argc, char **argv)
{
    const char *word = argc > 1 ? argv[1] : "";
    for (int i = 0; i < N_KINDS; i++)
        if (strcmp(kinds[i].name, word) == 0)
            return kinds[i].catalog != NULL ? import_catalog(job, kinds[i].catalog, argc - 1, argv + 1)
                                            : import_ratings(job, argc - 1, argv + 1);
    bool help = strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
    if (!help)
        fprintf(stderr, "mvti: import: '%s' is none of its kinds\n", word);
    print_usage(help ? stdout : stderr);
    return help ? JOB_OK : JOB_USAGE;
}
