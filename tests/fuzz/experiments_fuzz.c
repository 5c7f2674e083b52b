/* Property: whatever the bytes, experiment_file_parse either refuses them or gives experiments of which every
 * visitor is given one of a layer at most, with a chance above 0, and settings that are valid. The checksum
 * is repaired first, so that the fuzzer gets past it. */
#include <stdlib.h>
#include <string.h>

#include "experiment/choice.h"
#include "tests/fixture/section_target.h"
#include "tests/fuzz/property.h"

static void check_choice(const struct choice_ask *ask)
{
    struct choice c;
    choice_make(ask, &c);
    for (size_t i = 0; i < c.n; i++) {
        const struct choice_made *m = &c.made[i];
        if (!(m->propensity > 0 && m->propensity <= 1) || m->position >= m->experiment->n ||
            !variant_valid(&m->arm->settings))
            abort();
        for (size_t k = 0; k < i; k++)
            if (strcmp(c.made[k].experiment->layer, m->experiment->layer) == 0)
                abort();
    }
}

static void use(const struct experiment_file *f)
{
    static const uint8_t key[SECRET_HASH_BYTES] = {7};
    bool usable[EXPERIMENT_FILE_MOST];
    const struct choice_forced none = {0};
    memset(usable, true, sizeof usable);
    struct choice_ask ask = {.file = f,
                             .forced = &none,
                             .usable = usable,
                             .key = key,
                             .now = 1800000000,
                             .parts = 63,
                             .n_seed = 8};
    for (ask.visitor = 1; ask.visitor <= 20; ask.visitor++)
        check_choice(&ask);
    for (size_t i = 0; i < f->file.count[EXPERIMENT_FILE_TEXTS]; i++)
        if (strlen(f->strings + f->texts[i].ko) + strlen(f->strings + f->texts[i].en) >
            f->file.count[EXPERIMENT_FILE_STRINGS] * 2)
            abort();
}

static bool read(const uint8_t *bytes, size_t n)
{
    struct experiment_file f;
    bool took = experiment_file_parse(&f, &(struct named_bytes){bytes, n, "input"}, NULL) == ERR_OK;
    if (took)
        use(&f);
    experiment_file_close(&f);
    return took;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    section_target(data, size, "MVTIEXPT", EXPERIMENT_FILE_VERSION, read);
    return 0;
}
