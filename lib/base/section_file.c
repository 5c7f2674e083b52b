#include "base/section_file.h"

#include <string.h>

#include "base/secret.h"

static uint64_t align_up(uint64_t n)
{
    return (n + 63) / 64 * 64;
}

void section_file_seal(struct section_header *header)
{
    memset(header->checksum, 0, sizeof header->checksum);
    uint8_t sum[SECTION_HASH];
    secret_hash(sum, header, sizeof *header);
    memcpy(header->checksum, sum, sizeof sum);
}

static enum err check_header(const struct section_format *format, const struct named_bytes *from,
                             struct fail *why)
{
    const unsigned char *bytes = from->at;
    const char *name = from->name;
    size_t n = from->n;
    struct section_header h, sealed;
    if (n < sizeof h || memcmp(bytes, format->magic, sizeof h.magic) != 0)
        return fail_set(why, ERR_CORRUPT, "%s: not a %s", name, format->noun);
    memcpy(&h, bytes, sizeof h);
    if (h.version != format->version)
        return fail_set(why, ERR_CORRUPT, "%s: %s version %u, but this program reads %u; create it again",
                        name, format->noun, h.version, format->version);
    if (h.file_size != n)
        return fail_set(why, ERR_CORRUPT, "%s: holds %zu bytes of %llu", name, n,
                        (unsigned long long)h.file_size);
    sealed = h;
    section_file_seal(&sealed);
    if (memcmp(&sealed, &h, sizeof h) != 0)
        return fail_set(why, ERR_CORRUPT, "%s: the header's checksum does not match", name);
    if (h.n_sections != format->n_sections || n < sizeof h + h.n_sections * sizeof(struct section_entry))
        return fail_set(why, ERR_CORRUPT, "%s: wrong number of sections", name);
    uint8_t content[SECTION_HASH];
    secret_hash(content, bytes + sizeof h, n - sizeof h);
    if (memcmp(content, h.content, sizeof content) != 0)
        return fail_set(why, ERR_CORRUPT, "%s: the content does not match its checksum", name);
    return ERR_OK;
}

static enum err find_sections(struct section_file *f, const struct section_format *format,
                              const struct named_bytes *from, struct fail *why)
{
    const unsigned char *bytes = from->at;
    size_t n = from->n;
    const struct section_entry *entry = (const void *)(bytes + sizeof(struct section_header));
    uint64_t end = sizeof(struct section_header) + format->n_sections * sizeof *entry;
    for (uint32_t tag = 1; tag <= format->n_sections; tag++, entry++) {
        uint64_t at = align_up(end);
        if (entry->tag != tag || entry->item_size != format->item_sizes[tag] || entry->offset != at ||
            entry->zero != 0 || at > n || entry->count > (n - at) / entry->item_size)
            return fail_set(why, ERR_CORRUPT, "%s: section %u exceeds the file", from->name, tag);
        end = at + entry->count * entry->item_size;
        f->data[tag] = bytes + at;
        f->count[tag] = entry->count;
    }
    if (end != n)
        return fail_set(why, ERR_CORRUPT, "%s: %zu bytes after the last section", from->name,
                        (size_t)(n - end));
    return ERR_OK;
}

enum err section_file_parse(struct section_file *f, const struct section_format *format,
                            const struct named_bytes *from, struct fail *why)
{
    *f = (struct section_file){.header = from->at};
    enum err rc = check_header(format, from, why);
    if (rc == ERR_OK)
        rc = find_sections(f, format, from, why);
    if (rc != ERR_OK)
        *f = (struct section_file){0};
    return rc;
}

enum err section_file_open(struct section_file *f, const struct section_format *format, const char *path,
                           struct fail *why)
{
    *f = (struct section_file){0};
    struct map_file map;
    enum err rc = map_file_open(&map, path, why);
    if (rc == ERR_OK)
        rc = section_file_parse(f, format, &(struct named_bytes){map.data, map.size, path}, why);
    if (rc != ERR_OK) {
        map_file_close(&map);
        return rc;
    }
    f->map = map;
    return ERR_OK;
}

void section_file_close(struct section_file *f)
{
    map_file_close(&f->map);
    *f = (struct section_file){0};
}

/* Writes and hashes at once. */
struct writer {
    struct out_file out;
    struct secret_hasher hasher;
};

static void put(struct writer *w, const void *bytes, size_t n)
{
    if (n == 0)
        return;
    map_file_out_write(&w->out, bytes, n);
    secret_hasher_add(&w->hasher, bytes, n);
}

static void put_padding(struct writer *w)
{
    static const unsigned char zeros[64];
    put(w, zeros, (size_t)(align_up(w->out.size) - w->out.size));
}

static uint64_t put_entries(struct writer *w, const struct section_format *format,
                            const struct section_part *parts)
{
    uint64_t end = sizeof(struct section_header) + format->n_sections * sizeof(struct section_entry);
    for (uint32_t tag = 1; tag <= format->n_sections; tag++) {
        struct section_entry e = {.tag = tag,
                                  .item_size = format->item_sizes[tag],
                                  .offset = align_up(end),
                                  .count = parts[tag].count};
        end = e.offset + e.count * e.item_size;
        put(w, &e, sizeof e);
    }
    return end;
}

enum err section_file_write(const struct section_format *format, const char *path,
                            const struct section_part *parts, uint8_t content[SECTION_HASH], struct fail *why)
{
    struct writer w;
    struct section_header h = {
        .version = format->version, .n_sections = format->n_sections, .created = format->created};
    memcpy(h.magic, format->magic, sizeof h.magic);
    enum err rc = map_file_out_open(&w.out, path, why);
    if (rc == ERR_OK && format->published)
        rc = map_file_out_publish(&w.out, why);
    if (rc != ERR_OK)
        return rc;
    map_file_out_write(&w.out, &h, sizeof h);
    secret_hasher_init(&w.hasher);
    h.file_size = put_entries(&w, format, parts);
    for (uint32_t tag = 1; tag <= format->n_sections; tag++) {
        put_padding(&w);
        put(&w, parts[tag].data, parts[tag].count * format->item_sizes[tag]);
    }
    secret_hasher_end(&w.hasher, h.content);
    section_file_seal(&h);
    map_file_out_patch(&w.out, 0, &h, sizeof h);
    if (content != NULL)
        memcpy(content, h.content, SECTION_HASH);
    return map_file_out_commit(&w.out, why);
}
