/* The container of datasets (*.mvd), models (*.mvm) and snapshots (*.mvs): numbered sections of fixed-size
 * items behind a checksummed header, written atomically, mapped read-only.
 *
 *   offset 0   struct section_header                      (128 bytes)
 *         128  struct section_entry [n_sections]          (32 bytes each, tags 1, 2, … in order)
 *         …    section data in the same order, each at the next multiple of 64 bytes, zeros between
 *   content  = BLAKE2b-256 of everything behind the header: the file's identity
 *   checksum = BLAKE2b-256 of the header with the checksum field zeroed
 *
 * Little-endian. There is exactly one valid layout for given sections, so equal input gives equal bytes. */
#ifndef MVTI_BASE_SECTION_FILE_H
#define MVTI_BASE_SECTION_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/map_file.h"
#include "base/named_bytes.h"

enum { SECTION_MAX = 40, SECTION_HASH = 32 };

struct section_header {
    char magic[8];
    uint32_t version;
    uint32_t n_sections;
    uint64_t file_size;
    uint8_t checksum[SECTION_HASH];
    uint8_t content[SECTION_HASH];
    int64_t created; /* seconds since 1970 UTC where it matters, else 0; no part of the identity */
    uint8_t zero[32];
};
_Static_assert(sizeof(struct section_header) == 128, "header layout");

struct section_entry {
    uint32_t tag;
    uint32_t item_size;
    uint64_t offset;
    uint64_t count;
    uint64_t zero;
};
_Static_assert(sizeof(struct section_entry) == 32, "section layout");

/* What a kind of file looks like. */
struct section_format {
    const char *magic; /* 8 characters */
    uint32_t version;
    const char *noun;           /* "dataset", for sentences */
    uint32_t n_sections;        /* below SECTION_MAX */
    const uint32_t *item_sizes; /* [n_sections + 1], [0] unused */
    int64_t created;            /* for the header when writing; ignored when reading */
    bool published;             /* other accounts read the files (mode 0644), whatever the writer's umask */
};

struct section_file {
    struct map_file map; /* empty when the bytes are the caller's */
    const struct section_header *header;
    const void *data[SECTION_MAX]; /* by tag; 64-byte aligned in a mapped file */
    size_t count[SECTION_MAX];
};

struct section_part {
    const void *data;
    uint64_t count;
};

/* Maps path and checks everything above. ERR_NOT_FOUND, ERR_IO, ERR_CORRUPT. One pass over the file. */
MUST_USE enum err section_file_open(struct section_file *f, const struct section_format *format,
                                    const char *path, struct fail *why);
/* The same on bytes in memory, 64-byte aligned, which must outlive f. */
MUST_USE enum err section_file_parse(struct section_file *f, const struct section_format *format,
                                     const struct named_bytes *from, struct fail *why);
void section_file_close(struct section_file *f);

/* Writes parts[1 … n_sections] ([0] unused) to path; content (NULL allowed) receives the content hash. */
MUST_USE enum err section_file_write(const struct section_format *format, const char *path,
                                     const struct section_part *parts, uint8_t content[SECTION_HASH],
                                     struct fail *why);
/* The checksum that a header should have. For the writer and for tests that forge files. */
void section_file_seal(struct section_header *header);

#endif
