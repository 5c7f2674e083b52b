/* Pages that are somebody's own, /liked, /login and /me: scripts draw them, with what only they may ask for. A worker writes the head, and says what
 * the page may load. */

#include "page.h"
#include "parts.h"

static enum err show(struct exchange *p, const char *path, enum words_key title, enum words_key description)
{
    struct shell_page page = {
        .title = parts_word(p, title),
        .named = true,
        .description = parts_word(p, description),
        .path = path,
        .hidden = true,
    };
    return page_show(p, &page);
}

enum err page_own_liked(struct exchange *p)
{
    return show(p, "/liked", WORDS_title_liked, WORDS_liked_lead);
}

enum err page_own_login(struct exchange *p)
{
    return show(p, "/login", WORDS_title_login, WORDS_login_lead);
}

enum err page_own_me(struct exchange *p)
{
    return show(p, "/me", WORDS_title_me, WORDS_me_guest_text);
}
