#include "web/denied.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAPPED = 96 /* bits before an IPv4 address in an IPv6 one */, LEAST_4 = 16, LEAST_6 = 32 };

/* *four: it is an IPv4 address, whether or not it is written as one of IPv6. */
static bool read_address(const char *text, struct in6_addr *out, bool *four)
{
    struct in_addr a;
    *four = inet_pton(AF_INET, text, &a) == 1;
    if (!*four) {
        bool is_one = inet_pton(AF_INET6, text, out) == 1;
        *four = is_one && IN6_IS_ADDR_V4MAPPED(out);
        return is_one;
    }
    memset(out, 0, sizeof *out);
    memset(out->s6_addr + 10, 0xff, 2);
    memcpy(out->s6_addr + 12, &a, sizeof a);
    return true;
}

static void cut(struct in6_addr *a, int bits)
{
    for (int i = 0; i < 16; i++) {
        int kept = bits - 8 * i;
        a->s6_addr[i] &= (uint8_t)(kept >= 8 ? 0xff : kept <= 0 ? 0 : 0xff << (8 - kept));
    }
}

/* The bits of an IPv4 network that is written as one of IPv6 count from there. −1: no number of up to three digits. */
static int bits_of(const char *text, bool four)
{
    bool as_six = strchr(text, ':') != NULL;
    const char *slash = strchr(text, '/');
    if (slash == NULL)
        return four ? 32 : 64;
    size_t n = strspn(slash + 1, "0123456789");
    return n >= 1 && n <= 3 && slash[1 + n] == '\0' ? atoi(slash + 1) - (four && as_six ? MAPPED : 0) : -1;
}

/* Such as ::/32, in which every IPv4 address lies. */
static bool holds_all_of_four(const struct in6_addr *network, int bits)
{
    struct in6_addr four = {.s6_addr = {[10] = 0xff, [11] = 0xff}};
    cut(&four, bits);
    return bits <= MAPPED && memcmp(&four, network, sizeof four) == 0;
}

static enum err parse_mark(const char *text, struct denied_entry *out, struct fail *why)
{
    if (strlen(text) != DENIED_MARK || strspn(text, "0123456789abcdef") != DENIED_MARK)
        return fail_set(why, ERR_INVALID, "client:%.20s: not the %d hex digits of a log line's client", text,
                        DENIED_MARK);
    memcpy(out->mark, text, DENIED_MARK + 1);
    out->bits = 0;
    return ERR_OK;
}

enum err denied_parse(const char *text, struct denied_entry *out, struct fail *why)
{
    char address[INET6_ADDRSTRLEN];
    bool four = false;
    if (strncmp(text, "client:", 7) == 0)
        return parse_mark(text + 7, out, why);
    size_t n = strcspn(text, "/");
    snprintf(address, sizeof address, "%.*s", (int)n, text);
    if (n >= sizeof address || !read_address(address, &out->network, &four))
        return fail_set(why, ERR_INVALID, "'%.50s' is no network: 203.0.113.0/24, 203.0.113.9, 2001:db8::/48",
                        text);
    int bits = bits_of(text, four);
    if (bits < (four ? LEAST_4 : LEAST_6) || bits > (four ? 32 : 128))
        return fail_set(why, ERR_INVALID,
                        "'%.50s': a network of IPv4 has %d to 32 bits, one of IPv6 %d to 128", text, LEAST_4,
                        LEAST_6);
    out->bits = bits + (four ? MAPPED : 0);
    out->mark[0] = '\0';
    cut(&out->network, out->bits);
    if (holds_all_of_four(&out->network, out->bits))
        return fail_set(why, ERR_INVALID, "'%.50s' would be everybody with an IPv4 address", text);
    return ERR_OK;
}

void denied_text(const struct denied_entry *e, char out[DENIED_TEXT])
{
    char address[INET6_ADDRSTRLEN] = "";
    bool four = IN6_IS_ADDR_V4MAPPED(&e->network) && e->bits >= MAPPED;
    if (e->bits == 0) {
        snprintf(out, DENIED_TEXT, "client:%s", e->mark);
        return;
    }
    inet_ntop(four ? AF_INET : AF_INET6, e->network.s6_addr + (four ? 12 : 0), address, sizeof address);
    snprintf(out, DENIED_TEXT, "%s/%d", address, e->bits - (four ? MAPPED : 0));
}

static void read_lines(struct denied *d, FILE *f)
{
    char line[160];
    while (d->n < DENIED_MOST && fgets(line, sizeof line, f) != NULL) {
        char *rest;
        struct denied_entry *e = &d->items[d->n];
        e->until = strtoll(line, &rest, 10);
        rest[strcspn(rest, "\n")] = '\0';
        d->n += rest != line && *rest == ' ' && denied_parse(rest + 1, e, NULL) == ERR_OK;
    }
}

/* Nobody's ban ends because the file cannot be read. */
enum err denied_read(struct denied *d, const char *path, struct fail *why)
{
    struct denied fresh = {.n = 0};
    FILE *f = fopen(path, "r");
    if (f == NULL && errno != ENOENT)
        return fail_errno(why, ERR_IO, "%s", path);
    if (f != NULL) {
        read_lines(&fresh, f);
        bool whole = !ferror(f);
        fclose(f);
        if (!whole)
            return fail_set(why, ERR_IO, "%s cannot be read", path);
    }
    *d = fresh;
    return ERR_OK;
}

/* Workers read it as another account; who may look is for the folder to say. */
enum err denied_write(const struct denied *d, int64_t now, const char *path, struct fail *why)
{
    char fresh[1100], text[DENIED_TEXT];
    snprintf(fresh, sizeof fresh, "%s.tmp.%ld", path, (long)getpid());
    int fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
    FILE *f = fd >= 0 ? fdopen(fd, "w") : NULL;
    bool whole = f != NULL && fchmod(fd, 0644) == 0;
    for (size_t i = 0; whole && i < d->n; i++) {
        denied_text(&d->items[i], text);
        whole = d->items[i].until <= now || fprintf(f, "%" PRId64 " %s\n", d->items[i].until, text) > 0;
    }
    whole = f != NULL && fclose(f) == 0 && whole;
    if (whole && rename(fresh, path) == 0)
        return ERR_OK;
    enum err rc = fail_errno(why, ERR_IO, "%s", path);
    (void)unlink(fresh);
    return rc;
}

static struct denied_entry *find(struct denied *d, const struct denied_entry *e)
{
    for (size_t i = 0; i < d->n; i++)
        if (d->items[i].bits == e->bits &&
            (e->bits == 0 ? strcmp(d->items[i].mark, e->mark) == 0
                          : memcmp(&d->items[i].network, &e->network, sizeof e->network) == 0))
            return &d->items[i];
    return NULL;
}

/* NULL: all of them last. */
static struct denied_entry *room(struct denied *d, int64_t now)
{
    if (d->n < DENIED_MOST)
        return &d->items[d->n++];
    for (size_t i = 0; i < d->n; i++)
        if (d->items[i].until <= now)
            return &d->items[i];
    return NULL;
}

enum err denied_put(struct denied *d, const struct denied_entry *e, int64_t now, struct fail *why)
{
    struct denied_entry *known = find(d, e), *place = known != NULL ? known : room(d, now);
    if (place == NULL)
        return fail_set(why, ERR_TOO_LARGE, "%d networks are banned already; lift some, or ban larger ones",
                        DENIED_MOST);
    *place = *e;
    return ERR_OK;
}

bool denied_lift(struct denied *d, const struct denied_entry *e)
{
    struct denied_entry *known = find(d, e);
    if (known == NULL)
        return false;
    *known = d->items[--d->n];
    return true;
}

static bool lies_in(struct in6_addr address, const struct denied_entry *e)
{
    cut(&address, e->bits);
    return memcmp(&address, &e->network, sizeof address) == 0;
}

bool denied_meets(const struct denied *d, const char *address, const char *mark, int64_t now)
{
    struct in6_addr a;
    bool four, known = d->n > 0 && read_address(address, &a, &four);
    for (size_t i = 0; i < d->n; i++) {
        const struct denied_entry *e = &d->items[i];
        if (e->until > now &&
            (e->bits == 0 ? *mark != '\0' && strcmp(e->mark, mark) == 0 : known && lies_in(a, e)))
            return true;
    }
    return false;
}
