#include "tracking/curve.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { WIDTH = 640, HEIGHT = 260, LEFT = 70, RIGHT = 150, TOP = 34, BOTTOM = 36, COLOURS = 8, LINES = 12 };

static const char *const colours[COLOURS] = {"#0b6e99", "#c2410c", "#15803d", "#7e22ce",
                                             "#a16207", "#be123c", "#475569", "#0f766e"};

struct panel {
    const struct training_run *run;
    const char *title;
    const char *const *names; /* [n_names] */
    size_t n_names;
    double least, most;
    int64_t first, last; /* steps */
};

static const char *last_part(const char *name, const char *wanted)
{
    size_t n = strlen(name), m = strlen(wanted);
    bool ends = n >= m && strcmp(name + n - m, wanted) == 0;
    return ends && (n == m || name[n - m - 1] == '.') ? name : NULL;
}

static bool belongs(const struct panel *p, const struct training_run_point *point)
{
    for (size_t i = 0; i < p->n_names; i++)
        if (last_part(point->name, p->names[i]) != NULL)
            return isfinite(point->value);
    return false;
}

/* The range of both axes; false: fewer than two points. */
static bool measure(struct panel *p)
{
    size_t n = 0;
    p->least = INFINITY;
    p->most = -INFINITY;
    for (size_t i = 0; i < p->run->n_points; i++) {
        const struct training_run_point *point = &p->run->points[i];
        if (!belongs(p, point))
            continue;
        p->least = fmin(p->least, point->value);
        p->most = fmax(p->most, point->value);
        p->first = n == 0 || point->step < p->first ? point->step : p->first;
        p->last = n == 0 || point->step > p->last ? point->step : p->last;
        n++;
    }
    if (p->most - p->least < 1e-12) {
        p->least -= 0.5;
        p->most += 0.5;
    }
    return n > 1 && p->last > p->first;
}

static double x_of(const struct panel *p, int64_t step)
{
    return LEFT + (WIDTH - LEFT - RIGHT) * (double)(step - p->first) / (double)(p->last - p->first);
}

static double y_of(const struct panel *p, double value)
{
    return TOP + (HEIGHT - TOP - BOTTOM) * (p->most - value) / (p->most - p->least);
}

static void draw_line(struct buf *out, const struct panel *p, const char *name, size_t number)
{
    const char *colour = colours[number % COLOURS];
    bool begun = false;
    for (size_t i = 0; i < p->run->n_points; i++) {
        const struct training_run_point *point = &p->run->points[i];
        if (strcmp(point->name, name) != 0 || !isfinite(point->value))
            continue;
        buf_printf(out, "%s%.1f,%.1f", begun ? " " : "<polyline fill=\"none\" stroke-width=\"1.5\" points=\"",
                   x_of(p, point->step), y_of(p, point->value));
        begun = true;
    }
    if (begun)
        buf_printf(out, "\" stroke=\"%s\"/><text x=\"%d\" y=\"%zu\" fill=\"%s\">%s</text>", colour,
                   WIDTH - RIGHT + 10, TOP + 4 + 16 * number, colour, name);
}

static void draw_axes(struct buf *out, const struct panel *p)
{
    int low = HEIGHT - BOTTOM, end = WIDTH - RIGHT;
    buf_printf(out, "<text x=\"%d\" y=\"18\" font-weight=\"bold\">%s</text>", LEFT, p->title);
    buf_printf(out, "<path d=\"M%d %dV%dH%d\" fill=\"none\" stroke=\"#888\"/>", LEFT, TOP, low, end);
    buf_printf(out, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%.4g</text>", LEFT - 6, TOP + 4, p->most);
    buf_printf(out, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%.4g</text>", LEFT - 6, low + 4, p->least);
    buf_printf(out, "<text x=\"%d\" y=\"%d\">%lld</text>", LEFT, low + 16, (long long)p->first);
    buf_printf(out, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">epoch %lld</text>", end, low + 16,
               (long long)p->last);
}

/* Points of one name are not always neighbours. */
static bool is_first_of_name(const struct training_run *run, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (strcmp(run->points[k].name, run->points[i].name) == 0)
            return false;
    return true;
}

static void draw_panel(struct buf *out, const struct panel *p, int top)
{
    size_t n = 0;
    buf_printf(out, "<g transform=\"translate(0 %d)\">", top);
    draw_axes(out, p);
    for (size_t i = 0; i < p->run->n_points && n < LINES; i++)
        if (belongs(p, &p->run->points[i]) && is_first_of_name(p->run, i))
            draw_line(out, p, p->run->points[i].name, n++);
    buf_puts(out, "</g>");
}

bool curve_draw(struct buf *out, const struct training_run *run)
{
    static const char *const losses[] = {"loss"}, *const metrics[] = {"ndcg.10", "hit.10", "recall.10"};
    struct panel panels[] = {{.run = run, .title = "loss", .names = losses, .n_names = 1},
                             {.run = run, .title = "on what was held out", .names = metrics, .n_names = 3}};
    bool drawn[] = {measure(&panels[0]), measure(&panels[1])};
    int n = drawn[0] + drawn[1], at = 0;
    if (n == 0)
        return false;
    buf_printf(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" "
        "font-family=\"sans-serif\" font-size=\"12\"><rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>",
        WIDTH, n * HEIGHT, WIDTH, n * HEIGHT);
    for (size_t i = 0; i < 2; i++)
        if (drawn[i])
            draw_panel(out, &panels[i], HEIGHT * at++);
    buf_puts(out, "</svg>\n");
    return !out->failed;
}
