#include "app/experiments.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "app/recommend.h"
#include "app/visit.h"
#include "base/clock.h"
#include "base/log.h"
#include "store/experiment_exposure.h"

#define TEST_LABEL "mvti experiment test"

/* ---- the file ---- */

static void forget(struct experiments *x)
{
    if (x->state == EXPERIMENTS_READY)
        experiment_file_close(&x->file);
    x->forced = (struct choice_forced){0};
    x->state = EXPERIMENTS_NONE;
}

/* What is no fault of the file, such as too many open ones, may be over at the next look. */
static void refuse(struct experiments *x, enum err rc, const struct fail *why, double now)
{
    char reason[sizeof why->text + 80];
    x->state = EXPERIMENTS_BROKEN;
    x->looked = rc == ERR_CORRUPT || rc == ERR_INVALID;
    snprintf(reason, sizeof reason, "%s; no visitor gets a variant until %s", why->text,
             x->looked ? "mvti experiment refresh has run" : "it can be read");
    lasting_met(&x->refused, now, LOG_ERROR, "experiments.refused", reason);
}

static void read_file(struct experiments *x, const struct config *config, const char *path, double now)
{
    struct fail why = {0};
    forget(x);
    if (x->read.error == ENOENT) {
        (void)lasting_over(&x->refused);
        log_event(LOG_INFO, "experiments.none", "%s does not exist", path);
        return;
    }
    enum err rc = experiment_file_open(&x->file, path, &why);
    if (rc != ERR_OK) {
        refuse(x, rc, &why, now);
        return;
    }
    (void)lasting_over(&x->refused);
    x->state = EXPERIMENTS_READY;
    log_event(LOG_INFO, "experiments.loaded", "%s: %zu drafts and running experiments", path, x->file.n);
    if (choice_force(&x->file, config->experiment_force, &x->forced, &why) != ERR_OK)
        log_event(LOG_ERROR, "experiments.force", "%s", why.text);
    else if (x->forced.n > 0)
        log_event(LOG_WARNING, "experiments.force", "every visitor gets %s, and nothing is counted",
                  config->experiment_force);
}

static void judge(struct experiments *x, const struct snapshot *s)
{
    for (size_t i = 0; x->state == EXPERIMENTS_READY && i < x->file.n; i++) {
        const struct experiment_record *e = &x->file.experiments[i];
        x->usable[i] = s != NULL;
        for (uint32_t k = 0; x->usable[i] && k < e->n; k++)
            x->usable[i] = recommend_can(s, &x->file.arms[e->first + k].settings);
        if (s != NULL && !x->usable[i])
            log_event(LOG_WARNING, "experiments.unusable",
                      "%s: the live snapshot lacks a model of one of its variants; no visitor gets one",
                      e->name);
    }
}

void experiments_refresh(struct experiments *x, const struct config *config, const struct snapshot *s,
                         bool fresh, double now)
{
    char path[1024];
    struct file_version version;
    if (config_state_path(config, EXPERIMENT_FILE, path, sizeof path, NULL) != ERR_OK)
        return;
    file_version_look(path, &version);
    bool same = x->looked && file_version_same(&version, &x->read);
    x->looked = true;
    x->read = version;
    if (!same)
        read_file(x, config, path, now);
    if (!same || fresh)
        judge(x, s);
}

void experiments_close(struct experiments *x)
{
    forget(x);
}

bool experiments_touch(const struct experiments *x, uint32_t parts)
{
    for (size_t i = 0; x->state == EXPERIMENTS_READY && i < x->file.n; i++)
        if ((x->file.experiments[i].parts & parts) != 0 &&
            (x->file.experiments[i].slots > 0 || x->forced.n > 0))
            return true;
    return false;
}

bool experiments_served(const struct experiments *x, int64_t experiment_id)
{
    for (size_t i = 0; x->state == EXPERIMENTS_READY && i < x->file.n; i++)
        if (x->file.experiments[i].id == experiment_id)
            return x->usable[i] && x->file.experiments[i].slots > 0;
    return false;
}

/* ---- a visitor ---- */

static void hash_test(const struct session *session, const struct experiments_test *test,
                      uint8_t hash[SECRET_HASH_BYTES])
{
    keyring_hash(session->keys, 0, TEST_LABEL, test->bytes, test->n, hash);
}

uint64_t experiments_seed(const struct session *session, const struct experiments_test *test)
{
    uint8_t hash[SECRET_HASH_BYTES];
    uint64_t seed;
    hash_test(session, test, hash);
    memcpy(&seed, hash + SECRET_HASH_BYTES - sizeof seed, sizeof seed);
    return seed;
}

static enum err find_past(struct db *db, int64_t visitor_id, struct choice_past *out, size_t *n,
                          struct fail *why)
{
    struct experiment_exposure rows[EXPERIMENT_FILE_MOST];
    enum err rc = experiment_exposure_list(db, visitor_id, rows, EXPERIMENT_FILE_MOST, n, why);
    for (size_t i = 0; rc == ERR_OK && i < *n; i++)
        out[i] = (struct choice_past){(uint32_t)rows[i].experiment, (uint32_t)rows[i].position};
    return rc;
}

/* Whether any variant says otherwise what a name with this beginning says: visitors of the control are compared with those who read it. */
static bool has_text(const struct experiment_file *f, const struct experiment_record *e, const char *begin)
{
    for (uint32_t i = 0; i < e->n; i++) {
        const struct experiment_arm *a = &f->arms[e->first + i];
        for (uint32_t t = 0; t < a->n_texts; t++)
            if (strncmp(f->strings + f->texts[a->first_text + t].name, begin, strlen(begin)) == 0)
                return true;
    }
    return false;
}

/* An experiment of texts is shown where one of them stands. */
static void keep_shown(const struct experiment_file *f, const struct experiments_visit *v, struct choice *c)
{
    size_t n = 0;
    for (size_t i = 0; i < c->n; i++) {
        const struct experiment_record *e = c->made[i].experiment;
        if ((e->parts & v->parts & ~(unsigned)VARIANT_WORDS) != 0 ||
            has_text(f, e, v->texts != NULL ? v->texts : ""))
            c->made[n++] = c->made[i];
    }
    c->n = n;
}

enum err experiments_choose(struct db *db, const struct experiments *x, const struct experiments_visit *v,
                            struct choice *out, struct fail *why)
{
    struct choice_past past[EXPERIMENT_FILE_MOST];
    *out = (struct choice){0};
    if (!experiments_touch(x, v->parts))
        return ERR_OK;
    struct choice_ask ask = {.file = &x->file,
                             .forced = &x->forced,
                             .usable = x->usable,
                             .key = v->session->keys->keys[0],
                             .now = clock_wall(),
                             .visitor = v->session->bot ? 0 : v->visitor_id,
                             .past = past,
                             .parts = v->parts};
    enum err rc = ask.visitor != 0 ? find_past(db, ask.visitor, past, &ask.n_past, why) : ERR_OK;
    if (rc != ERR_OK)
        return rc;
    if (v->test != NULL) {
        hash_test(v->session, v->test, ask.seed);
        ask.n_seed = SECRET_HASH_BYTES - sizeof(uint64_t); /* the rest is the seed of the places */
    }
    choice_make(&ask, out);
    keep_shown(&x->file, v, out);
    return ERR_OK;
}

enum err experiments_shown(struct db *db, const struct choice *choice, int64_t visitor_id, int64_t test_id,
                           struct fail *why)
{
    enum err rc = ERR_OK;
    for (size_t i = 0; rc == ERR_OK && i < choice->n; i++) {
        const struct choice_made *m = &choice->made[i];
        struct experiment_exposure e = {m->experiment->id, m->position, m->propensity};
        if (!m->counted)
            continue;
        rc = m->known ? ERR_OK : experiment_exposure_put(db, visitor_id, &e, why);
        if (rc == ERR_OK && test_id != 0)
            rc = experiment_exposure_made(db, test_id, &e, why);
    }
    return rc;
}

static const struct experiment_exposure *row_of(const struct experiment_exposures *rows, uint32_t id)
{
    for (size_t i = 0; i < rows->n; i++)
        if (rows->items[i].experiment == id)
            return &rows->items[i];
    return NULL;
}

/* What is forced is kept nowhere and comes first, as when the test was made; the rest is as the rows say, in the file's order. */
enum err experiments_made(struct db *db, const struct experiments *x, int64_t test_id, struct choice *out,
                          struct fail *why)
{
    struct experiment_exposure rows[CHOICE_MOST];
    struct choice_ask ask = {
        .file = &x->file, .forced = &x->forced, .usable = x->usable, .parts = VARIANT_RESULT | VARIANT_WORDS};
    struct experiment_exposures found = {.items = rows, .most = CHOICE_MOST};
    *out = (struct choice){0};
    if (x->state != EXPERIMENTS_READY)
        return ERR_OK;
    enum err rc = experiment_exposure_of_test(db, test_id, &found, why);
    if (rc != ERR_OK)
        return rc;
    choice_make(&ask, out); /* nobody is given forced variants alone */
    keep_shown(&x->file, &(struct experiments_visit){.parts = ask.parts, .texts = "result."}, out);
    for (size_t i = 0; i < x->file.n && out->n < CHOICE_MOST; i++) {
        const struct experiment_record *e = &x->file.experiments[i];
        const struct experiment_exposure *row = row_of(&found, e->id);
        if (row != NULL && row->position < e->n)
            out->made[out->n++] = (struct choice_made){.experiment = e,
                                                       .arm = &x->file.arms[e->first + row->position],
                                                       .position = (uint32_t)row->position,
                                                       .propensity = row->propensity,
                                                       .counted = true,
                                                       .known = true};
    }
    return ERR_OK;
}

/* ---- a page ---- */

struct showing {
    const struct choice *choice;
    int64_t visitor_id;
};

static enum err show_work(struct db *db, void *arg, struct fail *why)
{
    const struct showing *s = arg;
    enum err rc = visit_hold(db, s->visitor_id, why);
    return rc == ERR_OK ? experiments_shown(db, s->choice, s->visitor_id, 0, why) : rc;
}

static enum err show(struct db *db, const struct experiments *x, struct experiments_visit *v,
                     struct choice *out, struct fail *why)
{
    bool news = false;
    enum err rc = visit_known(db, v->session, &v->visitor_id, why);
    if (rc == ERR_OK || rc == ERR_NOT_FOUND)
        rc = experiments_choose(db, x, v, out, why);
    for (size_t i = 0; rc == ERR_OK && i < out->n; i++)
        news = news || (out->made[i].counted && !out->made[i].known);
    return rc == ERR_OK && news ? db_transaction(db, show_work, &(struct showing){out, v->visitor_id}, why)
                                : rc;
}

void experiments_show(struct db *db, const struct experiments *x, struct experiments_visit *v,
                      struct choice *out)
{
    struct fail why = {0};
    *out = (struct choice){0};
    if (!experiments_touch(x, v->parts) || show(db, x, v, out, &why) == ERR_OK)
        return;
    *out = (struct choice){0};
    log_event(LOG_WARNING, "experiments.unshown",
              "a variant was not shown, because it could not be recorded: %s", why.text);
}
