#include "week_report.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/vec.h"
#include "table.h"
#include "web/html.h"

/* A word in both languages. */
typedef const char *word[2];

static const word figures[FIGURES] = {
    {"방문자", "Visitors"},      {"처음 온 사람", "New visitors"}, {"테스트", "Tests"},
    {"좋아요", "Likes"},         {"보러 간 링크", "Watch links"},  {"공유", "Shares"},
    {"보인 카드", "Cards seen"}, {"연 카드", "Cards opened"},      {"맞아요", "Thumbs up"},
    {"아니에요", "Thumbs down"},
};
static const word steps[FIGURE_STEPS] = {
    {"첫 화면", "Landed"},          {"테스트 시작", "Started"},    {"질문에 답함", "Answered"},
    {"영화를 고름", "Chose films"}, {"결과를 봄", "Saw a result"}, {"카드를 봄", "Saw a card"},
    {"카드를 엶", "Opened a card"}, {"좋아요를 누름", "Liked"},    {"보러 감", "Went to watch"},
    {"공유함", "Shared"},
};

/* A section: a heading and a table whose first n_columns cells are its heads. bars: the column, from 1 on, that is drawn too; 0: none. */
struct section {
    const char *heading;
    size_t n_columns, bars;
    bool texts;       /* most of it are words, not numbers */
    struct vec cells; /* const char * */
};

static void put(struct section *s, const char *text)
{
    (void)!vec_push(&s->cells, &text);
}

static void put_number(struct job *job, struct section *s, int64_t n)
{
    put(s, arena_printf(&job->arena, "%lld", (long long)n));
}

/* "+12 %", "-" where there is nothing to compare with. */
static void put_change(struct job *job, struct section *s, int64_t now, int64_t before)
{
    put(s,
        before == 0 ? "-" : arena_printf(&job->arena, "%+.0f %%", 100 * ((double)now / (double)before - 1)));
}

static void put_share(struct job *job, struct section *s, int64_t part, int64_t whole)
{
    put(s, whole == 0 ? "-" : arena_printf(&job->arena, "%.1f %%", 100 * (double)part / (double)whole));
}

static void heads(struct section *s, int language, const word *all, size_t n)
{
    s->n_columns = n;
    s->cells = VEC_OF(const char *);
    for (size_t i = 0; i < n; i++)
        put(s, all[i][language]);
}

static struct section of_figures(struct job *job, const struct week_report *r)
{
    static const word columns[] = {{"", ""},
                                   {"이번 주", "This week"},
                                   {"지난주 같은 날까지", "Same days before"},
                                   {"달라진 만큼", "Change"},
                                   {"지난주 전체", "Last week"}};
    const struct figures_period *spans = r->overview.calendar.spans;
    struct section s = {.heading = r->language == 0 ? "한 주" : "The week"};
    heads(&s, r->language, columns, 5);
    for (int i = 0; i < FIGURES; i++) {
        int64_t now = spans[FIGURES_WEEK].n[i], before = spans[FIGURES_SAME_DAYS].n[i];
        put(&s, figures[i][r->language]);
        put_number(job, &s, now);
        put_number(job, &s, before);
        put_change(job, &s, now, before);
        put_number(job, &s, spans[FIGURES_LAST_WEEK].n[i]);
    }
    return s;
}

static struct section of_days(struct job *job, const struct week_report *r)
{
    static const word columns[] = {{"날", "Day"},
                                   {"방문자", "Visitors"},
                                   {"테스트", "Tests"},
                                   {"좋아요", "Likes"},
                                   {"보러 간 링크", "Watch links"}};
    const struct figures_days *days = &r->overview.days;
    struct section s = {.heading = r->language == 0 ? "날마다" : "Day by day", .bars = 1};
    heads(&s, r->language, columns, 5);
    for (size_t i = days->n < 14 ? 0 : days->n - 14; i < days->n; i++) {
        put(&s, days->items[i].day);
        put_number(job, &s, days->items[i].n[FIGURE_VISITORS]);
        put_number(job, &s, days->items[i].n[FIGURE_TESTS]);
        put_number(job, &s, days->items[i].n[FIGURE_LIKES]);
        put_number(job, &s, days->items[i].n[FIGURE_WATCH]);
    }
    return s;
}

static struct section of_funnel(struct job *job, const struct week_report *r)
{
    static const word columns[] = {{"", ""},
                                   {"이번 주 사람", "People this week"},
                                   {"처음의", "Of those who landed"},
                                   {"지난주 사람", "Last week"},
                                   {"처음의", "Of those who landed"}};
    const struct figures_step *now = r->overview.funnel[OVERVIEW_THIS_WEEK];
    const struct figures_step *before = r->overview.funnel[OVERVIEW_LAST_WEEK];
    struct section s = {.heading = r->language == 0 ? "어디까지 갔나" : "How far people got", .bars = 1};
    heads(&s, r->language, columns, 5);
    for (int i = 0; i < FIGURE_STEPS; i++) {
        put(&s, steps[i][r->language]);
        put_number(job, &s, now[i].people);
        put_share(job, &s, now[i].people, now[0].people);
        put_number(job, &s, before[i].people);
        put_share(job, &s, before[i].people, before[0].people);
    }
    return s;
}

static struct section of_lists(struct job *job, const struct week_report *r)
{
    static const word columns[] = {{"목록", "List"},
                                   {"보인 카드", "Seen"},
                                   {"연 카드", "Opened"},
                                   {"연 비율", "CTR"},
                                   {"좋아요", "Likes"}};
    struct section s = {.heading = r->language == 0 ? "목록 (최근 7일)" : "Lists (last seven days)"};
    heads(&s, r->language, columns, 5);
    for (size_t i = 0; i < r->lists.n; i++) {
        const struct list_figure *f = &r->lists.items[i];
        put(&s, f->list);
        put_number(job, &s, f->impressions);
        put_number(job, &s, f->clicks);
        put_share(job, &s, f->clicks, f->impressions);
        put_number(job, &s, f->likes);
    }
    return s;
}

static struct section of_steps(struct job *job, const struct week_report *r)
{
    static const word columns[] = {{"언제 (UTC)", "When (UTC)"},
                                   {"무엇", "What"},
                                   {"결과", "Outcome"},
                                   {"스냅샷", "Snapshot"},
                                   {"왜", "Why"}};
    struct section s = {.heading = r->language == 0 ? "나가 있는 모델" : "What was published", .texts = true};
    heads(&s, r->language, columns, 5);
    for (size_t i = 0; i < r->n_steps; i++) {
        const struct publication *p = &r->steps[i];
        char when[32];
        time_t seconds = (time_t)(p->decided_ms / 1000);
        struct tm tm;
        strftime(when, sizeof when, "%Y-%m-%d %H:%M", gmtime_r(&seconds, &tm));
        put(&s, arena_strdup(&job->arena, when));
        put(&s, p->action);
        put(&s, p->outcome);
        put(&s, p->snapshot);
        put(&s, p->reason);
    }
    return s;
}

typedef struct section make_fn(struct job *job, const struct week_report *r);
static make_fn *const sections[] = {of_figures, of_days, of_funnel, of_lists, of_steps};
enum { SECTIONS = sizeof sections / sizeof *sections };

static const char *title(struct job *job, const struct week_report *r)
{
    const struct figures_period *week = &r->overview.calendar.spans[FIGURES_WEEK];
    return arena_printf(&job->arena, r->language == 0 ? "MVTI의 한 주: %s – %s" : "MVTI, the week %s to %s",
                        week->from, week->to);
}

static const char *cell(const struct section *s, size_t i)
{
    const char *text = ((const char **)s->cells.data)[i];
    return text != NULL ? text : "";
}

/* ---- text ---- */

void week_report_say(struct job *job, const struct week_report *r)
{
    job_say(job, "%s", title(job, r));
    for (size_t k = 0; k < SECTIONS; k++) {
        struct section s = sections[k](job, r);
        struct table t;
        job_say(job, "%s", "");
        job_say(job, "%s", s.heading);
        table_start(&t, job, s.n_columns);
        for (size_t i = 0; i < s.cells.len; i++)
            table_text(&t, cell(&s, i));
        table_say(&t);
        vec_free(&s.cells);
    }
}

/* ---- HTML ---- */

static const char head[] =
    "<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n<style>\n"
    ":root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:0 "
    "auto;padding:1rem;word-break:keep-all}\n"
    "table{border-collapse:collapse;width:100%}td,th{padding:.3rem .5rem;text-align:right;border-bottom:1px "
    "solid #8884;font-weight:400}\n"
    ".t{overflow-x:auto}td,tbody th{white-space:nowrap;font-variant-numeric:tabular-nums}.text "
    "td{white-space:normal;min-width:6rem;"
    "overflow-wrap:anywhere;text-align:left}.text th{text-align:left}\n"
    "td:first-child,th:first-child{text-align:left}thead "
    "th{font-size:.85rem;opacity:.75}svg{display:block;width:100%;height:.5rem}\n"
    "rect{fill:#b5301c}@media(prefers-color-scheme:dark){rect{fill:#ff8a5c}}\n</style>\n";

static double most(const struct section *s)
{
    double m = 0;
    for (size_t i = s->n_columns + s->bars; i < s->cells.len; i += s->n_columns)
        m = fmax(m, strtod(cell(s, i), NULL));
    return m;
}

static void put_bar(struct buf *out, double share)
{
    buf_printf(out,
               "<svg viewBox=\"0 0 100 4\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect "
               "width=\"%.1f\" height=\"4\"/></svg>",
               100 * share);
}

static void put_row(struct buf *out, const struct section *s, size_t from, double longest)
{
    buf_puts(out, "<tr>");
    for (size_t c = 0; c < s->n_columns; c++) {
        bool names = from == 0 || c == 0;
        buf_puts(out, from == 0 ? "<th scope=\"col\">" : c == 0 ? "<th scope=\"row\">" : "<td>");
        html_text(out, cell(s, from + c));
        if (from > 0 && s->bars > 0 && c == s->bars && longest > 0)
            put_bar(out, strtod(cell(s, from + c), NULL) / longest);
        buf_puts(out, names ? "</th>" : "</td>");
    }
    buf_puts(out, "</tr>\n");
}

static void put_section(struct buf *out, const struct section *s)
{
    double longest = s->bars > 0 ? most(s) : 0;
    buf_puts(out, "<h2>");
    html_text(out, s->heading);
    buf_printf(out, "</h2>\n<div class=\"t%s\"><table><thead>", s->texts ? " text" : "");
    put_row(out, s, 0, 0);
    buf_puts(out, "</thead><tbody>\n");
    for (size_t i = s->n_columns; i < s->cells.len; i += s->n_columns)
        put_row(out, s, i, longest);
    buf_puts(out, "</tbody></table></div>\n");
}

void week_report_html(struct job *job, const struct week_report *r, struct buf *out)
{
    const char *name = title(job, r);
    buf_printf(out, "<!doctype html>\n<html lang=\"%s\">\n<head>\n%s<title>", r->language == 0 ? "ko" : "en",
               head);
    html_text(out, name != NULL ? name : "");
    buf_puts(out, "</title>\n</head>\n<body>\n<h1>");
    html_text(out, name != NULL ? name : "");
    buf_puts(out, "</h1>\n");
    for (size_t k = 0; k < SECTIONS; k++) {
        struct section s = sections[k](job, r);
        put_section(out, &s);
        vec_free(&s.cells);
    }
    buf_puts(out, "</body>\n</html>\n");
}
