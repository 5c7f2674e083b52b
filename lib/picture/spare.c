#include "picture/spare.h"

#include <stdio.h>
#include <string.h>

#include "base/state_path.h"

/* Beside a busy machine. */
static const double PATIENCE = 60.0;

enum { LINE = 2 * SHELF_NAME + 8 };

enum err spare_open(struct shelf *s, const struct config *config, struct fail *why)
{
    char path[STATE_PATH];
    struct state_file folder = {.folder = "pictures", .name = ""};
    enum err rc = state_path(config, &folder, path, why);
    if (rc != ERR_OK)
        return rc;
    path[strlen(path) - 1] = '\0'; /* its slash */
    return shelf_open(s, path, UINT64_MAX, why);
}

void spare_name(char name[SHELF_NAME + 1], const struct spare_of *of)
{
    const char *lang = of->english ? "en" : "ko";
    if (of->mbti == MBTI_NONE)
        snprintf(name, SHELF_NAME + 1, "site-%s", lang);
    else if (of->enneagram == ENNEAGRAM_NONE)
        snprintf(name, SHELF_NAME + 1, "%s-%s", mbti_name(of->mbti), lang);
    else
        snprintf(name, SHELF_NAME + 1, "%s-%s-%s", mbti_name(of->mbti), enneagram_name(of->enneagram), lang);
}

/* The i-th of SPARE_ALL. */
static struct spare_of nth(int i)
{
    struct spare_of of = {MBTI_NONE, ENNEAGRAM_NONE, i % 2 == 1};
    i /= 2;
    if (i == 0)
        return of;
    i--;
    of.mbti = (uint8_t)(i / (1 + ENNEAGRAM_COUNT));
    i %= 1 + ENNEAGRAM_COUNT;
    if (i > 0)
        of.enneagram = (uint8_t)(i - 1);
    return of;
}

size_t spare_count(const struct shelf *s)
{
    size_t n = 0;
    for (int i = 0; i < SPARE_ALL; i++) {
        struct spare_of of = nth(i);
        char name[SHELF_NAME + 1];
        spare_name(name, &of);
        n += shelf_has(s, name);
    }
    return n;
}

/* What each shows, by its number: the name it would have on the shelf of a gallery; "": unknown. */
struct list {
    char of[SPARE_ALL][SHELF_NAME + 1];
};

static void list_path(const struct shelf *s, char path[SHELF_PATH + 8])
{
    snprintf(path, SHELF_PATH + 8, "%s/list", s->folder);
}

/* A list that is not whole only costs drawing. */
static void list_read(const struct shelf *s, struct list *l)
{
    char path[SHELF_PATH + 8], line[LINE];
    list_path(s, path);
    FILE *f = fopen(path, "re");
    for (int i = 0; f != NULL && i < SPARE_ALL && fgets(line, sizeof line, f) != NULL; i++) {
        line[strcspn(line, "\n")] = '\0';
        if (strlen(line) == SHELF_NAME)
            memcpy(l->of[i], line, SHELF_NAME + 1);
    }
    if (f != NULL)
        fclose(f);
}

static enum err list_write(const struct shelf *s, const struct list *l, struct fail *why)
{
    char path[SHELF_PATH + 8], fresh[SHELF_PATH + 16];
    list_path(s, path);
    snprintf(fresh, sizeof fresh, "%s.new", path);
    FILE *f = fopen(fresh, "we");
    if (f == NULL)
        return fail_errno(why, ERR_IO, "%s", fresh);
    for (int i = 0; i < SPARE_ALL; i++)
        fprintf(f, "%s\n", l->of[i]);
    bool whole = fflush(f) == 0;
    whole = fclose(f) == 0 && whole;
    if (whole && rename(fresh, path) == 0)
        return ERR_OK;
    return fail_errno(why, ERR_IO, "%s", path);
}

static void put_facts(const struct spare_work *w, const struct spare_of *of, struct buf *facts)
{
    struct shown_form form = {.english = of->english, .site = w->config->public_url};
    buf_reset(facts);
    if (of->mbti == MBTI_NONE)
        shown_site(facts, w->snapshot, &form);
    else
        shown_type(facts, w->snapshot, &form, of->mbti, of->enneagram);
}

/* now: the name of what is on the shelf, and then of what is put there. */
static enum err draw_one(struct shelf *s, struct spare_work *w, const struct spare_of *of,
                         char now[SHELF_NAME + 1], struct fail *why)
{
    struct buf facts = {0}, png = {0};
    char name[SHELF_NAME + 1], wanted[SHELF_NAME + 1];
    spare_name(name, of);
    put_facts(w, of, &facts);
    enum err rc = facts.failed ? fail_set(why, ERR_NOMEM, "out of memory") : ERR_OK;
    if (rc == ERR_OK)
        shelf_name(wanted, w->version, &facts);
    if (rc == ERR_OK && (strcmp(wanted, now) != 0 || !shelf_has(s, name))) {
        rc = painter_draw(w->painter, &facts, PATIENCE, &png, why);
        if (rc == ERR_OK)
            rc = shelf_put(s, name, &png, why);
        if (rc == ERR_OK) {
            memcpy(now, wanted, sizeof wanted);
            w->drawn++;
        }
    }
    buf_free(&facts);
    buf_free(&png);
    return rc;
}

enum err spare_draw(struct shelf *s, struct spare_work *work, struct fail *why)
{
    struct list list = {0};
    struct fail unwritten;
    enum err rc = ERR_OK;
    list_read(s, &list);
    work->drawn = 0;
    for (int i = 0; i < SPARE_ALL && rc == ERR_OK; i++) {
        struct spare_of of = nth(i);
        rc = draw_one(s, work, &of, list.of[i], why);
        progress_report(work->progress, "pictures", (uint64_t)i + 1, SPARE_ALL);
        if (rc == ERR_OK && progress_stopping(work->progress))
            rc = fail_set(why, ERR_STOPPED, "stopped; the pictures drawn so far are kept");
    }
    enum err written = list_write(s, &list, rc == ERR_OK ? why : &unwritten);
    return rc == ERR_OK ? written : rc;
}
