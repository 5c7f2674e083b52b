#include "store/sql_split.h"

#include <string.h>

void sql_split_init(struct sql_split *s, const char *text, size_t n)
{
    *s = (struct sql_split){.text = text, .n = n, .line = 1};
}

static bool ahead(const struct sql_split *s, const char *word)
{
    size_t n = strlen(word);
    return s->n - s->at >= n && memcmp(s->text + s->at, word, n) == 0;
}

static void step(struct sql_split *s, size_t n)
{
    for (; n > 0 && s->at < s->n; n--, s->at++)
        s->line += s->text[s->at] == '\n';
}

/* Steps behind the next occurrence of end, or to the end of the text. */
static void step_behind(struct sql_split *s, const char *end)
{
    while (s->at < s->n && !ahead(s, end))
        step(s, 1);
    step(s, strlen(end));
}

/* MySQL: "--" begins a comment only before a blank. */
static bool skip_comment(struct sql_split *s)
{
    if (ahead(s, "#") || ahead(s, "-- ") || ahead(s, "--\n"))
        step_behind(s, "\n");
    else if (ahead(s, "/*"))
        step_behind(s, "*/");
    else
        return false;
    return true;
}

static bool skip_quoted(struct sql_split *s)
{
    char quote = s->text[s->at];
    if (quote != '\'' && quote != '"' && quote != '`')
        return false;
    step(s, 1);
    while (s->at < s->n && s->text[s->at] != quote)
        step(s, s->text[s->at] == '\\' && quote != '`' ? 2 : 1);
    step(s, 1); /* a doubled quote opens the next quoted piece at once */
    return true;
}

static void skip_space(struct sql_split *s)
{
    while (s->at < s->n && (strchr(" \t\r\n;", s->text[s->at]) != NULL || skip_comment(s)))
        if (s->at < s->n && strchr(" \t\r\n;", s->text[s->at]) != NULL)
            step(s, 1);
}

bool sql_split_next(struct sql_split *s, struct sql_statement *out)
{
    skip_space(s);
    if (s->at >= s->n)
        return false;
    *out = (struct sql_statement){.text = s->text + s->at, .line = s->line};
    size_t start = s->at;
    while (s->at < s->n && s->text[s->at] != ';')
        if (!skip_comment(s) && !skip_quoted(s))
            step(s, 1);
    out->n = s->at - start;
    return true;
}
