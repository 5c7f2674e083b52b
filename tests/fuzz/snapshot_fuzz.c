/* Property: whatever the bytes, snapshot_open either refuses them or gives a snapshot in which every
 * recommendation of any request stays inside the file. The checksum is repaired first, so that the fuzzer
 * gets past it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "app/recommend.h"
#include "base/secret.h"
#include "tests/fuzz/property.h"

static void repair(uint8_t *bytes, size_t size)
{
    struct section_header *h = (void *)bytes;
    memcpy(h->magic, snapshot_format()->magic, sizeof h->magic);
    h->version = SNAPSHOT_VERSION;
    h->file_size = size;
    secret_hash(h->content, bytes + sizeof *h, size - sizeof *h);
    section_file_seal(h);
}

static void use(const struct snapshot *s)
{
    struct arena a = {0};
    int32_t movies[3];
    size_t n = s->n_movies < 3 ? 0 : 3;
    for (size_t i = 0; i < n; i++)
        movies[i] = s->movies[i].id;
    struct recommend_request q = {.mbti = 7, .enneagram = 3, .movies = movies, .n_movies = n, .limit = 20};
    struct recommend_result out;
    if (recommend_run(s, &q, &a, &out, NULL) == ERR_OK)
        for (size_t i = 0; i < out.same.n; i++)
            if (out.same.items[i].character >= s->n_characters || out.same.items[i].percent > 100)
                abort();
    for (size_t i = 0; i < s->n_characters; i++)
        if (strlen(snapshot_text(s, s->characters[i].name_ko)) >= s->strings_len)
            abort();
    arena_free(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char magic[] = "MVTISNAP";
    if (secret_init() != ERR_OK)
        abort();
    int fd = memfd_create("snapshot", MFD_CLOEXEC);
    uint8_t *copy = malloc(size + 1);
    if (fd < 0 || copy == NULL)
        abort();
    memcpy(copy, data, size);
    if (size >= sizeof(struct section_header) && memcmp(data, magic, 8) != 0)
        repair(copy, size);
    if (write(fd, copy, size) != (ssize_t)size)
        abort();
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    struct snapshot s;
    if (snapshot_open(&s, path, NULL) == ERR_OK)
        use(&s);
    snapshot_close(&s);
    free(copy);
    close(fd);
    return 0;
}
