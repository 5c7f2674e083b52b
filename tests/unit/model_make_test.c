/* train/model_make.h: measured on what was held out, trained on everything, and stopped and resumed. */
#include "train/model_make.h"

#include <string.h>
#include <unistd.h>

#include "fixture/groups.h"
#include "tests/check.h"
#include "train/trainers.h"

enum { PEOPLE = 200, FILMS = 40 };

static char folder[] = "/tmp/mvti-make-XXXXXX";
static struct dataset data;

static const char *path_of(const char *name)
{
    static char path[64];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static bool there_is(const char *name)
{
    return access(path_of(name), F_OK) == 0;
}

static void build(void)
{
    struct csr x = groups_draw(PEOPLE, FILMS);
    struct interactions in = INTERACTIONS_NONE;
    struct dataset_builder b;
    struct fail why = {0};
    const struct dataset_rules rules = {.threshold = DATASET_THRESHOLD, .min_user = 1};
    for (uint32_t u = 0; u < PEOPLE; u++)
        for (uint64_t p = x.start[u]; p < x.start[u + 1]; p++)
            CHECK(interactions_add(&in, u, 101 + x.col[p]));
    dataset_builder_init(&b);
    CHECK(dataset_builder_add(&b, &(struct dataset_source){.name = "groups"}, &in, NULL) == ERR_OK);
    CHECK_MSG(dataset_builder_write(&b, &rules, path_of("x.mvd"), &why) == ERR_OK, "%s", why.text);
    dataset_builder_free(&b);
    csr_free(&x);
    CHECK_MSG(dataset_open(&data, path_of("x.mvd"), &why) == ERR_OK, "%s", why.text);
}

/* A person who may want an end, and what they saw of `keeps` when they were asked. */
struct person {
    bool wants_end, keeps, kept;
    size_t losses, measured;
};

static bool wants_end(void *arg)
{
    struct person *p = arg;
    p->kept |= p->keeps;
    return p->wants_end;
}

static void figure(void *arg, const char *model, const char *name, uint64_t epoch, double value)
{
    struct person *p = arg;
    (void)model, (void)epoch, (void)value;
    bool loss = strcmp(name, "loss") == 0;
    p->losses += loss;
    p->measured += !loss;
}

static enum err make(const char *trainer, double holdout, struct person *p, struct model_made *out)
{
    struct trainer_values v = {0};
    struct fail why = {0};
    static char file[64];
    const struct progress progress = {.stopping = wants_end, .arg = p};
    const struct train_watch watch = {.arg = p, .figure = figure};
    snprintf(file, sizeof file, "%s", path_of("m.mvm"));
    const struct model_make m = {.trainer = trainers_find(trainer),
                                 .values = &v,
                                 .dataset = &data,
                                 .path = file,
                                 .seed = 3,
                                 .holdout = holdout,
                                 .watch = &watch,
                                 .progress = &progress,
                                 .keeps = &p->keeps};
    for (size_t i = 0; m.trainer->resumes && i < 3; i++)
        CHECK(trainer_set(m.trainer, &v, ((const char *[]){"epochs=6", "hidden=20", "latent=8"})[i], &why) ==
              ERR_OK);
    enum err rc = model_make(&m, out, &why);
    CHECK(!p->keeps);
    return rc;
}

/* The file has these metrics and weights. */
static void is_written(const struct model_made *made)
{
    struct model m;
    struct fail why = {0};
    CHECK_MSG(model_open(&m, path_of("m.mvm"), &why) == ERR_OK, "%s", why.text);
    CHECK_INT(m.n_metrics, made->n_metrics);
    for (size_t i = 0; i < m.n_metrics; i++)
        CHECK(strcmp(m.metrics[i].name, made->metrics[i].name) == 0 &&
              m.metrics[i].value == made->metrics[i].value);
    CHECK(m.n_weights == made->model.n_weights &&
          memcmp(m.weights, made->model.weights, m.n_weights * sizeof *m.weights) == 0);
    model_close(&m);
}

static void what_was_measured_is_in_the_file(void)
{
    struct person p = {0};
    struct model_made made;
    CHECK(make("ease", 0.2, &p, &made) == ERR_OK);
    is_written(&made);
    CHECK(made.n_metrics > 0);
    CHECK_STR(made.metrics[0].name, "recall@10");
    CHECK(made.metrics[0].value > 0.4); /* drawn blindly, ten of forty films have a quarter */
    trained_free(&made.model);
    CHECK(make("ease", 0, &p, &made) == ERR_OK);
    is_written(&made);
    CHECK(made.n_metrics == 0 && made.model.n_items == data.x.n_cols);
    trained_free(&made.model);
}

static void a_stopped_one_resumes_to_the_same_file(void)
{
    struct person p = {0};
    struct model_made whole, made;
    CHECK(make("recvae", 0.2, &p, &whole) == ERR_OK);
    CHECK(p.kept && p.losses > 0 && p.measured > 0);
    CHECK(!there_is("m.checkpoint") && !there_is("m.measure.checkpoint"));
    unlink(path_of("m.mvm"));
    p = (struct person){.wants_end = true};
    CHECK(make("recvae", 0.2, &p, &made) == ERR_STOPPED);
    CHECK(made.model.weights == NULL && there_is("m.measure.checkpoint") && !there_is("m.mvm"));
    p.wants_end = false;
    CHECK(make("recvae", 0.2, &p, &made) == ERR_OK);
    CHECK(!there_is("m.checkpoint") && !there_is("m.measure.checkpoint"));
    is_written(&made);
    CHECK(made.metrics[0].value == whole.metrics[0].value);
    CHECK(memcmp(whole.model.weights, made.model.weights, whole.model.n_weights * sizeof(float)) == 0);
    trained_free(&whole.model);
    trained_free(&made.model);
}

int main(void)
{
    CHECK(mkdtemp(folder) != NULL);
    build();
    RUN(what_was_measured_is_in_the_file);
    RUN(a_stopped_one_resumes_to_the_same_file);
    dataset_close(&data);
    unlink(path_of("x.mvd"));
    unlink(path_of("m.mvm"));
    rmdir(folder);
    return check_done();
}
