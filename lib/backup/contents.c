#include "backup/contents.h"

#include <stdio.h>
#include <string.h>

#include "base/map_file.h"
#include "base/secret.h"

static void hash_of(const void *bytes, size_t n, char out[CONTENTS_HASH])
{
    uint8_t hash[SECRET_HASH_BYTES];
    secret_hash(hash, bytes, n);
    secret_hex(out, hash, sizeof hash);
}

enum err contents_add(struct contents *m, const struct contents_file *f, struct fail *why)
{
    if (m->files.size == 0)
        m->files = VEC_OF(struct contents_file);
    if (f->path[0] == '\0' || strpbrk(f->path, "\r\n") != NULL)
        return fail_set(why, ERR_INVALID, "'%.100s' is no name for a file of a back-up", f->path);
    return vec_push(&m->files, f) ? ERR_OK : fail_set(why, ERR_NOMEM, "out of memory");
}

void contents_free(struct contents *m)
{
    vec_free(&m->files);
}

uint64_t contents_bytes(const struct contents *m)
{
    const struct contents_file *f = m->files.data;
    uint64_t all = 0;
    for (size_t i = 0; i < m->files.len; i++)
        all += f[i].size;
    return all;
}

enum err contents_write(const struct contents *m, const char *folder, struct fail *why)
{
    struct buf text = {0};
    char path[1024], hash[CONTENTS_HASH];
    const struct contents_file *f = m->files.data;
    buf_printf(&text, "mvti-backup 1\nversion %s\nschema %d\nmade %s\ndatabase %s\n", m->version, m->schema,
               m->made, m->database);
    for (size_t i = 0; i < m->files.len; i++)
        buf_printf(&text, "%s %s %llu %o %s\n", f[i].link ? "link" : "file", f[i].hash,
                   (unsigned long long)f[i].size, f[i].mode, f[i].path);
    hash_of(buf_str(&text), text.len, hash);
    buf_printf(&text, "end %s\n", hash);
    snprintf(path, sizeof path, "%s/" CONTENTS_NAME, folder);
    enum err rc = text.failed ? fail_set(why, ERR_NOMEM, "out of memory")
                              : map_file_put(path, text.data, text.len, why);
    buf_free(&text);
    return rc;
}

/* ---- reading ---- */

/* A name below the folder: neither from the root nor over the folder's head. */
static bool stays_inside(const char *path)
{
    for (const char *part = path; part != NULL; part = strchr(part, '/'), part += part != NULL)
        if (strncmp(part, "../", 3) == 0 || strcmp(part, "..") == 0 || *part == '/' || *part == '\0')
            return false;
    return true;
}

static bool read_file(struct contents *m, const char *line, struct fail *why)
{
    struct contents_file f = {0};
    unsigned long long size;
    char kind[5];
    int at = 0;
    if (sscanf(line, "%4s %64[0-9a-f] %llu %o %n", kind, f.hash, &size, &f.mode, &at) != 4 || at == 0 ||
        strlen(f.hash) != CONTENTS_HASH - 1 || strlen(line + at) >= sizeof f.path)
        return false;
    f.link = strcmp(kind, "link") == 0;
    f.size = size;
    snprintf(f.path, sizeof f.path, "%s", line + at);
    return (f.link || strcmp(kind, "file") == 0) && stays_inside(f.path) &&
           contents_add(m, &f, why) == ERR_OK;
}

static bool read_line(struct contents *m, const char *line, struct fail *why)
{
    if (sscanf(line, "version %79[^\n]", m->version) == 1 || sscanf(line, "schema %d", &m->schema) == 1 ||
        sscanf(line, "made %79s", m->made) == 1 || sscanf(line, "database %79[^\n]", m->database) == 1)
        return true;
    return strcmp(line, "mvti-backup 1") == 0 || strcmp(line, "database ") == 0 || read_file(m, line, why);
}

/* Whether the last line is the hash of those before; *n: how long they are. */
static bool is_whole(const char *text, size_t *n)
{
    enum { END = sizeof "end \n" - 1 + CONTENTS_HASH - 1 };
    char hash[CONTENTS_HASH];
    if (*n < END || strncmp(text, "mvti-backup 1\n", 14) != 0)
        return false;
    *n -= END;
    hash_of(text, *n, hash);
    return strncmp(text + *n, "end ", 4) == 0 && strncmp(text + *n + 4, hash, CONTENTS_HASH - 1) == 0 &&
           text[*n + END - 1] == '\n';
}

enum err contents_parse(struct contents *m, const char *text, size_t n, const char *name, struct fail *why)
{
    char line[CONTENTS_PATH + 200];
    *m = (struct contents){0};
    if (!is_whole(text, &n))
        return fail_set(why, ERR_CORRUPT, "%s: damaged or cut off; take another back-up", name);
    for (const char *at = text, *end; at < text + n; at = end + 1) {
        end = memchr(at, '\n', n - (size_t)(at - text));
        if (end == NULL || (size_t)(end - at) >= sizeof line)
            return fail_set(why, ERR_CORRUPT, "%s: not a list of files", name);
        snprintf(line, sizeof line, "%.*s", (int)(end - at), at);
        if (!read_line(m, line, why))
            return fail_set(why, ERR_CORRUPT, "%s: '%.100s' is no line of it", name, line);
    }
    return ERR_OK;
}

enum err contents_read(struct contents *m, const char *folder, struct fail *why)
{
    char path[1024];
    struct map_file map;
    *m = (struct contents){0};
    snprintf(path, sizeof path, "%s/" CONTENTS_NAME, folder);
    enum err rc = map_file_open(&map, path, why);
    if (rc != ERR_OK)
        return rc == ERR_NOT_FOUND
                   ? fail_set(why, rc, "%s: no back-up of MVTI (it has no " CONTENTS_NAME ")", folder)
                   : rc;
    rc = contents_parse(m, (const char *)map.data, map.size, path, why);
    map_file_close(&map);
    return rc;
}
