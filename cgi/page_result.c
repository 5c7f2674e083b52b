/* A stored result, for who has its link. */
#include "app/share.h"
#include "page.h"
#include "parts.h"
#include "picture.h"

enum err page_result(struct exchange *p)
{
    if (p->snapshot == NULL)
        return page_unavailable(p, ERR_UNAVAILABLE);
    struct share_quiz t;
    enum err rc = share_load(p->site->db, (struct share_asked){p->snapshot, &p->session, p->token}, p->arena,
                             &t, &p->why);
    if (rc == ERR_NOT_FOUND)
        return page_missing(p);
    if (rc != ERR_OK)
        return page_unavailable(p, rc);
    const struct visitor_quiz *v = &t.stored;
    const struct snapshot_type *type = &p->snapshot->types[v->mbti];
    const char *most = t.same.n > 0 ? parts_text(p, parts_name(p->snapshot, t.same.items[0].character)) : "";
    const char *path = arena_printf(p->arena, "/r/%s", p->token);
    struct buf facts = {0};
    struct shown_form card = picture_card(p);
    picture_facts_quiz(p, &t, &card, &facts);
    struct shell_page page = {
        .picture = picture_address(p, path, &card, &facts),
        .picture_alt =
            words_fill(p->arena, p->language, WORDS_head_picture_result, "mbti", mbti_name(v->mbti),
                       "enneagram", enneagram_name(v->enneagram), "name", most, NULL),
        .title = arena_printf(p->arena, "%s · %s %s", mbti_name(v->mbti), enneagram_name(v->enneagram),
                              parts_text(p, type->name)),
        .description = *most != '\0'
                           ? words_fill(p->arena, p->language, WORDS_head_result, "name", most, NULL)
                           : parts_text(p, type->summary),
        .path = path,
        .hidden = true,
    };
    return page_show(p, &page);
}
