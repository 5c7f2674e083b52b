#include "admission.h"

#include <string.h>

#include "routes.h"

#define PAGE "/admin"
#define BELOW "/api/v1/admin/"

bool admission_concerns(const struct exchange *p)
{
    const char *path = p->request->path;
    return (p->site->pool & POOL_ADMIN) != 0 &&
           (strcmp(path, PAGE) == 0 || strncmp(path, BELOW, sizeof BELOW - 1) == 0);
}

static enum err nothing_here(struct exchange *p, const struct route **route)
{
    *route = NULL;
    p->problem = (struct problem){0};
    response_reset(p->response); /* the methods of an address are nobody's business either */
    return problem_set(&p->problem, ERR_NOT_FOUND, "there is nothing at this address");
}

enum err admission_check(struct exchange *p, const struct route **route, enum err found)
{
    enum err rc =
        console_enter(p->site->db, &p->session, p->site->config->admins, p->arena, &p->admin, &p->why);
    if (rc != ERR_OK) {
        p->problem = (struct problem){0};
        return exchange_unsaved(p, rc);
    }
    if (p->admin.who == CONSOLE_NOBODY)
        return nothing_here(p, route);
    if (p->admin.who == CONSOLE_ADMIN || (found == ERR_OK && strcmp((*route)->pattern, PAGE) == 0))
        return found;
    p->problem = (struct problem){0};
    problem_field(&p->problem, "login",
                  "sign in again: a visit to the console ends after half an hour, and after eight hours");
    p->problem.status = 401;
    return ERR_DENIED;
}
