#include "metrics/metrics_told.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "metrics/metrics.h"

enum { LINE_MOST = 512 };
/* Sums of so many lines stay exact. */
#define COUNT_MOST 1e12

/* The count of a line `name{labels} count` of that family; false: it is another one. */
static bool read_count(const char *line, enum metrics_family family, int64_t *count)
{
    const char *name = metrics_table[family].name, *end = strrchr(line, '}');
    size_t n = strlen(name);
    if (strncmp(line, name, n) != 0 || line[n] != '{' || end == NULL || end[1] != ' ')
        return false;
    char *rest;
    double value = strtod(end + 2, &rest);
    *count = (int64_t)(value >= 0 && value <= COUNT_MOST ? value : 0);
    return rest > end + 2 && value >= 0 && value <= COUNT_MOST;
}

static void take_line(struct metrics_told *out, const char *line, const char *wanted)
{
    int64_t count;
    if (read_count(line, METRICS_SNAPSHOT, &count))
        out->serves |= count > 0 && strstr(line, wanted) != NULL;
    if (!read_count(line, METRICS_REQUESTS, &count) || strstr(line, "route=\"/readyz\"") != NULL ||
        strstr(line, "route=\"/healthz\"") != NULL)
        return;
    out->requests += count;
    out->failed += strstr(line, "code=\"5") != NULL ? count : 0;
}

void metrics_told(struct metrics_told *out, const char *text, const char *snapshot)
{
    char line[LINE_MOST], wanted[LINE_MOST];
    *out = (struct metrics_told){0};
    snprintf(wanted, sizeof wanted, "id=\"%.100s\"", snapshot);
    for (; *text != '\0'; text += *text == '\n') {
        size_t n = strcspn(text, "\n");
        if (n < sizeof line) { /* no line of ours is longer */
            memcpy(line, text, n);
            line[n] = '\0';
            take_line(out, line, wanted);
        }
        text += n;
    }
}
