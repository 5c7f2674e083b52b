/* The container of datasets, models and snapshots: of its header and entries every field counts, though the
 * checksums are right. */
#include "base/section_file.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/secret.h"
#include "fixture/forge.h"
#include "fixture/guarded.h"
#include "tests/check.h"

static const uint32_t item_sizes[] = {0, 8, 4};
static const struct section_format format = {.magic = "MVTITEST",
                                             .version = 3,
                                             .noun = "test",
                                             .n_sections = 2,
                                             .item_sizes = item_sizes,
                                             .created = 77};
static struct map_file whole;

static void make(void)
{
    static const uint64_t wide[] = {1, 2};
    static const uint32_t narrow[] = {3, 4, 5};
    static const struct section_part parts[] = {{NULL, 0}, {wide, 2}, {narrow, 3}};
    char path[] = "/tmp/mvti-section-XXXXXX";
    int fd = mkstemp(path);
    CHECK(fd >= 0 && close(fd) == 0);
    CHECK(section_file_write(&format, path, parts, NULL, NULL) == ERR_OK);
    CHECK(map_file_open(&whole, path, NULL) == ERR_OK && unlink(path) == 0);
}

/* The copy lies at the end of memory. */
static enum err parse(const uint8_t *bytes, size_t n, struct fail *why)
{
    struct guarded g;
    struct section_file f;
    guarded_make(&g, bytes, n, 64);
    enum err rc = section_file_parse(&f, &format, &(struct named_bytes){g.bytes, n, "here"}, why);
    if (rc == ERR_OK)
        CHECK(f.count[1] == 2 && f.count[2] == 3 && ((const uint32_t *)f.data[2])[2] == 5);
    else
        CHECK(f.header == NULL && f.data[1] == NULL);
    guarded_free(&g);
    return rc;
}

static void a_whole_file_is_read(void)
{
    struct fail why = {0};
    CHECK_INT(parse(whole.data, whole.size, &why), ERR_OK);
    for (size_t n = 0; n < whole.size; n++)
        CHECK_INT(parse(whole.data, n, &why), ERR_CORRUPT);
}

/* One field of an entry is another, and the file is sealed again. */
struct forged {
    uint32_t tag;
    size_t at, size; /* in the entry */
    uint64_t value;
};
#define FIELD(tag, name, value)                                                                              \
    {                                                                                                        \
        tag, offsetof(struct section_entry, name), sizeof((struct section_entry){0}.name), value             \
    }

static void every_field_of_an_entry_counts(void)
{
    static const struct forged rows[] = {
        FIELD(1, tag, 2),
        FIELD(1, tag, 0),
        FIELD(2, tag, 1),
        FIELD(1, item_size, 4),
        FIELD(1, item_size, 0),
        FIELD(2, item_size, 8),
        FIELD(1, offset, 193),
        FIELD(1, offset, 128),
        FIELD(2, offset, 192),
        FIELD(2, offset, UINT64_MAX),
        FIELD(1, count, 9),
        FIELD(1, count, 11),
        FIELD(1, count, UINT64_MAX),
        FIELD(1, count, (1ull << 61) + 2), /* times 8 it is 16 again */
        FIELD(2, count, (1ull << 62) + 3),
        FIELD(2, count, 2),
        FIELD(2, count, 4),
        FIELD(1, zero, 1),
        FIELD(2, zero, 1ull << 63),
    };
    struct fail why = {0};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint8_t copy[512];
        const struct forged *f = &rows[i];
        CHECK(whole.size <= sizeof copy);
        memcpy(copy, whole.data, whole.size);
        memcpy(copy + sizeof(struct section_header) + (f->tag - 1) * sizeof(struct section_entry) + f->at,
               &f->value, f->size);
        forge_seal(copy, whole.size, NULL, 0);
        CHECK_MSG(parse(copy, whole.size, &why) == ERR_CORRUPT, "row %zu", i);
    }
}

static void every_field_of_the_header_counts(void)
{
    static const struct {
        size_t at;
        uint8_t value;
        bool seal;
        const char *says;
    } rows[] = {
        {0, 'm', true, "not a test"},
        {offsetof(struct section_header, version), 4, true, "version 4, but this program reads 3"},
        {offsetof(struct section_header, n_sections), 1, true, "wrong number of sections"},
        {offsetof(struct section_header, n_sections), 3, true, "wrong number of sections"},
        {offsetof(struct section_header, file_size), 1, false, "bytes of"},
        {offsetof(struct section_header, created), 1, false, "header's checksum"},
        {offsetof(struct section_header, content), 1, false, "header's checksum"},
        {offsetof(struct section_header, zero), 1, false, "header's checksum"},
        {sizeof(struct section_header) + 64, 1, false, "content does not match"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint8_t copy[512];
        struct fail why = {0};
        memcpy(copy, whole.data, whole.size);
        copy[rows[i].at] = (uint8_t)(rows[i].seal ? rows[i].value : copy[rows[i].at] ^ rows[i].value);
        if (rows[i].seal)
            forge_seal(copy, whole.size, NULL, 0);
        CHECK_INT(parse(copy, whole.size, &why), ERR_CORRUPT);
        CHECK_MSG(strstr(why.text, rows[i].says) != NULL, "row %zu: %s", i, why.text);
    }
}

static void nothing_is_behind_the_last_section(void)
{
    uint8_t longer[600] = {0};
    struct fail why = {0};
    memcpy(longer, whole.data, whole.size);
    forge_seal(longer, whole.size + 1, NULL, 0);
    CHECK_INT(parse(longer, whole.size + 1, &why), ERR_CORRUPT);
    CHECK(strstr(why.text, "1 bytes after") != NULL);
}

/* A published file can be read by other accounts, another one as the umask has it; what a killed process left of the same path is removed, what one
 * still writes is not. */
static void files_are_left_as_they_should_be(void)
{
    static const struct section_part parts[] = {{NULL, 0}, {NULL, 0}, {NULL, 0}};
    struct section_format published = format;
    char path[] = "/tmp/mvti-section-XXXXXX", left[64];
    struct out_file open;
    struct stat st;
    mode_t before = umask(077);
    int fd = mkstemp(path);
    CHECK(fd >= 0 && close(fd) == 0);
    snprintf(left, sizeof left, "%s.tmp.1", path);
    fd = creat(left, 0600);
    CHECK(fd >= 0 && close(fd) == 0);
    CHECK(map_file_out_open(&open, path, NULL) == ERR_OK && access(left, F_OK) != 0);
    CHECK(rename(open.tmp, left) == 0); /* as another process would call it */
    CHECK(section_file_write(&format, path, parts, NULL, NULL) == ERR_OK && access(left, F_OK) == 0);
    CHECK(stat(path, &st) == 0 && (st.st_mode & 0777) == 0600);
    published.published = true;
    CHECK(section_file_write(&published, path, parts, NULL, NULL) == ERR_OK);
    CHECK(stat(path, &st) == 0 && (st.st_mode & 0777) == 0644);
    umask(before);
    map_file_out_abort(&open);
    unlink(left);
    unlink(path);
}

int main(void)
{
    if (secret_init() != ERR_OK)
        return 1;
    make();
    RUN(a_whole_file_is_read);
    RUN(every_field_of_an_entry_counts);
    RUN(every_field_of_the_header_counts);
    RUN(nothing_is_behind_the_last_section);
    RUN(files_are_left_as_they_should_be);
    map_file_close(&whole);
    return check_done();
}
