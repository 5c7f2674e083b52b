#include "release/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "http/http_download.h"

enum { BLOCK = 1 << 16 };

static enum err copy_on(int from, int to, uint64_t most, struct fail *why)
{
    char block[BLOCK];
    for (ssize_t n; (n = read(from, block, sizeof block)) != 0; most -= (uint64_t)n) {
        if (n < 0)
            return fail_errno(why, ERR_IO, "cannot be read");
        if ((uint64_t)n > most)
            return fail_set(why, ERR_TOO_LARGE, "has more bytes than it should");
        if (write(to, block, (size_t)n) != n)
            return fail_errno(why, ERR_IO, "could not be written");
    }
    return ERR_OK;
}

static enum err copy(const char *path, const struct http_download *d, struct fail *why)
{
    int from = open(path, O_RDONLY | O_CLOEXEC);
    if (from < 0)
        return fail_errno(why, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "cannot be opened");
    enum err rc = lseek(from, (off_t)d->from, SEEK_SET) < 0 ? fail_errno(why, ERR_IO, "cannot be read")
                                                            : copy_on(from, d->fd, d->most - d->from, why);
    close(from);
    return rc;
}

static enum err fetch(const struct source *s, const char *name, struct http_download *d, struct fail *why)
{
    char address[CONFIG_TEXT + 128];
    struct fail inner = {0};
    size_t n = strlen(s->from);
    bool slash = n > 0 && s->from[n - 1] == '/';
    if (snprintf(address, sizeof address, "%s%s%s", s->from, slash ? "" : "/", name) >= (int)sizeof address)
        return fail_set(why, ERR_TOO_LARGE, "pull_url is too long");
    d->url = address;
    enum err rc = s->from[0] == '/' ? copy(address, d, &inner) : http_download(d, &inner);
    d->url = NULL; /* it does not outlive this call */
    return rc == ERR_OK ? ERR_OK : fail_set(why, rc, "%.200s: %.250s", address, inner.text);
}

enum err source_fetch(struct source *s, const char *name, const char *path, uint64_t size, struct fail *why)
{
    struct stat st;
    struct http_download d = {.ca_file = s->config->pull_ca_file, .most = size};
    d.fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (d.fd < 0 || fstat(d.fd, &st) != 0) {
        enum err rc = fail_errno(why, ERR_IO, "%.300s", path);
        if (d.fd >= 0)
            close(d.fd);
        return rc;
    }
    d.from = (uint64_t)st.st_size;
    enum err rc =
        d.from > size ? fail_set(why, ERR_CONFLICT, "%.300s is longer than it should be", path) : ERR_OK;
    if (rc == ERR_OK && (d.from < size || size == 0))
        rc = fetch(s, name, &d, why);
    uint64_t had = d.from;
    if (fstat(d.fd, &st) == 0 && (uint64_t)st.st_size > had)
        s->fetched += (uint64_t)st.st_size - had;
    close(d.fd);
    return rc;
}
