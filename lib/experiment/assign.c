#include "experiment/assign.h"

#include <math.h>
#include <string.h>

#define SLOT_LABEL "mvti experiment slot"
#define VARIANT_LABEL "mvti experiment variant"

enum { TEXT = 64, ID = 64 };

/* Text, NUL, id: no two pairs give the same bytes. */
static void hash_pair(const uint8_t key[SECRET_HASH_BYTES], const char *label, const char *text,
                      const void *id, size_t n_id, uint8_t out[SECRET_HASH_BYTES])
{
    uint8_t bytes[TEXT + 1 + ID];
    size_t n = strnlen(text, TEXT);
    n_id = n_id < ID ? n_id : ID;
    memcpy(bytes, text, n);
    bytes[n] = 0;
    memcpy(bytes + n + 1, id, n_id);
    secret_keyed_hash(out, key, label, bytes, n + 1 + n_id);
}

uint32_t assign_slot(const uint8_t key[SECRET_HASH_BYTES], const char *layer, int64_t visitor)
{
    uint8_t hash[SECRET_HASH_BYTES];
    uint64_t word;
    hash_pair(key, SLOT_LABEL, layer, &visitor, sizeof visitor, hash);
    memcpy(&word, hash, sizeof word);
    /* The high half of a product: even over the slots but for one part in 2⁶⁴/slots. */
    return (uint32_t)(((unsigned __int128)word * ASSIGN_SLOTS) >> 64);
}

size_t assign_variant(const uint8_t key[SECRET_HASH_BYTES], const char *salt, const void *id, size_t n_id,
                      const double *weights, size_t n)
{
    uint8_t hash[SECRET_HASH_BYTES];
    uint32_t word;
    size_t best = n;
    double least = INFINITY;
    hash_pair(key, VARIANT_LABEL, salt, id, n_id, hash);
    _Static_assert(SECRET_HASH_BYTES == ASSIGN_VARIANTS * sizeof word, "a word of the hash for each variant");
    for (size_t i = 0; i < n && i < ASSIGN_VARIANTS; i++) {
        memcpy(&word, hash + i * sizeof word, sizeof word);
        /* −ln(u)/w with u in the middle of its step of 2⁻³², so never 0. */
        double e = weights[i] > 0 ? -log(((double)word + 0.5) * 0x1p-32) / weights[i] : INFINITY;
        if (e < least) {
            least = e;
            best = i;
        }
    }
    return best;
}
