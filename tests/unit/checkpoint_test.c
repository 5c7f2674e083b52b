/* A checkpoint is of use to the training that wrote it and to no other. */
#include "train/checkpoint.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/secret.h"
#include "check.h"

static const uint64_t start[] = {0, 2, 3};
static const int32_t col[] = {0, 1, 1}, other_col[] = {0, 2, 1};
static const struct csr data = {2, 3, start, col}, other_data = {2, 3, start, other_col},
                        more_items = {2, 4, start, col};
static const double setting[] = {1, 0.5};

static struct checkpoint of(const char *trainer, const struct csr *x, uint64_t seed, float *values)
{
    struct checkpoint c;
    checkpoint_describe(&c, trainer, x, seed, setting, 2);
    c.arrays[0].values = values;
    c.arrays[0].n = 2;
    return c;
}

static void belongs_to_one_training(void)
{
    char path[] = "/tmp/mvti-checkpoint-XXXXXX";
    int fd = mkstemp(path);
    CHECK(fd >= 0 && close(fd) == 0);
    float wrote[] = {1, 2}, got[] = {0, 0};
    struct checkpoint c = of("lightgcn", &data, 7, wrote);
    struct fail why;
    c.epochs = 4;
    CHECK(checkpoint_write(&c, path, NULL) == ERR_OK);

    struct checkpoint others[] = {of("recvae", &data, 7, got),   of("lightgcn", &other_data, 7, got),
                                  of("lightgcn", &data, 7, got), of("lightgcn", &more_items, 7, got),
                                  of("lightgcn", &data, 8, got), of("lightgcn", &data, 7, got),
                                  of("lightgcn", &data, 7, got)};
    others[2].run.n_users = 1;
    others[5].run.setting[1] = 0.25;
    others[6].run.setting[CHECKPOINT_SETTINGS - 1] = 1;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        CHECK_MSG(checkpoint_read(&others[i], path, &why) == ERR_CONFLICT, "training %zu", i);
        CHECK(others[i].epochs == 0 && got[0] == 0 && strstr(why.text, "belongs to other data") != NULL);
    }

    struct checkpoint same = of("lightgcn", &data, 7, got);
    CHECK(checkpoint_read(&same, path, NULL) == ERR_OK);
    CHECK(same.epochs == 4 && got[0] == 1 && got[1] == 2);
    CHECK(unlink(path) == 0);
}

static void what_cannot_be_read_is_no_new_beginning(void)
{
    float got[] = {0, 0};
    struct fail why = {0};
    struct checkpoint c = of("lightgcn", &data, 7, got);
    struct checkpoint_place place = {.path = "/tmp"}; /* a folder */
    CHECK(checkpoint_begin(&c, &place, 9, NULL, &why) != ERR_OK);
    CHECK_MSG(strstr(why.text, "/tmp") != NULL, "%s", why.text);
    place.path = "/nonexistent/checkpoint";
    CHECK(checkpoint_begin(&c, &place, 9, NULL, &why) == ERR_OK && c.epochs == 0);
    place = (struct checkpoint_place){.path = "/tmp", .anew = true};
    CHECK(checkpoint_begin(&c, &place, 9, NULL, &why) == ERR_OK);
}

int main(void)
{
    CHECK(secret_init() == ERR_OK);
    RUN(belongs_to_one_training);
    RUN(what_cannot_be_read_is_no_new_beginning);
    return check_done();
}
