/* Property: whatever the bytes, snapshot_open either refuses them or gives a snapshot in which every
 * recommendation of any request stays inside the file. The checksum is repaired first, so that the fuzzer
 * gets past it. */
#include <stdlib.h>
#include <string.h>

#include "app/recommend.h"
#include "base/map_file.h"
#include "tests/fixture/section_target.h"
#include "tests/fixture/small_snapshot.h"
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
            if (out.same.items[i].character >= s->n_characters || out.same.items[i].match.percent > 100)
                abort();
    for (size_t i = 0; i < s->n_characters; i++)
        if (strlen(snapshot_text(s, s->characters[i].name_ko)) >= s->strings_len)
            abort();
    arena_free(&a);
}

static bool read(const uint8_t *bytes, size_t n)
{
    struct snapshot s;
    bool took = snapshot_parse(&s, &(struct named_bytes){bytes, n, "input"}, NULL) == ERR_OK;
    if (took)
        use(&s);
    snapshot_close(&s);
    return took;
}

uint8_t *section_target_made(size_t *n)
{
    struct small_snapshot f = {0};
    struct map_file m;
    small_snapshot_make(&f, 3, 1);
    must(map_file_open(&m, f.path, NULL) == ERR_OK);
    uint8_t *made = malloc(m.size);
    must(made != NULL);
    memcpy(made, m.data, m.size);
    *n = m.size;
    map_file_close(&m);
    small_snapshot_free(&f);
    return made;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    section_target(data, size, "MVTISNAP", SNAPSHOT_VERSION, read);
    return 0;
}
