#include "import.h"

#include <stdio.h>
#include <string.h>

#include "help.h"
#include "import_catalog.h"

static const struct {
    const char *name;
    const struct import_kind *catalog; /* NULL: no table of the catalog, but `run` */
    int (*run)(struct job *job, int argc, char **argv);
    const char *help;
} kinds[] = {
    {"movies", &import_movies, NULL,
     "films: a catalog's movies.csv, or MovieLens's movies.csv or movies.dat"},
    {"characters", &import_characters, NULL, "characters and their types"},
    {"plots", &import_plots, NULL, "plots and keywords of films"},
    {"links", &import_links, NULL, "where films can be watched"},
    {"ratings", NULL, import_ratings,
     "ratings for training: MovieLens's ratings.csv or ratings.dat, and others"},
    {"factors", NULL, import_factors, "item factors of a model that was trained elsewhere: CSV or NumPy"},
};
enum { N_KINDS = sizeof kinds / sizeof kinds[0] };

static void print_usage(FILE *f)
{
    help_usage(f, "import KIND FILE [OPTION]…");
    fputs("kinds of files (each has --help):\n", f);
    for (int i = 0; i < N_KINDS; i++)
        help_row(f, 2, 15, kinds[i].name, kinds[i].help);
    fputs("Files may be compressed (.gz). Columns are found by name and may be separated by , ; tab or |.\n"
          "An invalid row is reported as file:line: reason and skipped; too many, and nothing is changed.\n",
          f);
}

int cmd_import(struct job *job, int argc, char **argv)
{
    const char *word = argc > 1 ? argv[1] : "";
    for (int i = 0; i < N_KINDS; i++)
        if (strcmp(kinds[i].name, word) == 0)
            return kinds[i].catalog != NULL ? import_catalog(job, kinds[i].catalog, argc - 1, argv + 1)
                                            : kinds[i].run(job, argc - 1, argv + 1);
    bool help = strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
    if (!help)
        fprintf(stderr, "mvti: import: unknown kind '%s'\n", word);
    print_usage(help ? stdout : stderr);
    return help ? JOB_OK : JOB_USAGE;
}
