#include "base/saying.h"

#include <string.h>

static const struct {
    const char *code, *format;
} rows[] = {
    {"first", SAYING_FIRST},
    {"same_content", SAYING_SAME_CONTENT},
    {"below_popular", SAYING_BELOW_POPULAR},
    {"nobody_held", SAYING_NOBODY_HELD},
    {"few_held", SAYING_FEW_HELD},
    {"new_unsaid", SAYING_NEW_UNSAID},
    {"live_seen", SAYING_LIVE_SEEN},
    {"by_hand", SAYING_BY_HAND},
    {"found", SAYING_FOUND},
    {"is_pinned", SAYING_IS_PINNED},
    {"not_kept", SAYING_NOT_KEPT},
    {"no_older", SAYING_NO_OLDER},
    {"no_newer", SAYING_NO_NEWER},
    {"none_live", SAYING_NONE_LIVE},
    {"none_pinned", SAYING_NONE_PINNED},
    {"is_live", SAYING_IS_LIVE},
    {"is_pinned_now", SAYING_IS_PINNED_NOW},
    {"is_unpinned", SAYING_IS_UNPINNED},
    {"is_banned", SAYING_IS_BANNED},
    {"is_unbanned", SAYING_IS_UNBANNED},
    {"votes_gone", SAYING_VOTES_GONE},
    {"report_closed", SAYING_REPORT_CLOSED},
    {"no_report", SAYING_NO_REPORT},
    {"runs", SAYING_RUNS},
    {"is_stopped", SAYING_IS_STOPPED},
    {"is_admin", SAYING_IS_ADMIN},
    {"no_visitor", SAYING_NO_VISITOR},
    {"workers_late", SAYING_WORKERS_LATE},
    {"unknown_action", SAYING_UNKNOWN_ACTION},
    {"nobody_came", SAYING_NOBODY_CAME},
    {"killed", SAYING_KILLED},
    {"stopped_by_hand", SAYING_STOPPED_BY_HAND},
    {"stopped_in_console", SAYING_STOPPED_IN_CONSOLE},
    {"ended", SAYING_ENDED},
    {"guarded", SAYING_GUARDED},
    {"guard_likes", SAYING_GUARD_LIKES},
    {"guard_down", SAYING_GUARD_DOWN},
    {"no_experiment", SAYING_NO_EXPERIMENT},
    {"runs_already", SAYING_RUNS_ALREADY},
    {"no_return", SAYING_NO_RETURN},
    {"stopped_already", SAYING_STOPPED_ALREADY},
    {"end_passed", SAYING_END_PASSED},
    {"no_room", SAYING_NO_ROOM},
};
enum { ROWS = sizeof rows / sizeof *rows };

/* A format from its beginning or from behind a conversion: letters up to the next conversion, of which %% is none. */
static size_t literal(const char *format, char *out, size_t room)
{
    size_t n = 0, at = 0;
    while (format[at] != '\0' && (format[at] != '%' || format[at + 1] == '%')) {
        at += format[at] == '%';
        if (n + 1 < room)
            out[n++] = format[at];
        at++;
    }
    out[n] = '\0';
    return at;
}

/* From a % to behind the letter that ends the conversion. */
static size_t conversion(const char *format)
{
    return strcspn(format, "csdgfu") + 1;
}

/* text, up to `end`, by the format. */
static bool fits(struct saying *out, const char *format, const char *text, const char *end)
{
    char piece[256];
    format += literal(format, piece, sizeof piece);
    size_t n = strlen(piece);
    if ((size_t)(end - text) < n || memcmp(text, piece, n) != 0)
        return false;
    text += n;
    for (out->n = 0; *format != '\0'; out->n++) {
        format += conversion(format);
        format += literal(format, piece, sizeof piece);
        n = strlen(piece);
        const char *next = *format == '\0' ? end - n : memmem(text, (size_t)(end - text), piece, n);
        if (out->n == SAYING_VALUES || next == NULL || next < text || memcmp(next, piece, n) != 0)
            return false;
        out->values[out->n].at = text;
        out->values[out->n].n = (size_t)(next - text);
        text = next + n;
    }
    return text == end;
}

bool saying_read(struct saying *out, const char *text)
{
    static const char before[] = SAYING_NOT_COMPARED, behind[] = SAYING_FORCED;
    size_t n_before = strlen(before) - 2, n_behind = strlen(behind), n = strlen(text);
    if (strncmp(text, before, n_before) == 0) {
        text += n_before;
        n -= n_before;
    }
    if (n > n_behind && strcmp(text + n - n_behind, behind) == 0)
        n -= n_behind;
    for (size_t i = 0; i < ROWS; i++)
        if (fits(out, rows[i].format, text, text + n)) {
            out->code = rows[i].code;
            return true;
        }
    return false;
}
