/* mvti-draw: facts in, pictures out. Whoever needs pictures starts one (picture/painter.h) and ends it when it is too slow. It is given
 * no key, no database and no network: what it is told is all that it knows. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/version.h"
#include "canvas.h"
#include "cell.h"
#include "picture/frame.h"
#include "script.h"

static int usage(FILE *out, int status)
{
    fputs(
        "usage: mvti-draw DIRECTORY [--once] | --version\n"
        "Draws pictures with the script and fonts of DIRECTORY (share/mvti/picture). Reads facts (JSON) from "
        "standard input and\n"
        "writes a picture (PNG) for each to standard output, both in frames; mvti and mvti-worker start it.\n"
        "  --once   without frames: one text of facts, one picture\n",
        out);
    return status;
}

static enum err draw(struct script *script, const char *facts, struct buf *png, struct fail *why)
{
    struct buf svg = {0};
    enum err rc = script_draw(script, facts, &svg, why);
    if (rc == ERR_OK)
        rc = canvas_png(&svg, png, why);
    buf_free(&svg);
    return rc;
}

static int once(struct script *script)
{
    struct buf facts = {0}, png = {0};
    struct fail why = {0};
    char bytes[4096];
    size_t n;
    while ((n = fread(bytes, 1, sizeof bytes, stdin)) > 0)
        buf_put(&facts, bytes, n);
    enum err rc = draw(script, buf_str(&facts), &png, &why);
    if (rc == ERR_OK && fwrite(png.data, 1, png.len, stdout) != png.len)
        rc = fail_errno(&why, ERR_IO, "standard output");
    if (rc != ERR_OK)
        fprintf(stderr, "mvti-draw: %s\n", why.text);
    buf_free(&facts);
    buf_free(&png);
    return err_exit_status(rc);
}

/* Until whoever asks goes. */
static int serve(struct script *script)
{
    struct buf facts = {0}, png = {0};
    struct fail why = {0};
    uint32_t status;
    enum err rc;
    while ((rc = frame_read(STDIN_FILENO, &status, &facts, NULL, &why)) == ERR_OK) {
        buf_reset(&png);
        enum err drawn = draw(script, buf_str(&facts), &png, &why);
        if (drawn != ERR_OK) {
            buf_reset(&png);
            buf_puts(&png, why.text);
        }
        rc = frame_write(STDOUT_FILENO, (uint32_t)drawn, &png, NULL, &why);
        if (rc != ERR_OK)
            break;
    }
    buf_free(&facts);
    buf_free(&png);
    return rc == ERR_PEER_GONE ? 0 : err_exit_status(rc);
}

/* The path of the script, and for fontconfig, which looks for relative names elsewhere, that of its settings. */
static enum err find_script(const char *folder, char path[PATH_MAX + 16], struct fail *why)
{
    char whole[PATH_MAX];
    if (realpath(folder, whole) == NULL)
        return fail_errno(why, ERR_NOT_FOUND, "%s", folder);
    snprintf(path, PATH_MAX + 16, "%s/fonts.conf", whole);
    setenv("FONTCONFIG_FILE", path, 1);
    snprintf(path, PATH_MAX + 16, "%s/picture.js", whole);
    return ERR_OK;
}

int main(int argc, char **argv)
{
    struct fail why = {0};
    struct script *script;
    char path[PATH_MAX + 16];
    if (argc == 2 && strcmp(argv[1], "--help") == 0)
        return usage(stdout, 0);
    if (argc == 2 && strcmp(argv[1], "--version") == 0)
        return printf("mvti-draw %s\n", version_text()) < 0;
    if (argc < 2 || argc > 3 || (argc == 3 && strcmp(argv[2], "--once") != 0))
        return usage(stderr, 64);
    enum err rc = find_script(argv[1], path, &why);
    if (rc == ERR_OK)
        rc = script_open(path, &script, &why);
    if (rc == ERR_OK)
        rc = cell_enter(&why);
    if (rc != ERR_OK) {
        fprintf(stderr, "mvti-draw: %s\n", why.text);
        return err_exit_status(rc);
    }
    int status = argc == 3 ? once(script) : serve(script);
    script_close(script);
    return status;
}
