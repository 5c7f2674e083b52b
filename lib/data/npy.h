/* NumPy's array file (NEP 1, versions 1.0 to 3.0), as far as vectors and ids need it: one or two dimensions, row after row, little-endian
 * floats of 4 or 8 bytes or integers of 4 or 8. Mapped, not copied. */
#ifndef MVTI_DATA_NPY_H
#define MVTI_DATA_NPY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/map_file.h"
#include "base/named_bytes.h"

enum npy_type { NPY_FLOAT, NPY_DOUBLE, NPY_INT32, NPY_INT64, NPY_TYPES };

struct npy {
    struct map_file map; /* empty when the bytes are the caller's */
    enum npy_type type;
    unsigned dimensions;       /* 1 or 2 */
    size_t rows, cols;         /* cols: 1 of one dimension */
    const unsigned char *data; /* [rows × cols], on any boundary */
};

/* Does the file begin as such a file does? One that cannot be read does not. */
bool npy_is_file(const char *path);
/* Maps and checks path: the header, and that as many bytes follow as it says. ERR_NOT_FOUND, ERR_IO; ERR_INVALID names what is not read. */
MUST_USE enum err npy_open(struct npy *a, const char *path, struct fail *why);
/* The same on bytes in memory, which must outlive a. */
MUST_USE enum err npy_parse(struct npy *a, const struct named_bytes *from, struct fail *why);
/* Safe on a zeroed struct. */
void npy_close(struct npy *a);

/* Element i of all, below rows · cols. */
double npy_real(const struct npy *a, size_t i);
/* The same of an array of integers. */
int64_t npy_whole(const struct npy *a, size_t i);

#endif
