/* Property: a file of tuned settings gives settings within their range, which written down again read the
 * same, or is refused with its name and a line. The first byte chooses the model. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "tests/fuzz/property.h"
#include "train/trainers.h"
#include "train/tuned_file.h"

static void check_again(const struct trainer_values *v, const struct trainer *t)
{
    struct buf text = {0};
    struct trainer_values again = {0};
    for (size_t i = 0; i < t->n_settings; i++) {
        if (!v->given[i])
            continue;
        if (!(v->value[i] >= t->settings[i].least && v->value[i] <= t->settings[i].most))
            abort();
        buf_printf(&text, "%s = %.17g\n", t->settings[i].name, v->value[i]);
    }
    if (tuned_file_parse(&again, t, &(struct named_bytes){buf_str(&text), text.len, "again"}, NULL) !=
            ERR_OK ||
        memcmp(again.given, v->given, sizeof again.given) != 0)
        abort();
    for (size_t i = 0; i < t->n_settings; i++)
        if (again.value[i] != v->value[i])
            abort();
    buf_free(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t n;
    const struct trainer *const *rows = trainers(&n);
    struct trainer_values v = {0};
    struct fail why = {0};
    if (size == 0)
        return 0;
    const struct trainer *t = rows[data[0] % n];
    enum err rc = tuned_file_parse(&v, t, &(struct named_bytes){data + 1, size - 1, "input"}, &why);
    if (rc == ERR_OK)
        check_again(&v, t);
    else if (rc != ERR_INVALID || strncmp(why.text, "input:", 6) != 0 || atol(why.text + 6) < 1)
        abort();
    return 0;
}
