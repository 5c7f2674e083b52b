/* Property: whatever a browser says that it has worked, it is refused with a reason, unless its challenge has
 * a MAC under the site's key, which nobody here can make. */
#include <string.h>

#include "auth/guest.h"
#include "base/arena.h"
#include "tests/fuzz/property.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct keyring keys = {.n = 1, .keys = {{1, 2, 3, 4, 5, 6, 7, 8}}};
    struct arena a = {0};
    struct fail why = {0};
    uint8_t id[SECRET_HASH_BYTES];
    const char *proof = arena_strndup(&a, (const char *)data, size);
    must(guest_proof_check(&keys, 1795968000, proof, id, &why) == ERR_UNPROVEN && why.text[0] != '\0');
    arena_free(&a);
    return 0;
}
