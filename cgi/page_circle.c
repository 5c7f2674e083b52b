/* A circle, for who has its link. Who is in it is for its page, not for previews: their robots do not have to know. */
#include "app/circles.h"
#include "page.h"
#include "parts.h"

enum err page_circle(struct exchange *p)
{
    struct circles_view v;
    enum err rc =
        circles_look(p->site->db, (struct circles_asked){&p->session, p->token}, p->arena, &v, &p->why);
    if (rc == ERR_NOT_FOUND)
        return page_missing(p);
    if (rc != ERR_OK)
        return page_unavailable(p, rc);
    struct shell_page page = {
        .title = parts_word(p, WORDS_head_circle),
        .description = parts_word(p, WORDS_head_circle_text),
        .path = arena_printf(p->arena, "/w/%s", p->token),
        .hidden = true,
    };
    return page_show(p, &page);
}
