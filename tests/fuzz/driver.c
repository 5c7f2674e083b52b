/* Replays a corpus through a fuzz target without libFuzzer: each argument is a file or a folder of files.
 * Each document is given as it is and then damaged, the same way every time: cut, with bits turned, and, if
 * it is one of our section files, with every number in it and every section's length changed and the
 * checksums right.
 *
 * Every input ends where memory ends; the empty one comes first. A broken property aborts inside the target,
 * and what it was given is named last. */
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/fixture/forge.h"
#include "tests/fixture/guarded.h"
#include "tests/fuzz/property.h"

enum { DAMAGED = 6000 }; /* copies with cuts and turned bits, of all documents together */

static struct {
    const char *path;
    struct damage damage;
} at;

/* ---- saying what broke it ---- */

void __sanitizer_set_death_callback(void (*callback)(void)) __attribute__((weak));

static void say_input(void)
{
    char line[4352];
    int n = at.damage.what == NULL
                ? snprintf(line, sizeof line, "%s\n", at.path)
                : snprintf(line, sizeof line, "%s: %s %llu, value %llu\n", at.path, at.damage.what,
                           (unsigned long long)at.damage.at, (unsigned long long)at.damage.value);
    if (n > 0 && write(STDERR_FILENO, line, (size_t)n) < 0)
        _exit(1);
}

static void on_death(int number)
{
    say_input();
    signal(number, SIG_DFL);
    raise(number);
}

static void name_what_breaks(void)
{
    static const int deadly[] = {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTERM};
    if (__sanitizer_set_death_callback != NULL)
        __sanitizer_set_death_callback(say_input);
    for (size_t i = 0; i < sizeof deadly / sizeof *deadly; i++)
        if (__sanitizer_set_death_callback == NULL || deadly[i] == SIGTERM)
            signal(deadly[i], on_death);
}

/* ---- the documents ---- */

static int replayed;
static size_t taken; /* documents that the reader takes, as they are */

/* Only targets of section files have these (tests/fixture/section_target.h). */
size_t section_target_taken(void) __attribute__((weak));
uint8_t *section_target_made(size_t *n) __attribute__((weak));

static void give(const uint8_t *bytes, size_t n, void *unused)
{
    (void)unused;
    struct guarded g;
    guarded_make(&g, bytes, n, 1);
    LLVMFuzzerTestOneInput(g.bytes, n);
    guarded_free(&g);
}

static uint8_t *read_file(const char *path, size_t *n)
{
    struct stat st;
    FILE *f = fopen(path, "rb");
    if (f == NULL || fstat(fileno(f), &st) != 0) {
        perror(path);
        exit(1);
    }
    *n = (size_t)st.st_size;
    uint8_t *data = malloc(*n + 1);
    if (data == NULL || fread(data, 1, *n, f) != *n) {
        fprintf(stderr, "%s: cannot be read\n", path);
        exit(1);
    }
    fclose(f);
    return data;
}

static void replay_bytes(const char *name, uint8_t *data, size_t n, size_t most)
{
    at.path = name;
    at.damage = (struct damage){0};
    size_t before = section_target_taken != NULL ? section_target_taken() : 0;
    give(data, n, NULL);
    taken += section_target_taken != NULL ? section_target_taken() - before : 1;
    damage_bytes(data, n, most, &at.damage, give, NULL);
    damage_sections(data, n, &at.damage, give, NULL);
    free(data);
    replayed++;
}

static void replay_file(const char *path, size_t most)
{
    size_t n;
    uint8_t *data = read_file(path, &n);
    replay_bytes(path, data, n, most);
}

static void replay_made(void)
{
    size_t n = 0;
    uint8_t *data = section_target_made(&n);
    replay_bytes("the document that the target makes", data, n, DAMAGED);
}

static int visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static void replay(const char *path, size_t most)
{
    struct dirent **names;
    int n = scandir(path, &names, visible, alphasort);
    if (n < 0) {
        replay_file(path, most);
        return;
    }
    for (int i = 0; i < n; i++) {
        char child[4096];
        snprintf(child, sizeof child, "%s/%s", path, names[i]->d_name);
        replay(child, most / (size_t)n);
        free(names[i]);
    }
    free(names);
}

int main(int argc, char **argv)
{
    name_what_breaks();
    at.path = "the empty input";
    give(NULL, 0, NULL);
    if (section_target_made != NULL)
        replay_made();
    for (int i = 1; i < argc; i++)
        replay(argv[i], DAMAGED / (size_t)(argc - 1));
    if (replayed == 0)
        fprintf(stderr, "no corpus to replay\n");
    else if (taken == 0)
        fprintf(stderr,
                "the reader takes no document of the corpus: they are of another version, make them again\n");
    return taken == 0;
}
