#include "evaluate_report.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "json/json_out.h"
#include "num/paired.h"

bool evaluate_report_add(struct evaluate_row *row, const struct trial_result *r, size_t n_cuts,
                         const double *each, size_t n)
{
    row->each.size = sizeof *each;
    for (size_t i = 0; i < n; i++)
        if (!isnan(each[i]) && !vec_push(&row->each, &each[i]))
            return false;
    for (size_t c = 0; c < n_cuts; c++) {
        row->miscalibration[c] += r->found.miscalibration[c];
        for (int kind = 0; kind < VARIETY_KINDS; kind++)
            row->variety[c][kind] += r->found.variety[c][kind];
    }
    for (size_t c = 0; c < n_cuts; c++)
        for (int kind = 0; kind < METRIC_KINDS; kind++) {
            double x = metric_mean(&r->found.metrics, c, (enum metric_kind)kind);
            row->sum[c][kind] += x;
            row->square[c][kind] += x * x;
        }
    memcpy(row->value, r->value, sizeof row->value);
    row->train_seconds += r->seconds;
    row->score_seconds += r->found.seconds;
    row->n_users = r->found.metrics.n_users;
    row->n_seeds++;
    return true;
}

static double mean(const struct evaluate_row *row, size_t cut, int kind)
{
    return row->sum[cut][kind] / (double)row->n_seeds;
}

/* Sample standard deviation over seeds. */
static double deviation(const struct evaluate_row *row, size_t cut, int kind)
{
    double n = (double)row->n_seeds, m = mean(row, cut, kind);
    return sqrt(fmax(row->square[cut][kind] - n * m * m, 0) / (n - 1));
}

/* One positive a user: the others are the same figures under other names. */
static bool is_shown(const struct evaluate_head *h, int kind)
{
    return h->options->files.candidates == NULL || kind == METRIC_HIT || kind == METRIC_NDCG ||
           kind == METRIC_MRR;
}

static void write_figures(struct json_out *w, const struct evaluate_head *h, const struct evaluate_row *row,
                          double (*figure)(const struct evaluate_row *, size_t, int))
{
    for (int kind = 0; kind < METRIC_KINDS; kind++) {
        if (!is_shown(h, kind))
            continue;
        json_out_name(w, metric_name((enum metric_kind)kind));
        json_out_map(w);
        for (size_t c = 0; c < h->n_cuts; c++) {
            char cut[16];
            snprintf(cut, sizeof cut, "%d", h->k[c]);
            json_out_real_of(w, cut, figure(row, c, kind), 6);
        }
        json_out_end(w);
    }
}

/* What the lists are like: VARIETY_KINDS of variety.h, and behind them, where genres are known, miscalibration. */
static int n_likes(const struct evaluate_head *h)
{
    return h->options->files.candidates != NULL ? 0 : VARIETY_KINDS + h->genres;
}

static const char *like_name(int kind)
{
    return kind < VARIETY_KINDS ? variety_name((enum variety_kind)kind) : "miscalibration";
}

static double like_of(const struct evaluate_row *row, size_t cut, int kind)
{
    double sum = kind < VARIETY_KINDS ? row->variety[cut][kind] : row->miscalibration[cut];
    return sum / (double)row->n_seeds;
}

static void write_variety(struct json_out *w, const struct evaluate_head *h, const struct evaluate_row *row)
{
    for (int kind = 0; kind < n_likes(h); kind++) {
        json_out_name(w, like_name(kind));
        json_out_map(w);
        for (size_t c = 0; c < h->n_cuts; c++) {
            char cut[16];
            snprintf(cut, sizeof cut, "%d", h->k[c]);
            json_out_real_of(w, cut, like_of(row, c, kind), 6);
        }
        json_out_end(w);
    }
}

/* False where there is nothing to compare with, or not the same people. */
static bool compare(const struct evaluate_head *h, const struct evaluate_row *row, struct paired *out)
{
    return h->first != NULL && row != h->first && row->each.len > 0 && row->each.len == h->first->each.len &&
           paired_compare(h->first->each.data, row->each.data, row->each.len, out, NULL) == ERR_OK;
}

/* The interval of the mean itself is that of its difference to nothing. */
static bool interval(const struct evaluate_row *row, struct paired *out)
{
    double *nothing = calloc(row->each.len + 1, sizeof *nothing);
    bool ok = nothing != NULL && row->each.len > 0 &&
              paired_compare(nothing, row->each.data, row->each.len, out, NULL) == ERR_OK;
    free(nothing);
    return ok;
}

static void write_interval(struct json_out *w, const struct evaluate_head *h, const struct evaluate_row *row)
{
    struct paired p;
    if (!interval(row, &p))
        return;
    json_out_name(w, "ndcg_interval");
    json_out_map(w);
    json_out_int_of(w, "at", h->k[0]);
    json_out_int_of(w, "people", (int64_t)p.n);
    json_out_real_of(w, "low", p.low, 6);
    json_out_real_of(w, "high", p.high, 6);
    json_out_end(w);
}

static void write_difference(struct json_out *w, const struct evaluate_head *h,
                             const struct evaluate_row *row)
{
    struct paired p;
    if (!compare(h, row, &p))
        return;
    json_out_name(w, "ndcg_difference");
    json_out_map(w);
    json_out_text_of(w, "to", h->first->trainer->name);
    json_out_int_of(w, "at", h->k[0]);
    json_out_real_of(w, "mean", p.difference, 6);
    json_out_real_of(w, "low", p.low, 6);
    json_out_real_of(w, "high", p.high, 6);
    json_out_end(w);
}

static void write_settings(struct json_out *w, const struct evaluate_row *row)
{
    json_out_name(w, "settings");
    json_out_map(w);
    for (size_t i = 0; i < row->trainer->n_settings; i++)
        json_out_real_of(w, row->trainer->settings[i].name, row->value[i], 6);
    json_out_end(w);
}

static void write_protocol(struct json_out *w, const struct evaluate_head *h, const struct evaluate_row *row)
{
    const struct benchmark_files *f = &h->options->files;
    if (strcmp(f->format, "movielens") == 0 || strcmp(f->format, "inter") == 0)
        json_out_real_of(w, "threshold", (double)f->threshold, 3);
    if (h->options->ratings.scale != NULL)
        json_out_text_of(w, "scale", h->options->ratings.scale);
    if (h->options->ratings.like_at != NULL)
        json_out_text_of(w, "like_at", h->options->ratings.like_at);
    if (f->data != NULL) {
        json_out_text_of(w, "protocol", h->options->protocol);
        if (f->users.given > 0)
            json_out_int_of(w, "given", (int64_t)f->users.given);
        json_out_int_of(w, "seed", h->options->seed);
    }
    if (row->n_seeds > 1)
        json_out_int_of(w, "n_seeds", (int64_t)row->n_seeds);
    if (h->cut_items > 0)
        json_out_int_of(w, "items", h->cut_items);
    if (h->recall_min)
        json_out_text_of(w, "recall_over", "min");
}

static void write_row(struct buf *text, const struct evaluate_head *h, const struct evaluate_row *row)
{
    struct json_out w;
    json_out_start(&w, text);
    json_out_map(&w);
    json_out_text_of(&w, "model", row->trainer->name);
    write_settings(&w, row);
    json_out_int_of(&w, "n_users", (int64_t)row->n_users);
    json_out_int_of(&w, "n_items", (int64_t)h->n_items);
    json_out_int_of(&w, "n_train", (int64_t)h->n_train);
    json_out_int_of(&w, "n_test", (int64_t)h->n_test);
    write_protocol(&w, h, row);
    write_figures(&w, h, row, mean);
    write_variety(&w, h, row);
    write_interval(&w, h, row);
    write_difference(&w, h, row);
    if (row->n_seeds > 1) {
        json_out_name(&w, "deviation");
        json_out_map(&w);
        write_figures(&w, h, row, deviation);
        json_out_end(&w);
    }
    json_out_real_of(&w, "train_seconds", row->train_seconds / (double)row->n_seeds, 3);
    json_out_real_of(&w, "score_seconds", row->score_seconds / (double)row->n_seeds, 3);
    json_out_end(&w);
}

/* A line a member, for people: no value of ours holds a comma or brace inside a string. */
static void break_lines(struct buf *out, const char *json)
{
    int depth = 0;
    for (const char *c = json; *c != '\0'; c++) {
        depth += *c == '{';
        depth -= *c == '}';
        if (*c == '}' && depth == 0)
            buf_putc(out, '\n');
        buf_putc(out, *c);
        if (depth == 1 && (*c == ',' || (*c == '{' && c == json)))
            buf_puts(out, "\n  ");
        else if (*c == ':' || *c == ',')
            buf_putc(out, ' ');
    }
}

bool evaluate_report_json(struct job *job, const struct evaluate_head *h, const struct evaluate_row *row,
                          bool one_line)
{
    struct buf text = {0}, lines = {0};
    write_row(&text, h, row);
    if (!one_line)
        break_lines(&lines, buf_str(&text));
    bool ok = !text.failed && !lines.failed;
    if (ok)
        job_say(job, "%s", buf_str(one_line ? &text : &lines));
    fflush(stdout);
    buf_free(&text);
    buf_free(&lines);
    return ok;
}

static void table_line(struct job *job, const struct evaluate_head *h, const struct evaluate_row *row,
                       size_t cut)
{
    char line[200];
    int at = snprintf(line, sizeof line, "%-12s", row->trainer->name);
    for (int kind = 0; kind < METRIC_KINDS; kind++)
        if (is_shown(h, kind))
            at += snprintf(line + at, sizeof line - (size_t)at, "  %14.4f", mean(row, cut, kind));
    job_say(job, "%s  %8.1f", line, row->train_seconds / (double)row->n_seeds);
}

static void variety_table(struct job *job, const struct evaluate_head *h, const struct evaluate_row *rows,
                          size_t n, size_t cut)
{
    char line[200];
    int at = snprintf(line, sizeof line, "\n%-12s", "model");
    for (int kind = 0; kind < n_likes(h); kind++)
        at += snprintf(line + at, sizeof line - (size_t)at, "  %11s.%-2d", like_name(kind), h->k[cut]);
    job_say(job, "%s", line);
    for (size_t i = 0; i < n; i++) {
        at = snprintf(line, sizeof line, "%-12s", rows[i].trainer == NULL ? "" : rows[i].trainer->name);
        for (int kind = 0; kind < n_likes(h) && rows[i].n_seeds > 0; kind++)
            at += snprintf(line + at, sizeof line - (size_t)at, "  %14.4f", like_of(&rows[i], cut, kind));
        if (rows[i].n_seeds > 0)
            job_say(job, "%s", line);
    }
}

static void interval_table(struct job *job, const struct evaluate_head *h, const struct evaluate_row *rows,
                           size_t n)
{
    job_say(job,
            "\nndcg.%d with its %g %% interval (bootstrap over people), and the paired difference to %s's",
            h->k[0], 100 * PAIRED_LEVEL, h->first->trainer->name);
    for (size_t i = 0; i < n; i++) {
        struct paired own, p;
        char beside[80] = "";
        if (!interval(&rows[i], &own))
            continue;
        if (compare(h, &rows[i], &p))
            snprintf(beside, sizeof beside, "  %+.4f  (%+.4f to %+.4f)%s", p.difference, p.low, p.high,
                     p.low > 0    ? "  better"
                     : p.high < 0 ? "  worse"
                                  : "");
        job_say(job, "%-12s  %.4f  (%.4f to %.4f)%s", rows[i].trainer->name, own.after, own.low, own.high,
                beside);
    }
}

void evaluate_report_table(struct job *job, const struct evaluate_head *h, const struct evaluate_row *rows,
                           size_t n)
{
    job_say(job, "%zu items, %zu training interactions, %zu held out", h->n_items, h->n_train, h->n_test);
    for (size_t c = 0; c < h->n_cuts; c++) {
        char line[200], label[METRIC_LABEL];
        int at = snprintf(line, sizeof line, "\n%-12s", "model");
        for (int kind = 0; kind < METRIC_KINDS; kind++)
            if (is_shown(h, kind)) {
                metric_label(label, (enum metric_kind)kind, h->k[c]);
                at += snprintf(line + at, sizeof line - (size_t)at, "  %14s", label);
            }
        job_say(job, "%s  train, s", line);
        for (size_t i = 0; i < n; i++)
            if (rows[i].n_seeds > 0)
                table_line(job, h, &rows[i], c);
    }
    for (size_t c = 0; c < h->n_cuts && h->options->files.candidates == NULL; c++)
        variety_table(job, h, rows, n, c);
    interval_table(job, h, rows, n);
}
