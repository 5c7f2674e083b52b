/* A checkpoint is of use to the training that wrote it and to no other. */
#include "train/checkpoint.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/map_file.h"
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

/* What a person is told, and whether they want an end. */
struct person {
    char heard[200];
    bool wants_end;
};

static void hear(void *arg, const char *sentence)
{
    snprintf(((struct person *)arg)->heard, sizeof((struct person *)arg)->heard, "%s", sentence);
}

static bool wants_end(void *arg)
{
    return ((struct person *)arg)->wants_end;
}

static bool there_is(const char *path)
{
    return access(path, F_OK) == 0;
}

static void it_is_kept_now_and_then_and_at_the_end(void)
{
    char path[] = "/tmp/mvti-checkpoint-XXXXXX";
    int fd = mkstemp(path);
    CHECK(fd >= 0 && close(fd) == 0);
    float values[] = {1, 2};
    struct person p = {"", false};
    const struct progress progress = {.note = hear, .arg = &p, .stopping = wants_end};
    struct fail why = {0};
    static const struct {
        double seconds;
        bool last, wants_end, kept;
        enum err rc;
    } rows[] = {
        {1e6, false, false, false, ERR_OK},    {0, false, false, true, ERR_OK},
        {1e6, true, false, true, ERR_OK},      {1e6, true, true, true, ERR_OK}, /* it is at its end anyway */
        {1e6, false, true, true, ERR_STOPPED}, {0, false, true, true, ERR_STOPPED}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct checkpoint c = of("lightgcn", &data, 7, values);
        const struct checkpoint_place place = {.path = path, .seconds = rows[i].seconds, .anew = true};
        p.wants_end = rows[i].wants_end;
        unlink(path);
        CHECK(checkpoint_begin(&c, &place, 9, &progress, &why) == ERR_OK);
        CHECK_MSG(checkpoint_keep(&c, &place, rows[i].last, &progress, &why) == rows[i].rc, "row %zu", i);
        CHECK_MSG(there_is(path) == rows[i].kept, "row %zu", i);
    }
    CHECK(strstr(why.text, "run the same command again to resume") != NULL);
    unlink(path);
}

static void a_training_goes_on_or_says_why_not(void)
{
    char path[] = "/tmp/mvti-checkpoint-XXXXXX";
    int fd = mkstemp(path);
    CHECK(fd >= 0 && close(fd) == 0);
    float wrote[] = {1, 2}, got[] = {0, 0};
    struct person p = {"", false};
    const struct progress progress = {.note = hear, .arg = &p};
    const struct checkpoint_place place = {.path = path};
    struct fail why = {0};
    struct checkpoint c = of("lightgcn", &data, 7, wrote), same = of("lightgcn", &data, 7, got);
    c.epochs = 4;
    CHECK(checkpoint_write(&c, path, NULL) == ERR_OK);
    static const struct {
        uint64_t asked, from;
        const char *says;
    } rows[] = {
        {3, 0, "starting over:"}, {4, 4, "resuming from epoch 4 of 4"}, {9, 4, "resuming from epoch 4 of 9"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        same.epochs = 0;
        CHECK(checkpoint_begin(&same, &place, rows[i].asked, &progress, &why) == ERR_OK);
        CHECK_INT(same.epochs, rows[i].from);
        CHECK_MSG(strstr(p.heard, rows[i].says) != NULL, "%s", p.heard);
    }
    struct checkpoint other = of("lightgcn", &data, 8, got);
    CHECK(checkpoint_begin(&other, &place, 9, &progress, &why) == ERR_OK && other.epochs == 0);
    CHECK_MSG(strstr(p.heard, "starting over:") != NULL && strstr(p.heard, "other data") != NULL, "%s",
              p.heard);
    struct map_file whole;
    CHECK(map_file_open(&whole, path, NULL) == ERR_OK);
    got[0] = 0;
    CHECK(checkpoint_parse(&same, &(struct named_bytes){whole.data, whole.size, "f"}, &why) == ERR_OK &&
          got[0] == 1);
    CHECK(checkpoint_parse(&same, &(struct named_bytes){whole.data, whole.size - 1, "f"}, &why) ==
          ERR_CORRUPT);
    map_file_close(&whole);
    unlink(path);
}

int main(void)
{
    CHECK(secret_init() == ERR_OK);
    RUN(belongs_to_one_training);
    RUN(what_cannot_be_read_is_no_new_beginning);
    RUN(it_is_kept_now_and_then_and_at_the_end);
    RUN(a_training_goes_on_or_says_why_not);
    return check_done();
}
