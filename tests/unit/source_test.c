/* What a release is fetched from, as a folder: how much of it comes, and where to. */
#include "release/source.h"
#include "tests/check.h"

#include <sys/stat.h>
#include <unistd.h>

#include "tests/fixture/file.h"

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

int main(void)
{
    CHECK(mkdtemp(folder) != NULL);
    snprintf(offered, sizeof offered, "%s/offered", folder);
    snprintf(path, sizeof path, "%s/came", folder);
    CHECK(file_put_text(offered, "hello"));
    RUN(no_more_than_is_named_comes);
    RUN(no_link_is_written_through);
    CHECK(unlink(offered) == 0 && rmdir(folder) == 0);
    return check_done();
}
