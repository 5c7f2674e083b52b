/* Property: whatever the bytes, model_parse either refuses them or gives a model whose items, names and
 * scores can all be read. The checksum is repaired first, so that the fuzzer gets past it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/model_file.h"
#include "tests/fixture/section_target.h"
#include "tests/fuzz/property.h"

static void use(const struct model *m)
{
    float *scores = malloc((m->n_items + 1) * sizeof *scores);
    if (scores == NULL)
        abort();
    struct scorer s = model_scorer(m);
    int32_t history[2] = {0, (int32_t)m->n_items - 1};
    if (s.score != NULL) /* ensembles have none of their own */
        s.score(&s, history, m->n_items < 2 ? m->n_items : 2, scores);
    for (size_t i = 0; i < m->n_parts; i++)
        if (strlen(m->parts[i].kind) >= sizeof m->parts[i].kind || !(m->parts[i].weight >= 0))
            abort();
    for (size_t i = 0; s.score != NULL && i < m->n_items; i++)
        if (isnan(scores[i]) || m->item_ids[i] < 0)
            abort();
    for (size_t i = 0; i < m->n_settings; i++)
        if (strlen(m->settings[i].name) >= MODEL_NAME)
            abort();
    for (size_t i = 0; i < m->n_metrics; i++)
        if (strlen(m->metrics[i].name) >= MODEL_NAME || !isfinite(m->metrics[i].value))
            abort();
    free(scores);
}

static bool read(const uint8_t *bytes, size_t n)
{
    struct model m;
    bool took = model_parse(&m, &(struct named_bytes){bytes, n, "input"}, NULL) == ERR_OK;
    if (took)
        use(&m);
    model_close(&m);
    return took;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    section_target(data, size, "MVTIMODL", MODEL_VERSION, read);
    return 0;
}
