#include "picture.h"

#include <string.h>

#include "picture/shelf.h"

/* Of the digits of a name: enough that another picture has another address. */
enum { NAMED = 12 };

struct shown_form picture_card(const struct exchange *p)
{
    return (struct shown_form){.site = p->site->config->public_url, .english = p->language == LANGUAGE_EN};
}

void picture_facts_quiz(struct exchange *p, const struct share_quiz *t, const struct shown_form *form,
                        struct buf *facts)
{
    const struct recommend_list *same = &t->same;
    struct shown_quiz r = {
        .mbti = t->stored.mbti,
        .enneagram = t->stored.enneagram,
        .best = same->n > 0 ? (int64_t)same->items[0].character : -1,
        .percent = same->n > 0 ? same->items[0].match.percent : 0,
        .movies = t->movies,
        .n_movies = t->n_movies,
    };
    shown_result(facts, p->snapshot, form, &r);
}

const char *picture_address(struct exchange *p, const char *path, const struct shown_form *form,
                            struct buf *facts)
{
    char name[SHELF_NAME + 1];
    bool known = !facts->failed && *p->site->picture_version != '\0';
    if (known)
        shelf_name(name, p->site->picture_version, facts);
    buf_free(facts);
    return known ? arena_printf(p->arena, "%s%s.png?lang=%s&v=%.*s", p->site->config->public_url, path,
                                form->english ? "en" : "ko", NAMED, name)
                 : NULL;
}

const char *picture_of_site(struct exchange *p)
{
    struct buf facts = {0};
    struct shown_form card = picture_card(p);
    shown_site(&facts, p->snapshot, &card);
    return picture_address(p, "/p/site", &card, &facts);
}

bool picture_named(const struct exchange *p, const char *name)
{
    const char *v = form_get(&p->query, "v");
    return v != NULL && strlen(v) == NAMED && strncmp(v, name, NAMED) == 0;
}
