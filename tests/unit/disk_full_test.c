/* What is written where the disk is full, and what is read that cannot be read. A write that fails says the
 * system's reason, leaves the older file as it was and nothing beside it. RLIMIT_FSIZE stands for the disk.
 */
#include "tests/check.h"

#include <dirent.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/map_file.h"
#include "base/secret.h"
#include "bts/vector_file.h"
#include "data/dataset.h"
#include "data/ratings_file.h"
#include "fixture/file.h"
#include "fixture/small_snapshot.h"
#include "train/checkpoint.h"
#include "train/trainers.h"
#include "train/tuned_file.h"

static char folder[] = "/tmp/mvti-full-XXXXXX";
static char made[128];
static struct small_snapshot small;

static void disk_of(rlim_t bytes)
{
    struct rlimit limit;
    CHECK(getrlimit(RLIMIT_FSIZE, &limit) == 0);
    limit.rlim_cur = bytes;
    CHECK(setrlimit(RLIMIT_FSIZE, &limit) == 0);
}

static size_t entries(void)
{
    DIR *dir = opendir(folder);
    size_t n = 0;
    while (dir != NULL && readdir(dir) != NULL)
        n++;
    closedir(dir);
    return n;
}

/* ---- the writers ---- */

static enum err write_dataset(const char *path, struct fail *why)
{
    struct interactions in = INTERACTIONS_NONE;
    const struct dataset_rules rules = {.threshold = 3.5f, .min_user = 1};
    const struct dataset_source source = {.name = "films", .n_rows = 60};
    struct dataset_builder b;
    dataset_builder_init(&b);
    for (uint32_t i = 0; i < 60; i++)
        CHECK(interactions_add(&in, i % 9, (int32_t)(i * 7 % 31)));
    CHECK(dataset_builder_add(&b, &source, &in, why) == ERR_OK);
    enum err rc = dataset_builder_write(&b, &rules, path, why);
    interactions_free(&in);
    dataset_builder_free(&b);
    return rc;
}

/* With ratings that are given anew, for which the file is written twice. */
static enum err write_ratings(const char *path, struct fail *why)
{
    struct ratings_writer *w;
    struct ratings_header header;
    enum err rc = ratings_writer_open(&w, path, why);
    if (rc != ERR_OK)
        return rc;
    for (uint32_t i = 0; i < 400; i++) {
        const struct rating rating = {i % 9 + 1, (int32_t)(i % 31 + 1), (int64_t)i * 1000, RATING_ONE};
        ratings_writer_add(w, &rating);
    }
    rc = ratings_writer_finish(w, 5 * RATING_ONE, false, &header, why);
    if (rc == ERR_OK)
        rc = ratings_writer_commit(w, why);
    ratings_writer_close(w);
    return rc;
}

static enum err write_tuned(const char *path, struct fail *why)
{
    struct trainer_values v = {0};
    CHECK(trainer_set(trainers_find("ease"), &v, "lambda=400", why) == ERR_OK);
    return tuned_file_write(&v, trainers_find("ease"), "a remark", path, why);
}

static enum err write_vectors(const char *path, struct fail *why)
{
    const struct vector_key keys[] = {{{1}}, {{2}}};
    const float rows[] = {1, 0, 0, 1};
    return vector_file_write(path, keys, rows, 2, 2, why);
}

static enum err write_checkpoint(const char *path, struct fail *why)
{
    static const uint64_t start[] = {0, 2, 3};
    static const int32_t col[] = {0, 1, 1};
    const struct csr data = {2, 3, start, col};
    float values[] = {1, 2};
    struct checkpoint c;
    checkpoint_describe(&c, "lightgcn", &data, 7, NULL, 0);
    c.arrays[0].values = values;
    c.arrays[0].n = 2;
    return checkpoint_write(&c, path, why);
}

static enum err write_model(const char *path, struct fail *why)
{
    return model_write(&small.bts, path, NULL, why);
}

static const struct writer {
    const char *name;
    enum err (*write)(const char *path, struct fail *why);
} writers[] = {{"dataset", write_dataset}, {"ratings", write_ratings},       {"tuned", write_tuned},
               {"vectors", write_vectors}, {"checkpoint", write_checkpoint}, {"model", write_model}};
enum { WRITERS = sizeof writers / sizeof *writers };

/* ---- the tests ---- */

static size_t size_of_written(const struct writer *w)
{
    struct fail why = {0};
    struct stat st = {0};
    CHECK_MSG(w->write(made, &why) == ERR_OK && stat(made, &st) == 0, "%s: %s", w->name, why.text);
    return (size_t)st.st_size;
}

static void fails_on(const struct writer *w, size_t disk)
{
    struct fail why = {0};
    struct map_file older;
    CHECK(file_put_text(made, "older"));
    disk_of(disk);
    enum err rc = w->write(made, &why);
    disk_of(RLIM_INFINITY);
    CHECK_MSG(rc == ERR_IO && strstr(why.text, made) != NULL &&
                  strstr(why.text, "cannot write: File too large") != NULL,
              "%s on a disk of %zu: %s, %s", w->name, disk, err_name(rc), why.text);
    CHECK(map_file_open(&older, made, &why) == ERR_OK && older.size == 5 &&
          memcmp(older.data, "older", 5) == 0);
    map_file_close(&older);
    CHECK_MSG(entries() == 3, "%s: %zu entries", w->name, entries());
}

static void a_full_disk_leaves_the_older_file(void)
{
    for (int i = 0; i < WRITERS; i++) {
        size_t size = size_of_written(&writers[i]);
        fails_on(&writers[i], 0);
        fails_on(&writers[i], size / 2);
        fails_on(&writers[i], size - 1);
    }
}

/* A rename would put a file in its place: as root in that of /dev/null, for every process of the machine. */
static void what_is_no_file_is_not_replaced(void)
{
    char own[] = "/tmp/mvti-out-XXXXXX", path[64], other[64];
    struct out_file o;
    struct stat st;
    struct fail why = {0};
    CHECK(mkdtemp(own) != NULL);
    snprintf(path, sizeof path, "%s/file", own);
    snprintf(other, sizeof other, "%s/other", own);
    CHECK(mkfifo(path, 0600) == 0 && map_file_out_open(&o, path, &why) == ERR_INVALID);
    CHECK_MSG(strstr(why.text, "no file is put in its place") != NULL, "%s", why.text);
    map_file_out_abort(&o);
    CHECK(lstat(path, &st) == 0 && S_ISFIFO(st.st_mode) && unlink(path) == 0);
    CHECK(symlink("/dev/null", path) == 0 && map_file_out_open(&o, path, &why) == ERR_INVALID &&
          unlink(path) == 0);
    CHECK(symlink("/proc/self/exe", path) == 0 && map_file_out_open(&o, path, &why) == ERR_INVALID);
    CHECK(unlink(path) == 0 && mkdir(path, 0700) == 0 && map_file_out_open(&o, path, &why) == ERR_IO);
    CHECK(rmdir(path) == 0 && symlink(other, path) == 0); /* of a file, or of none: replaced */
    CHECK_MSG(map_file_out_open(&o, path, &why) == ERR_OK && map_file_out_commit(&o, &why) == ERR_OK, "%s",
              why.text);
    CHECK(lstat(path, &st) == 0 && S_ISREG(st.st_mode) && lstat(other, &st) != 0);
    CHECK(unlink(path) == 0 && rmdir(own) == 0);
}

static void a_place_where_nothing_can_be_written(void)
{
    char longest[2000];
    memset(longest, 'x', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    unlink(made);
    CHECK(mkdir(made, 0700) == 0);
    for (int i = 0; i < WRITERS; i++) {
        struct fail why = {0};
        CHECK_MSG(writers[i].write("/nonexistent/x", &why) == ERR_IO &&
                      strstr(why.text, "No such file") != NULL,
                  "%s: %s", writers[i].name, why.text);
        CHECK_MSG(writers[i].write(made, &why) == ERR_IO && strstr(why.text, "Is a directory") != NULL,
                  "%s: %s", writers[i].name, why.text);
        CHECK_MSG(writers[i].write(longest, &why) == ERR_INVALID && strstr(why.text, "path too long") != NULL,
                  "%s: %s", writers[i].name, why.text);
        CHECK_INT(entries(), 3);
    }
    CHECK(rmdir(made) == 0);
}

/* A builder is for one snapshot. */
static enum err build(const char *where, char *path, size_t size, struct fail *why)
{
    struct snapshot_builder b;
    struct rng r;
    rng_seed(&r, 1);
    small_snapshot_catalog(&b, 20, &r);
    b.models[0] = &small.ease;
    b.models[1] = &small.bts;
    b.blend =
        (struct snapshot_blend){.n_parts = 2, .weight = {0.8f, 0.2f}, .is_content = {0, 1}, .cold = 0.4f};
    enum err rc = snapshot_writer_build(&b, where, 1700000000, path, size, why);
    snapshot_builder_free(&b);
    return rc;
}

static void a_snapshot_too(void)
{
    char path[256], longest[2000];
    struct fail why = {0};
    memset(longest, 'x', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    disk_of(1000);
    CHECK(build(folder, path, sizeof path, &why) == ERR_IO);
    disk_of(RLIM_INFINITY);
    CHECK(strstr(why.text, "cannot write: File too large") != NULL);
    CHECK_INT(entries(), 2);
    CHECK(build(longest, path, sizeof path, &why) == ERR_INVALID);
    CHECK_MSG(strstr(why.text, "path too long") != NULL, "%s", why.text);
    CHECK(build(folder, path, 20, &why) == ERR_INVALID); /* of no room for its name */
    CHECK_INT(entries(), 2);
    CHECK(snapshot_writer_switch("/nonexistent", "x", &why) == ERR_IO &&
          strstr(why.text, "/nonexistent/current") != NULL);
    CHECK(snapshot_writer_switch(longest, "x", &why) == ERR_INVALID);
    snprintf(path, sizeof path, "%s/current", folder);
    CHECK(mkdir(path, 0700) == 0); /* where the link would be */
    CHECK(snapshot_writer_switch(folder, "x", &why) == ERR_IO);
    CHECK(rmdir(path) == 0);
    CHECK_INT(entries(), 2);
}

/* More than is kept back, so that it fails in the middle; the reason is that of the first failure. */
static void a_large_file_remembers_why(void)
{
    static char bytes[3 << 20];
    struct out_file o;
    struct fail why = {0};
    for (size_t piece = 600 << 10; piece <= sizeof bytes; piece += 1200 << 10) {
        CHECK(map_file_out_open(&o, made, &why) == ERR_OK);
        disk_of(1 << 20);
        for (size_t n = 0; n < sizeof bytes; n += piece)
            map_file_out_write(&o, bytes, piece);
        map_file_out_patch(&o, 0, "x", 1);
        disk_of(RLIM_INFINITY);
        CHECK(access("/nonexistent", F_OK) != 0); /* another errno */
        CHECK(map_file_out_commit(&o, &why) == ERR_IO && strstr(why.text, "File too large") != NULL);
        CHECK(map_file_out_commit(&o, &why) == ERR_IO && strstr(why.text, "not open") != NULL);
        CHECK_INT(entries(), 2);
    }
    CHECK(map_file_out_open(&o, made, &why) == ERR_OK);
    map_file_out_write(&o, "short", 5);
    map_file_out_patch(&o, 3, "xyz", 3); /* behind the end */
    CHECK(map_file_out_commit(&o, &why) == ERR_IO && strstr(why.text, "Invalid argument") != NULL);
    CHECK_INT(entries(), 2);
}

static void what_cannot_be_mapped(void)
{
    static const struct {
        const char *path;
        enum err rc;
        const char *text;
    } rows[] = {{"/nonexistent", ERR_NOT_FOUND, "/nonexistent: No such file"},
                {"/etc/passwd/x", ERR_IO, "/etc/passwd/x: Not a directory"},
                {"/tmp", ERR_INVALID, "/tmp: not a regular file"},
                {"/dev/null", ERR_INVALID, "/dev/null: not a regular file"},
                {"/sys/kernel/mm/transparent_hugepage/enabled", ERR_IO, "enabled: mmap: No such device"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct map_file m;
        struct fail why = {0};
        if (access(rows[i].path, F_OK) != 0 && rows[i].path[1] == 's')
            continue; /* a kernel without huge pages */
        enum err rc = map_file_open(&m, rows[i].path, &why);
        CHECK_MSG(rc == rows[i].rc && strstr(why.text, rows[i].text) != NULL, "%s: %s", rows[i].path,
                  why.text);
        CHECK(m.data == NULL && m.size == 0);
    }
}

static enum err secret(const char *bytes, size_t n, mode_t mode, char *out, size_t size, struct fail *why)
{
    CHECK(file_put(made, bytes, n) && chmod(made, mode) == 0);
    return secret_file_read(made, out, size, why);
}

static void what_is_no_secret(void)
{
    char out[9];
    struct fail why = {0};
    CHECK(secret("12345678", 8, 0600, out, sizeof out, &why) == ERR_OK);
    CHECK_STR(out, "12345678");
    CHECK(secret("123456789", 9, 0600, out, sizeof out, &why) == ERR_INVALID &&
          strstr(why.text, "larger than 8 bytes") != NULL);
    CHECK_STR(out, ""); /* nothing of it stays in memory */
    CHECK(secret("1\0", 2, 0600, out, sizeof out, &why) == ERR_INVALID &&
          strstr(why.text, "not a text file") != NULL);
    CHECK(secret("1", 1, 0640, out, sizeof out, &why) == ERR_INVALID && strstr(why.text, "mode 640") != NULL);
    CHECK(secret_file_read("", out, sizeof out, &why) == ERR_INVALID);
    CHECK(secret_file_read("/nonexistent", out, sizeof out, &why) == ERR_NOT_FOUND);
    CHECK(secret_file_read("/etc/passwd/x", out, sizeof out, &why) == ERR_IO);
    CHECK(secret_file_read(folder, out, sizeof out, &why) == ERR_INVALID &&
          strstr(why.text, "not a file") != NULL);
    CHECK(secret_file_read("/proc/self/mem", out, sizeof out, &why) == ERR_IO &&
          strstr(why.text, "mem: ") != NULL);
    CHECK(unlink(made) == 0);
}

int main(void)
{
    signal(SIGXFSZ, SIG_IGN);
    if (secret_init() != ERR_OK || mkdtemp(folder) == NULL)
        return 1;
    snprintf(made, sizeof made, "%s/out", folder);
    struct snapshot_builder builder;
    small_snapshot_fill(&builder, &small, 20, 1);
    snapshot_builder_free(&builder);
    RUN(a_full_disk_leaves_the_older_file);
    RUN(what_is_no_file_is_not_replaced);
    RUN(a_place_where_nothing_can_be_written);
    RUN(a_snapshot_too);
    RUN(a_large_file_remembers_why);
    RUN(what_cannot_be_mapped);
    RUN(what_is_no_secret);
    small_snapshot_free(&small);
    CHECK(rmdir(folder) == 0);
    return check_done();
}
