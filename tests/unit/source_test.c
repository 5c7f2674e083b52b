/* What a release is fetched from, a folder or another host: how much of it comes, where to, and what is refused. */
#include "release/source.h"
#include "tests/check.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/fixture/file.h"
#include "tests/fixture/peer.h"

static char folder[] = "/tmp/mvti-source-XXXXXX", offered[64], path[64];

static off_t length(const char *name)
{
    struct stat st;
    return stat(name, &st) == 0 ? st.st_size : -1;
}

static void no_more_than_is_named_comes(void)
{
    struct source s = {.from = folder};
    struct fail why = {0};
    CHECK(source_fetch(&s, "offered", path, 5, &why) == ERR_OK && length(path) == 5 && s.fetched == 5);
    CHECK(source_fetch(&s, "offered", path, 4, &why) == ERR_TOO_LARGE && length(path) == 0);
    CHECK(strstr(why.text, offered) != NULL && s.fetched == 5);
    CHECK(source_fetch(&s, "nothing", path, 4, &why) == ERR_NOT_FOUND && unlink(path) == 0);
}

/* Root's pull writes to a folder that the jobs own: who they are does not choose what it opens. */
static void no_link_is_written_through(void)
{
    char other[64];
    struct source s = {.from = folder};
    snprintf(other, sizeof other, "%s/other", folder);
    CHECK(file_put_text(other, "kept") && symlink(other, path) == 0);
    CHECK(source_fetch(&s, "offered", path, 5, NULL) == ERR_IO);
    CHECK(length(other) == 4 && s.fetched == 0);
    CHECK(unlink(other) == 0 && unlink(path) == 0);
}

static void redirect(int connection, const char *request)
{
    (void)request;
    peer_send(connection, "302 Found\r\nLocation: http://127.0.0.1:1/", "elsewhere", 9);
}

static void only_the_host_that_is_named_is_asked(void)
{
    char url[64];
    struct peer p;
    struct fail why = {0};
    peer_open(&p, redirect);
    snprintf(url, sizeof url, "http://127.0.0.1:%d/x", p.port);
    struct source s = {.from = url, .http = {.ca_file = "", .patience = 30}};
    CHECK_MSG(source_fetch(&s, "offered", path, 20, &why) == ERR_NOT_FOUND &&
                  strstr(why.text, "status 302") != NULL,
              "%s", why.text);
    s.from = "ftp://127.0.0.1/x";
    CHECK_MSG(source_fetch(&s, "offered", path, 5, &why) == ERR_INVALID &&
                  strstr(why.text, "not an http:// or https:// address") != NULL,
              "%s", why.text);
    http_download_close(&s.http);
    peer_close(&p);
    CHECK(unlink(path) == 0);
}

/* Two bytes at a time, for as long as somebody listens. */
static void trickle(int connection, const char *request)
{
    struct pollfd gone = {.fd = connection, .events = POLLIN | POLLRDHUP};
    (void)request;
    static const char head[] = "HTTP/1.1 200 OK\r\nContent-Length: 2000\r\nConnection: close\r\n\r\n";
    (void)!send(connection, head, sizeof head - 1, MSG_NOSIGNAL);
    for (int i = 0; i < 100 && poll(&gone, 1, 200) == 0; i++)
        (void)!send(connection, "xy", 2, MSG_NOSIGNAL);
}

/* What never stands still, and never ends either. */
static void who_is_slow_is_given_up(void)
{
    char url[64];
    struct peer p;
    struct fail why = {0};
    peer_open(&p, trickle);
    snprintf(url, sizeof url, "http://127.0.0.1:%d/x", p.port);
    struct source s = {.from = url, .http = {.ca_file = "", .patience = 1}};
    CHECK_MSG(source_fetch(&s, "offered", path, 2000, &why) == ERR_UNAVAILABLE &&
                  strstr(why.text, "sent less than 16384 bytes a second for 1 seconds; it was given up") !=
                      NULL,
              "%s", why.text);
    CHECK(s.fetched > 0 && s.fetched < 200);
    http_download_close(&s.http);
    peer_close(&p);
    CHECK(unlink(path) == 0);
}

int main(void)
{
    CHECK(mkdtemp(folder) != NULL);
    snprintf(offered, sizeof offered, "%s/offered", folder);
    snprintf(path, sizeof path, "%s/came", folder);
    CHECK(file_put_text(offered, "hello"));
    RUN(no_more_than_is_named_comes);
    RUN(no_link_is_written_through);
    RUN(only_the_host_that_is_named_is_asked);
    RUN(who_is_slow_is_given_up);
    CHECK(unlink(offered) == 0 && rmdir(folder) == 0);
    return check_done();
}
