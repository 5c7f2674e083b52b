/* The page of the owner's console, and who leaves it. */
#include <string.h>

#include "base/map_file.h"
#include "exchange.h"

#define FILE_NAME "admin.html"
#define SIGN_IN "/login?again=1&return=/admin"

/* Beside the shell of the other pages. */
static const char *file_of(struct exchange *p)
{
    const char *shell = p->site->config->shell_file, *slash = strrchr(shell, '/');
    int folder = slash != NULL ? (int)(slash - shell) + 1 : 0;
    return arena_printf(p->arena, "%.*s" FILE_NAME, folder, shell);
}

enum err page_admin(struct exchange *p)
{
    if (p->admin.who == CONSOLE_STALE) {
        p->response->status = 303;
        response_header(p->response, "Location", SIGN_IN);
        return ERR_OK;
    }
    const char *path = file_of(p);
    struct map_file page = {0};
    if (path == NULL)
        return ERR_NOMEM;
    enum err rc = map_file_open(&page, path, &p->why);
    if (rc != ERR_OK)
        return problem_set(&p->problem, ERR_UNAVAILABLE, "the page itself is missing on this server");
    response_header(p->response, "Content-Type", "text/html; charset=utf-8");
    buf_put(&p->response->body, page.data, page.size);
    map_file_close(&page);
    return ERR_OK;
}
