/* Property: whatever the bytes, snapshot_open either refuses them or gives a snapshot in which every
 * recommendation of any request stays inside the file. The checksum is repaired first, so that the fuzzer
 * gets past it. */
#include <stdlib.h>
#include <string.h>

#include "app/recommend.h"
#include "tests/fixture/section_target.h"
#include "tests/fuzz/property.h"

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

static void read(const uint8_t *bytes, size_t n)
{
    struct snapshot s;
    if (snapshot_parse(&s, &(struct named_bytes){bytes, n, "input"}, NULL) == ERR_OK)
        use(&s);
    snapshot_close(&s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    section_target(data, size, "MVTISNAP", SNAPSHOT_VERSION, read);
    return 0;
}
