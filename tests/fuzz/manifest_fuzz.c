/* Property: a manifest that nobody has signed is refused; a signed one is refused or, written again, is the same bytes. */
#include <stdlib.h>
#include <string.h>

#include "release/manifest.h"
#include "tests/fuzz/property.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t secret[SIGNATURE_KEY_BYTES] = {7};
    struct signer_keys keys = {.n = 1};
    struct manifest m;
    struct buf text = {0}, again = {0};
    uint8_t signature[SIGNATURE_BYTES];
    char base64[SIGNATURE_CHARS + 1];
    if (secret_init() != ERR_OK)
        abort();
    signature_public(keys.keys[0], secret);
    buf_put(&text, data, strnlen((const char *)data, size));
    if (manifest_read(&m, buf_str(&text), &keys, NULL) == ERR_OK)
        abort();
    signature_make(signature, secret, buf_str(&text), text.len);
    secret_base64url(base64, signature, sizeof signature);
    buf_printf(&text, "signature %s\n", base64);
    enum err rc = manifest_read(&m, buf_str(&text), &keys, NULL);
    if (rc == ERR_OK) {
        manifest_write(&m, secret, &again);
        if (strcmp(buf_str(&text), buf_str(&again)) != 0)
            abort();
    } else if (rc != ERR_CORRUPT) {
        abort();
    }
    buf_free(&text);
    buf_free(&again);
    return 0;
}
