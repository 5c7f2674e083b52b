#include "alarm.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"

enum { FILE_MOST = 1 << 18 };

/* The next field of a line, up to a tab or the end. */
static char *field(char **at)
{
    return *at != NULL ? strsep(at, "\t") : NULL;
}

/* "id TAB about TAB told TAB wrong TAB text"; wrong: 0, 1, or 2 for quiet */
static bool take_line(struct alarms *a, char *line)
{
    const char *id = field(&line), *about = field(&line), *told = field(&line), *wrong = field(&line),
               *text = field(&line);
    if (text == NULL)
        return true;
    struct alarm one = {.id = arena_strdup(a->arena, id),
                        .about = arena_strdup(a->arena, about),
                        .text = arena_strdup(a->arena, text),
                        .told = strtoll(told, NULL, 10),
                        .wrong = *wrong == '1' || *wrong == '2',
                        .quiet = *wrong == '2'};
    return one.id != NULL && one.about != NULL && one.text != NULL && vec_push(&a->items, &one);
}

static enum err read_all(struct alarms *a, struct fail *why)
{
    char *text = malloc(FILE_MOST), *save = NULL;
    bool whole = text != NULL;
    FILE *f = whole ? fopen(a->path, "r") : NULL;
    if (f != NULL) {
        text[fread(text, 1, FILE_MOST - 1, f)] = '\0';
        fclose(f);
        for (char *line = strtok_r(text, "\n", &save); whole && line != NULL;
             line = strtok_r(NULL, "\n", &save))
            whole = take_line(a, line);
    }
    free(text);
    return whole ? ERR_OK : fail_set(why, ERR_NOMEM, "out of memory");
}

enum err alarms_open(struct alarms *a, const char *dir, struct arena *arena, struct fail *why)
{
    *a = (struct alarms){
        .now = a->now, .repeat = a->repeat, .lock = -1, .arena = arena, .items = VEC_OF(struct alarm)};
    if (mkdir(dir, 0700) != 0 && errno != EEXIST)
        return ERR_OK;
    snprintf(a->path, sizeof a->path, "%s/lock", dir);
    a->lock = open(a->path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (a->lock >= 0)
        (void)flock(a->lock, LOCK_EX);
    snprintf(a->path, sizeof a->path, "%s/told", dir);
    return read_all(a, why);
}

static struct alarm *find(struct alarms *a, const char *id, const char *about)
{
    struct alarm *all = a->items.data;
    for (size_t i = 0; i < a->items.len; i++)
        if (strcmp(all[i].id, id) == 0 && strcmp(all[i].about, about) == 0)
            return &all[i];
    return NULL;
}

/* One thing that is wrong; what is wrong for the first time is told, unless it was told not long ago. */
static bool compare_wrong(struct alarms *a, const struct alarm_change *c, struct vec *out)
{
    struct alarm *known = find(a, c->id, c->about);
    bool lasts = known != NULL && known->wrong;
    struct alarm_change said = *c;
    said.kind = lasts ? ALARM_LASTS : ALARM_RAISED;
    if (known == NULL) {
        struct alarm one = {.id = c->id, .about = c->about, .text = c->text, .told = a->now, .wrong = true};
        return vec_push(&a->items, &one) && vec_push(out, &said);
    }
    known->wrong = true;
    known->quiet = (known->quiet || !lasts) && a->now - known->told < a->repeat;
    known->text = c->text;
    if (a->now - known->told < a->repeat)
        return true;
    known->told = a->now;
    return vec_push(out, &said);
}

static bool is_among(const struct vec *wrong, const struct alarm *one)
{
    const struct alarm_change *all = wrong->data;
    for (size_t i = 0; i < wrong->len; i++)
        if (strcmp(all[i].id, one->id) == 0 && strcmp(all[i].about, one->about) == 0)
            return true;
    return false;
}

/* What is well again is told, and remembered until it may be told anew. */
static bool compare_well(struct alarms *a, const struct vec *wrong, struct vec *out)
{
    struct alarm *all = a->items.data;
    size_t kept = 0;
    bool stored = true;
    for (size_t i = 0; i < a->items.len; i++) {
        struct alarm one = all[i];
        if (one.wrong && !is_among(wrong, &one)) {
            stored &= one.quiet ||
                      vec_push(out, &(struct alarm_change){ALARM_ENDED, one.id, one.about, one.text, ""});
            one.wrong = one.quiet = false;
        }
        if (one.wrong || a->now - one.told < a->repeat)
            all[kept++] = one;
    }
    a->items.len = kept;
    return stored;
}

enum err alarms_compare(struct alarms *a, const struct vec *wrong, bool whole, struct vec *out,
                        struct fail *why)
{
    const struct alarm_change *all = wrong->data;
    bool stored = true;
    for (size_t i = 0; stored && i < wrong->len; i++)
        stored = compare_wrong(a, &all[i], out);
    if (stored && whole)
        stored = compare_well(a, wrong, out);
    return stored ? ERR_OK : fail_set(why, ERR_NOMEM, "out of memory");
}

/* Tabs and line ends divide the file. */
static void put_plain(struct buf *b, const char *s, char end)
{
    for (; *s != '\0'; s++)
        buf_putc(b, (unsigned char)*s < 0x20 ? ' ' : *s);
    buf_putc(b, end);
}

static void write_all(const struct alarms *a)
{
    const struct alarm *all = a->items.data;
    struct buf b = {0};
    char fresh[1100];
    for (size_t i = 0; i < a->items.len; i++) {
        put_plain(&b, all[i].id, '\t');
        put_plain(&b, all[i].about, '\t');
        buf_printf(&b, "%" PRId64 "\t%d\t", all[i].told, all[i].quiet ? 2 : all[i].wrong);
        put_plain(&b, all[i].text, '\n');
    }
    snprintf(fresh, sizeof fresh, "%s.new", a->path);
    FILE *f = b.failed ? NULL : fopen(fresh, "w");
    bool whole = f != NULL && fwrite(buf_str(&b), 1, b.len, f) == b.len;
    if (f != NULL && fclose(f) == 0 && whole)
        (void)rename(fresh, a->path);
    buf_free(&b);
}

void alarms_close(struct alarms *a, bool told)
{
    if (told && a->lock >= 0)
        write_all(a);
    if (a->lock >= 0)
        close(a->lock);
    vec_free(&a->items);
}
