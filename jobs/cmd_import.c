#include "import.h"

#include <stdio.h>
#include <string.h>

static const struct import_kind *const kinds[] = {&import_movies, &import_characters, &import_plots,
                                                  &import_links};

static const char USAGE[] = "import movies|characters|plots|links FILE [--strict]";

int cmd_import(struct job *job, int argc, char **argv)
{
    struct import_options o = {0};
    const struct job_option options[] = {{.name = "strict",
                                          .kind = JOB_FLAG,
                                          .target = &o.strict,
                                          .help = "stop at the first rejected row and change nothing"},
                                         {0}};
    const char *words[2];
    int n = job_options(argc, argv, USAGE, options, words, 2, 2);
    if (n < 0)
        return job_options_status(n);
    o.path = words[1];
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcmp(kinds[i]->name, words[0]) == 0)
            return import_run_kind(job, kinds[i], &o);
    fprintf(stderr, "mvti: import: '%s' is none of its kinds\nusage: mvti %s\n", words[0], USAGE);
    return JOB_USAGE;
}
