#include "base/text_survey.h"

#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/text_file.h"
#include "base/utf8.h"

enum { SAMPLE = 4 << 20 }; /* of the lines that are no UTF-8, to guess from */

static void survey_line(struct text_survey *s, const struct text_line *line, struct buf *sample)
{
    size_t i = 0, len = 1;
    for (uint32_t code; i < line->n && len > 0; i += len)
        len = utf8_decode(line->text + i, line->n - i, &code);
    /* A line that was cut for its length may end inside a character. */
    if (len > 0 || (line->too_long && i + 4 > line->n)) {
        s->good++;
        return;
    }
    s->wrong++;
    if (s->wrong_line == 0)
        s->wrong_line = line->number;
    if (sample->len + line->n <= SAMPLE)
        buf_put(sample, line->text, line->n);
}

enum err text_survey_file(const char *path, struct text_survey *out, struct fail *why)
{
    struct text_file *text;
    struct text_line line;
    struct buf sample = {0};
    *out = (struct text_survey){0};
    enum err rc = text_file_open(&text, path, why);
    if (rc != ERR_OK)
        return rc;
    while (text_file_first(text, &line))
        if (!utf8_is_ascii(line.text, line.n))
            survey_line(out, &line, &sample);
    rc = text_file_status(text, why);
    out->utf8 = out->wrong <= out->good || text_file_marked(text);
    text_file_close(text);
    if (rc == ERR_OK && out->wrong > 0 &&
        (sample.failed || encoding_guess(buf_str(&sample), sample.len, &out->look) != ERR_OK))
        rc = fail_set(why, ERR_NOMEM, "%s: out of memory", path);
    buf_free(&sample);
    return rc;
}

enum err text_survey_choose(const struct text_survey *s, const char *path, const char *wanted,
                            const char **encoding, struct fail *why)
{
    *encoding = wanted;
    if (wanted != NULL && s->wrong == 0 && s->good > 0 && strncasecmp(wanted, "utf", 3) != 0)
        return fail_set(why, ERR_INVALID, "%s: is UTF-8, not %s; leave --encoding out", path, wanted);
    if (wanted != NULL || s->utf8)
        return ERR_OK;
    unsigned long long line = s->wrong_line;
    if (s->look == NULL)
        return fail_set(why, ERR_INVALID,
                        "%s:%llu: is neither UTF-8 nor another recognised encoding; save it as UTF-8, or "
                        "name its encoding with --encoding",
                        path, line);
    return fail_set(why, ERR_INVALID,
                    "%s:%llu: is not UTF-8; it looks like %s: read it with --encoding %s, or save it as "
                    "\"CSV UTF-8\"",
                    path, line, s->look->words, s->look->name);
}
