/* Property: whatever the words, a network or mark that is taken reads the same when it is written down, meets its own address, and is never
 * everybody with an IPv4 address; and a file of such words gives no more than are read of it one by one. */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/arena.h"
#include "tests/fuzz/property.h"
#include "web/denied.h"

static struct denied list;

static bool meets(const struct denied_entry *e, const char *address, const char *mark)
{
    list = (struct denied){.n = 1};
    list.items[0] = *e;
    list.items[0].until = 1;
    return denied_meets(&list, address, mark, 0);
}

static void check_entry(const struct denied_entry *e)
{
    char text[DENIED_TEXT], address[INET6_ADDRSTRLEN];
    struct denied_entry again = {0};
    denied_text(e, text);
    must(denied_parse(text, &again, NULL) == ERR_OK && again.bits == e->bits);
    must(e->bits > 0 ? memcmp(&again.network, &e->network, sizeof e->network) == 0
                     : strcmp(again.mark, e->mark) == 0);
    must(inet_ntop(AF_INET6, &e->network, address, sizeof address) != NULL);
    must(meets(e, e->bits > 0 ? address : "", e->mark) && !meets(e, "", ""));
    must(!meets(e, "192.0.2.1", "") || !meets(e, "100.64.0.1", ""));
}

static bool is_entry(char *line)
{
    char *words;
    struct denied_entry e = {0};
    (void)strtoll(line, &words, 10);
    if (words == line || *words != ' ' || denied_parse(words + 1, &e, NULL) != ERR_OK)
        return false;
    check_entry(&e);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[40];
    struct arena a = {0};
    int fd = memfd_create("denied", MFD_CLOEXEC);
    if (fd < 0 || write(fd, data, size) != (ssize_t)size)
        abort();
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    static struct denied read;
    must(denied_read(&read, path, NULL) == ERR_OK);
    close(fd);
    size_t good = 0;
    for (char *rest = arena_strndup(&a, (const char *)data, size), *line;
         (line = strsep(&rest, "\n")) != NULL;)
        good += is_entry(line);
    must(memchr(data, '\0', size) != NULL || size >= 159 || read.n == good);
    arena_free(&a);
    return 0;
}
