#include "num/metric.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "num/sorted.h"

const char *metric_name(enum metric_kind kind)
{
    static const char *const names[METRIC_KINDS] = {"recall", "ndcg", "hit", "mrr", "precision", "map"};
    return names[kind];
}

void metric_label(char out[METRIC_LABEL], enum metric_kind kind, int k)
{
    snprintf(out, METRIC_LABEL, "%s.%d", metric_name(kind), k);
}

bool metric_label_read(const char *label, enum metric_kind *kind, int *k)
{
    const char *dot = strrchr(label, '.');
    char again[METRIC_LABEL];
    for (int i = 0; i < METRIC_KINDS && dot != NULL; i++) {
        const char *name = metric_name((enum metric_kind)i);
        if (strlen(name) != (size_t)(dot - label) || memcmp(name, label, (size_t)(dot - label)) != 0)
            continue;
        *kind = (enum metric_kind)i;
        *k = (int)strtol(dot + 1, NULL, 10);
        metric_label(again, *kind, *k);
        return *k >= 1 && *k <= METRIC_MAX_K && strcmp(again, label) == 0;
    }
    return false;
}

static bool contains(const int32_t *sorted, size_t n, int32_t item)
{
    return sorted_find(sorted, n, item) >= 0;
}

/* What has been seen down to some position of the ranking. */
struct walk {
    size_t at;    /* positions looked at */
    size_t hits;  /* relevant ones among them */
    size_t first; /* the first relevant position, from 1; 0 = none yet */
    double exact; /* sum of the precision at each hit */
    double gain;  /* discounted gain of the hits */
    double ideal; /* of the best ranking possible */
};

static void step(struct walk *w, const struct metric_user *u)
{
    double discount = 1 / log2((double)w->at + 2);
    if (w->at < u->n_held)
        w->ideal += discount;
    if (w->at < u->n_ranked && contains(u->held, u->n_held, u->ranked[w->at])) {
        w->gain += discount;
        w->hits++;
        w->exact += (double)w->hits / (double)(w->at + 1);
        if (w->first == 0)
            w->first = w->at + 1;
    }
    w->at++;
}

void metric_add(struct metric_sum *sum, const int *k, size_t n_cuts, const struct metric_user *user)
{
    size_t n_held = user->n_held;
    if (n_held == 0)
        return;
    struct walk w = {0};
    for (size_t c = 0; c < n_cuts; c++) {
        while (w.at < (size_t)k[c])
            step(&w, user);
        double findable = (double)(w.at < n_held ? w.at : n_held);
        sum->value[c][METRIC_RECALL] += (double)w.hits / (sum->recall_min ? findable : (double)n_held);
        sum->value[c][METRIC_NDCG] += w.gain / w.ideal;
        sum->value[c][METRIC_HIT] += w.hits > 0;
        sum->value[c][METRIC_MRR] += w.first > 0 ? 1 / (double)w.first : 0;
        sum->value[c][METRIC_PRECISION] += (double)w.hits / (double)w.at;
        sum->value[c][METRIC_MAP] += w.exact / findable;
    }
    sum->n_users++;
}

void metric_merge(struct metric_sum *total, const struct metric_sum *part)
{
    for (size_t c = 0; c < METRIC_MAX_CUTS; c++)
        for (int kind = 0; kind < METRIC_KINDS; kind++)
            total->value[c][kind] += part->value[c][kind];
    total->n_users += part->n_users;
}

double metric_mean(const struct metric_sum *sum, size_t cut, enum metric_kind kind)
{
    return sum->n_users == 0 ? 0 : sum->value[cut][kind] / (double)sum->n_users;
}
