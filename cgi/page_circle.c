/* A circle, for who has its link. Who is in it is for its page, not for previews: their robots do not have to know. */
#include "app/circles.h"
#include "page.h"
#include "parts.h"
#include "picture.h"

enum err page_circle(struct exchange *p)
{
    struct circles_view v;
    enum err rc =
        circles_look(p->site->db, (struct circles_asked){&p->session, p->token}, p->arena, &v, &p->why);
    if (rc == ERR_NOT_FOUND)
        return page_missing(p);
    if (rc != ERR_OK)
        return page_unavailable(p, rc);
    struct buf facts = {0};
    struct shown_form card = picture_card(p);
    if (p->snapshot != NULL)
        shown_site(&facts, p->snapshot, &card);
    struct shell_page page = {
        .picture = p->snapshot != NULL ? picture_address(p, "/p/site", &card, &facts) : NULL,
        .picture_alt = parts_word(p, WORDS_title_home),
        .title = parts_word(p, WORDS_head_circle),
        .description = parts_word(p, WORDS_head_circle_text),
        .path = arena_printf(p->arena, "/w/%s", p->token),
        .hidden = true,
    };
    return page_show(p, &page);
}
