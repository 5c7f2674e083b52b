#include "app/narrow.h"

#include <stdlib.h>
#include <string.h>

bool narrow_wants(const struct narrow *n)
{
    return n->country != NULL || n->service != NULL || n->since != 0 || n->until != 0;
}

static bool has_service(const struct snapshot *s, const struct snapshot_movie *m, const char *service)
{
    for (uint32_t i = 0; i < m->link_count; i++)
        if (strcmp(snapshot_text(s, s->links[m->link_start + i].platform), service) == 0)
            return true;
    return false;
}

static bool is_wanted(const struct narrow *n, const struct snapshot *s, const struct snapshot_movie *m)
{
    if ((n->since != 0 && m->year < n->since) || (n->until != 0 && (m->year == 0 || m->year > n->until)))
        return false;
    if (n->country != NULL && strcmp(snapshot_text(s, m->country), n->country) != 0)
        return false;
    return n->service == NULL || has_service(s, m, n->service);
}

void narrow_movies(const struct narrow *n, const struct snapshot *s, bool *flags)
{
    for (size_t j = 0; j < s->n_movies; j++)
        if (!is_wanted(n, s, &s->movies[j]))
            flags[j] = true;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int by_films(const void *a, const void *b)
{
    const struct narrow_choice *x = a, *y = b;
    if (x->n != y->n)
        return x->n > y->n ? -1 : 1;
    return strcmp(x->name, y->name);
}

/* The names that stand in names[n] most often, of which "" is none. Sorts names. */
static size_t count_names(const char **names, size_t n, struct narrow_choice *all,
                          struct narrow_choice out[NARROW_CHOICES])
{
    size_t found = 0;
    qsort(names, n, sizeof *names, by_text);
    for (size_t i = 0; i < n; i++) {
        if (*names[i] == '\0')
            continue;
        if (found == 0 || strcmp(all[found - 1].name, names[i]) != 0)
            all[found++] = (struct narrow_choice){.name = names[i]};
        all[found - 1].n++;
    }
    qsort(all, found, sizeof *all, by_films);
    if (found > NARROW_CHOICES)
        found = NARROW_CHOICES;
    memcpy(out, all, found * sizeof *all);
    return found;
}

static void span_years(const struct snapshot *s, struct narrow_choices *out)
{
    for (size_t j = 0; j < s->n_movies; j++) {
        int year = s->movies[j].year;
        if (year <= 0)
            continue;
        if (out->since == 0 || year < out->since)
            out->since = year;
        if (year > out->until)
            out->until = year;
    }
}

enum err narrow_list(const struct snapshot *s, struct arena *a, struct narrow_choices *out)
{
    size_t most = s->n_movies > s->n_links ? s->n_movies : s->n_links;
    const char **names = arena_array(a, most + 1, sizeof *names);
    struct narrow_choice *all = arena_array(a, most + 1, sizeof *all);
    *out = (struct narrow_choices){0};
    if (names == NULL || all == NULL)
        return ERR_NOMEM;
    for (size_t j = 0; j < s->n_movies; j++)
        names[j] = snapshot_text(s, s->movies[j].country);
    out->n_countries = count_names(names, s->n_movies, all, out->countries);
    for (size_t i = 0; i < s->n_links; i++)
        names[i] = snapshot_text(s, s->links[i].platform);
    out->n_services = count_names(names, s->n_links, all, out->services);
    span_years(s, out);
    return ERR_OK;
}
