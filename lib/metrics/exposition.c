#include "metrics/exposition.h"

#include <math.h>

void exposition_begin(struct buf *b, const char *name, const char *type, const char *help)
{
    buf_printf(b, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

void exposition_line(struct buf *b, const char *name, const char *labels, double value)
{
    buf_puts(b, name);
    if (labels[0] != '\0')
        buf_printf(b, "{%s}", labels);
    if (isnan(value))
        buf_puts(b, " NaN\n");
    else if (isinf(value))
        buf_puts(b, value > 0 ? " +Inf\n" : " -Inf\n");
    else
        buf_printf(b, " %.17g\n", value);
}

void exposition_label(struct buf *labels, const char *name, const char *value)
{
    buf_printf(labels, "%s%s=\"", labels->len > 0 ? "," : "", name);
    for (; *value != '\0'; value++) {
        if (*value == '\n') {
            buf_puts(labels, "\\n");
            continue;
        }
        if (*value == '"' || *value == '\\')
            buf_putc(labels, '\\');
        buf_putc(labels, *value);
    }
    buf_putc(labels, '"');
}
