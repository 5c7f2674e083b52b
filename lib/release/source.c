#include "release/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/config.h"

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

static enum err copy(const char *path, int to, uint64_t most, struct fail *why)
{
    int from = open(path, O_RDONLY | O_CLOEXEC);
    if (from < 0)
        return fail_errno(why, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "cannot be opened");
    enum err rc = copy_on(from, to, most, why);
    close(from);
    return rc;
}

static enum err fetch(struct source *s, const char *name, int to, uint64_t most, struct fail *why)
{
    char address[CONFIG_TEXT + 128];
    struct fail inner = {0};
    size_t n = strlen(s->from);
    bool slash = n > 0 && s->from[n - 1] == '/';
    if (snprintf(address, sizeof address, "%s%s%s", s->from, slash ? "" : "/", name) >= (int)sizeof address)
        return fail_set(why, ERR_TOO_LARGE, "pull_url is too long");
    enum err rc = s->from[0] == '/' ? copy(address, to, most, &inner)
                                    : http_download(&s->http, address, to, most, &inner);
    return rc == ERR_OK ? ERR_OK : fail_set(why, rc, "%.200s: %.250s", address, inner.text);
}

enum err source_fetch(struct source *s, const char *name, const char *path, uint64_t size, struct fail *why)
{
    struct stat st;
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
    if (fd < 0)
        return fail_errno(why, ERR_IO, "%.300s", path);
    enum err rc = fetch(s, name, fd, size, why);
    if (fstat(fd, &st) == 0)
        s->fetched += (uint64_t)st.st_size;
    close(fd);
    return rc;
}
