#include "job.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "help.h"
#include "reach.h"

enum { WRONG = -1, HELP = -2, JOB_OUT_MAX = 4 };

static const char *value_word(enum job_kind kind)
{
    static const char *const words[] = {[JOB_FLAG] = "",  [JOB_TEXT] = " TEXT", [JOB_OUT] = " TEXT",
                                        [JOB_INT] = " N", [JOB_REAL] = " X",    [JOB_LIST] = " TEXT"};
    return words[kind];
}

static void print_usage(FILE *f, const char *usage, const struct job_option *options)
{
    help_usage(f, usage);
    for (const struct job_option *o = options; o != NULL && o->name != NULL; o++) {
        char name[64];
        snprintf(name, sizeof name, "--%s%s", o->name, value_word(o->kind));
        help_row(f, 2, 27, name, o->help);
    }
}

static const struct job_option *find(const struct job_option *options, const char *name, size_t n)
{
    for (const struct job_option *o = options; o != NULL && o->name != NULL; o++)
        if (strlen(o->name) == n && memcmp(o->name, name, n) == 0)
            return o;
    return NULL;
}

static bool set_number(const struct job_option *o, const char *value)
{
    char *end;
    errno = 0;
    double real = strtod(value, &end);
    bool ok = *value != '\0' && *end == '\0' && errno == 0 && real >= o->min && real <= o->max;
    if (ok && o->kind == JOB_INT)
        ok = real == (double)(long)real;
    if (!ok) {
        fprintf(stderr, "mvti: --%s: '%s' is not a number from %g to %g\n", o->name, value, o->min, o->max);
        return false;
    }
    if (o->kind == JOB_INT)
        *(long *)o->target = (long)real;
    else
        *(double *)o->target = real;
    return true;
}

static bool add_value(const struct job_option *o, const char *value)
{
    struct job_list *list = o->target;
    if (list->n == JOB_LIST_MAX) {
        fprintf(stderr, "mvti: --%s: more than %d times\n", o->name, JOB_LIST_MAX);
        return false;
    }
    list->values[list->n++] = value;
    return true;
}

static bool set_value(const struct job_option *o, const char *value)
{
    if (o->kind == JOB_LIST)
        return add_value(o, value);
    if (o->kind != JOB_TEXT && o->kind != JOB_OUT)
        return set_number(o, value);
    *(const char **)o->target = value;
    return true;
}

/* One option at argv[*i]; *i ends at its last word. */
static bool take_option(int argc, char **argv, int *i, const struct job_option *options)
{
    const char *name = argv[*i] + 2;
    const char *equal = strchr(name, '=');
    size_t n = equal != NULL ? (size_t)(equal - name) : strlen(name);
    const struct job_option *o = find(options, name, n);
    if (o == NULL) {
        fprintf(stderr, "mvti: %s: unknown option %s\n", argv[0], argv[*i]);
        return false;
    }
    if (o->kind == JOB_FLAG) {
        *(bool *)o->target = true;
        if (equal != NULL)
            fprintf(stderr, "mvti: --%s takes no value\n", o->name);
        return equal == NULL;
    }
    if (equal != NULL)
        return set_value(o, equal + 1);
    if (*i + 1 >= argc) {
        fprintf(stderr, "mvti: --%s needs a value\n", o->name);
        return false;
    }
    return set_value(o, argv[++*i]);
}

static void open_reach(const struct job_option *options)
{
    const char *written[JOB_OUT_MAX];
    size_t n = 0;
    for (const struct job_option *o = options; o != NULL && o->name != NULL && n < JOB_OUT_MAX; o++)
        if (o->kind == JOB_OUT && *(const char **)o->target != NULL && **(const char **)o->target != '\0')
            written[n++] = *(const char **)o->target;
    reach_open(written, n);
}

int job_options(int argc, char **argv, const char *usage, const struct job_option *options,
                struct job_operands operands)
{
    int n = 0;
    bool ok = true, only_operands = false;
    for (int i = 1; ok && i < argc; i++) {
        if (!only_operands && (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)) {
            print_usage(stdout, usage, options);
            return HELP;
        }
        if (!only_operands && strcmp(argv[i], "--") == 0) {
            only_operands = true;
        } else if (!only_operands && strncmp(argv[i], "--", 2) == 0) {
            ok = take_option(argc, argv, &i, options);
        } else if (n < operands.most) {
            operands.to[n++] = argv[i];
        } else {
            fprintf(stderr, "mvti: %s: unexpected argument: %s\n", argv[0], argv[i]);
            ok = false;
        }
    }
    if (ok && n < operands.least)
        fprintf(stderr, "mvti: %s: missing argument\n", argv[0]);
    if (ok && n >= operands.least) {
        open_reach(options);
        return n;
    }
    print_usage(stderr, usage, options);
    return WRONG;
}

int job_options_status(int answer)
{
    return answer == HELP ? JOB_OK : JOB_USAGE;
}
