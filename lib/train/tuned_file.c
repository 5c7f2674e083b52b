#include "train/tuned_file.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/map_file.h"

enum { LINE = 128 };

/* Copies a line without blanks and without its remark: no name or value of ours holds one. False if it does
 * not fit. */
static bool squeeze(const char *line, size_t n, char out[LINE])
{
    size_t k = 0;
    for (size_t i = 0; i < n && line[i] != '#'; i++) {
        if (line[i] == ' ' || line[i] == '\t' || line[i] == '\r')
            continue;
        if (k + 1 == LINE || line[i] == '\0')
            return false;
        out[k++] = line[i];
    }
    out[k] = '\0';
    return true;
}

enum err tuned_file_parse(struct trainer_values *v, const struct trainer *t, const struct named_bytes *from,
                          struct fail *why)
{
    struct trainer_values read = {0};
    const char *text = from->at, *end = text + from->n;
    size_t number = 1;
    for (const char *at = text; at < end; number++) {
        const char *lf = memchr(at, '\n', (size_t)(end - at));
        const char *line_end = lf != NULL ? lf : end;
        char line[LINE];
        struct fail reason = {.text = "not a line of the form name = value"};
        bool ok = squeeze(at, (size_t)(line_end - at), line);
        if (!ok || (line[0] != '\0' && (memchr(line, '.', strcspn(line, "=")) != NULL ||
                                        trainer_set(t, &read, line, &reason) != ERR_OK)))
            return fail_set(why, ERR_INVALID, "%s:%zu: %s", from->name, number, reason.text);
        at = lf != NULL ? lf + 1 : end;
    }
    for (size_t i = 0; i < t->n_settings; i++)
        if (read.given[i] && !v->given[i]) {
            v->given[i] = true;
            v->value[i] = read.value[i];
        }
    return ERR_OK;
}

enum err tuned_file_read(struct trainer_values *v, const struct trainer *t, const char *path,
                         struct fail *why)
{
    struct map_file file;
    enum err rc = map_file_open(&file, path, why);
    if (rc == ERR_OK)
        rc = tuned_file_parse(v, t, &(struct named_bytes){file.data, file.size, path}, why);
    map_file_close(&file);
    return rc;
}

enum err tuned_file_write(const struct trainer_values *v, const struct trainer *t, const char *remark,
                          const char *path, struct fail *why)
{
    struct buf text = {0};
    buf_printf(&text, "# %s\n", remark);
    for (size_t i = 0; i < t->n_settings; i++)
        if (v->given[i])
            buf_printf(&text, "%s = %.17g\n", t->settings[i].name, v->value[i]);
    enum err rc = text.failed ? fail_set(why, ERR_NOMEM, "%s: out of memory", path)
                              : map_file_put(path, text.data, text.len, why);
    buf_free(&text);
    return rc;
}
