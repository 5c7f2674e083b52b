#include "picture.h"

#include <math.h>
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

bool picture_is_of_two(const struct exchange *p, const struct circles_view *v)
{
    bool chosen = form_get(&p->query, "a") != NULL || form_get(&p->query, "b") != NULL;
    return v->members.n == 2 || (v->members.n > 2 && chosen);
}

static struct shown_person person(struct exchange *p, const struct circle_member *m)
{
    return (struct shown_person){
        m->mbti, m->enneagram, m->character >= 0 ? snapshot_character_index(p->snapshot, m->character) : -1};
}

/* As the first pair of a film, or else as whom each is most like. */
static void add_two(struct exchange *p, const struct circles_view *v, const struct circles_two *two,
                    struct shown_people *c)
{
    const struct snapshot *s = p->snapshot;
    const struct together_pair *pair = two->found.n_pairs > 0 ? &two->found.pairs[0] : NULL;
    int first = two->at[0] > two->at[1]; /* by their places */
    for (int k = 0; k < 2; k++) {
        int of = k == 0 ? first : 1 - first;
        c->people[k] = person(p, &v->members.items[two->at[of]]);
        if (pair != NULL)
            c->people[k].character = pair->character[of];
    }
    c->n = 2;
    c->grade = (int)lrintf(100 * s->grades[c->people[0].mbti * MBTI_COUNT + c->people[1].mbti]);
    if (pair != NULL)
        c->movie = s->characters[pair->character[0]].movie;
}

void picture_facts_circle(struct exchange *p, const struct circles_view *v, const struct circles_two *two,
                          const struct shown_form *form, struct buf *facts)
{
    struct shown_people c = {.movie = -1};
    if (two != NULL)
        add_two(p, v, two, &c);
    else
        for (; c.n < v->members.n && c.n < SHOWN_PEOPLE; c.n++)
            c.people[c.n] = person(p, &v->members.items[c.n]);
    shown_people(facts, p->snapshot, form, &c);
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
