/* A circle, for who has its link, as www/js/pages/circle.js draws it. Who is in it is for people: the head, of which messengers make previews, names
 * nobody, and robots get no more than the head. */
#include <math.h>
#include <string.h>

#include "app/circles.h"
#include "cards.h"
#include "circle_form.h"
#include "input.h"
#include "page.h"
#include "parts.h"
#include "picture.h"

struct shown_circle {
    struct circles_view view;
    struct circles_two two; /* where there are two at least */
    struct circle_form form;
};

static const struct circle_member *member(const struct shown_circle *c, size_t place)
{
    return &c->view.members.items[place];
}

/* Themselves, by name, or by their place. */
static const char *called(struct exchange *p, const struct shown_circle *c, size_t place)
{
    const char *name = member(c, place)->name;
    if ((int64_t)place == c->view.mine)
        return *name != '\0' ? words_fill(p->arena, p->language, WORDS_circle_me_named, "name", name, NULL)
                             : parts_word(p, WORDS_circle_me);
    return *name != '\0' ? name
                         : words_fill(p->arena, p->language, WORDS_circle_friend, "n",
                                      arena_printf(p->arena, "%zu", place + 1), NULL);
}

static int64_t character_of(struct exchange *p, const struct circle_member *m)
{
    return m->character >= 0 ? snapshot_character_index(p->snapshot, m->character) : -1;
}

static void put_art(struct exchange *p, const char *class_name, const struct circle_member *m)
{
    int64_t c = character_of(p, m);
    html_out_open_class(&p->html, HTML_SPAN, class_name);
    if (c >= 0)
        parts_portrait(p, (uint32_t)c);
    else {
        parts_typed(p, HTML_SPAN, "", m->mbti);
        parts_drawing(p, "emblem");
        html_out_end(&p->html);
    }
    html_out_end(&p->html);
}

/* ---- two of them */

static void put_side(struct exchange *p, const struct shown_circle *c, size_t place)
{
    const struct circle_member *m = member(c, place);
    parts_typed(p, HTML_DIV, "two-side", m->mbti);
    put_art(p, "two-art", m);
    html_out_say(&p->html, HTML_STRONG, NULL, called(p, c, place));
    html_out_open_class(&p->html, HTML_SPAN, "two-type");
    parts_chip(p, m->mbti, m->enneagram);
    html_out_end(&p->html);
    parts_say(p, HTML_SPAN, NULL, p->snapshot->types[m->mbti].name);
    html_out_end(&p->html);
}

static double grade_of(struct exchange *p, const struct circle_member *a, const struct circle_member *b)
{
    return (double)p->snapshot->grades[a->mbti * MBTI_COUNT + b->mbti];
}

static const char *hundredths(struct exchange *p, double x)
{
    return arena_printf(p->arena, "%ld", lrint(100 * x));
}

static void put_fit(struct exchange *p, const struct circle_member *a, const struct circle_member *b)
{
    double grade = grade_of(p, a, b);
    double alike = (double)snapshot_similarity(p->snapshot, a->enneagram, b->enneagram);
    enum words_key fit = grade >= 0.795   ? WORDS_circle_fit_high
                         : grade >= 0.495 ? WORDS_circle_fit_mid
                                          : WORDS_circle_fit_low; /* as rounded to two digits */
    html_out_open_class(&p->html, HTML_P, "two-line");
    html_out_text(&p->html, parts_word(p, fit));
    if (!isnan(alike)) {
        html_out_text(&p->html, " ");
        html_out_text(&p->html, words_fill(p->arena, p->language, WORDS_circle_enneagram, "n",
                                           hundredths(p, alike), NULL));
    }
    html_out_end(&p->html);
}

static void put_head(struct exchange *p, const struct shown_circle *c)
{
    size_t a = c->two.at[0], b = c->two.at[1];
    html_out_open_class(&p->html, HTML_SECTION, "two");
    html_out_open_class(&p->html, HTML_DIV, "wrap");
    html_out_say(&p->html, HTML_H1, NULL,
                 words_fill(p->arena, p->language, WORDS_circle_two, "a", called(p, c, a), "b",
                            called(p, c, b), NULL));
    html_out_open_class(&p->html, HTML_DIV, "two-in");
    put_side(p, c, a);
    html_out_open_class(&p->html, HTML_DIV, "two-fit");
    html_out_say(&p->html, HTML_B, NULL, hundredths(p, grade_of(p, member(c, a), member(c, b))));
    html_out_say(&p->html, HTML_SPAN, NULL, parts_word(p, WORDS_circle_grade));
    html_out_end(&p->html);
    put_side(p, c, b);
    html_out_end(&p->html);
    put_fit(p, member(c, a), member(c, b));
    html_out_end(&p->html);
    html_out_end(&p->html);
}

/* "circle.letter.EI.E", or "….other" where the two letters differ. */
static void put_letter(struct exchange *p, const char *axis, char x, char y)
{
    char same[2] = {x, '\0'};
    html_out_open(&p->html, HTML_LI);
    html_out_open(&p->html, HTML_B);
    html_out_attribute(&p->html, HTML_AT_ARIA_HIDDEN, "true");
    html_out_text(&p->html, x == y ? same : arena_printf(p->arena, "%c · %c", x, y));
    html_out_end(&p->html);
    const char *begin = arena_printf(p->arena, "circle.letter.%s.", axis);
    html_out_say(&p->html, HTML_SPAN, NULL,
                 begin != NULL ? words_find(p->language, begin, x == y ? same : "other") : NULL);
    html_out_end(&p->html);
}

static void put_letters(struct exchange *p, const struct shown_circle *c)
{
    const char *x = mbti_name(member(c, c->two.at[0])->mbti), *y = mbti_name(member(c, c->two.at[1])->mbti);
    parts_section(p, "panel", "letters", parts_word(p, WORDS_circle_letters));
    html_out_open_class(&p->html, HTML_UL, "letters-fit");
    for (int axis = 0; axis < MBTI_AXES; axis++)
        put_letter(p, mbti_axis_name((enum mbti_axis)axis), x[axis], y[axis]);
    html_out_end(&p->html);
    html_out_end(&p->html);
}

static void put_role(struct exchange *p, const struct shown_circle *c, size_t place, uint32_t character)
{
    const struct snapshot_character *who = &p->snapshot->characters[character];
    parts_link(p, "role", parts_path(p, "/c/%d", (int)who->id));
    html_out_open_class(&p->html, HTML_SPAN, "role-art");
    parts_portrait(p, character);
    html_out_end(&p->html);
    html_out_open(&p->html, HTML_SPAN);
    html_out_say(&p->html, HTML_SMALL, NULL, called(p, c, place));
    parts_say(p, HTML_STRONG, NULL, parts_name(p->snapshot, character));
    parts_chip(p, who->mbti, who->enneagram);
    html_out_end(&p->html);
    html_out_end(&p->html);
}

static void open_list(struct exchange *p, const char *id, enum words_key heading, enum words_key text)
{
    html_out_open_class(&p->html, HTML_SECTION, "band");
    html_out_attribute(&p->html, HTML_AT_ARIA_LABELLEDBY, id);
    html_out_open_class(&p->html, HTML_DIV, "band-head");
    html_out_open(&p->html, HTML_H2);
    html_out_attribute(&p->html, HTML_AT_ID, id);
    html_out_text(&p->html, parts_word(p, heading));
    html_out_end(&p->html);
    html_out_say(&p->html, HTML_P, NULL, parts_word(p, text));
    html_out_end(&p->html);
}

static void put_film_link(struct exchange *p, uint32_t movie)
{
    parts_link(p, NULL, parts_path(p, "/m/%d", (int)p->snapshot->movies[movie].id));
    html_out_text(&p->html, parts_film_line(p, movie));
    html_out_end(&p->html);
}

static void put_roles(struct exchange *p, const struct shown_circle *c)
{
    const struct together *t = &c->two.found;
    if (t->n_pairs == 0)
        return;
    open_list(p, "roles", WORDS_circle_roles, WORDS_circle_roles_text);
    html_out_open_class(&p->html, HTML_OL, "roles");
    for (size_t i = 0; i < t->n_pairs; i++) {
        html_out_open_class(&p->html, HTML_LI, "panel");
        html_out_open_class(&p->html, HTML_P, "role-film");
        put_film_link(p, p->snapshot->characters[t->pairs[i].character[0]].movie);
        cards_ring(p, t->pairs[i].percent);
        html_out_end(&p->html);
        for (int k = 0; k < 2; k++)
            put_role(p, c, c->two.at[k], t->pairs[i].character[k]);
        html_out_end(&p->html);
    }
    html_out_end(&p->html);
    html_out_end(&p->html);
}

static const char *quoted_title(struct exchange *p, int64_t movie)
{
    return movie >= 0 ? parts_quoted(p, parts_text(p, parts_title(p->snapshot, (uint32_t)movie))) : NULL;
}

static const char *because(struct exchange *p, const struct together_movie *m)
{
    const char *x = quoted_title(p, m->because[0]), *y = quoted_title(p, m->because[1]);
    if (x != NULL && y != NULL && m->because[0] != m->because[1])
        return words_fill(p->arena, p->language, WORDS_circle_because_both, "x", x, "y", y, NULL);
    if (x == NULL && y == NULL)
        return "";
    return words_fill(p->arena, p->language, WORDS_circle_because_one, "x", x != NULL ? x : y, NULL);
}

static void put_films(struct exchange *p, const struct together *t)
{
    if (t->n_movies == 0)
        return;
    open_list(p, "films", WORDS_circle_films, WORDS_circle_films_text);
    html_out_open_class(&p->html, HTML_OL, "two-films");
    for (size_t i = 0; i < t->n_movies; i++) {
        uint32_t movie = t->movies[i].movie;
        html_out_open(&p->html, HTML_LI);
        parts_link(p, NULL, parts_path(p, "/m/%d", (int)p->snapshot->movies[movie].id));
        parts_drawing(p, "poster");
        html_out_say(&p->html, HTML_STRONG, NULL, parts_film_line(p, movie));
        html_out_end(&p->html);
        html_out_say(&p->html, HTML_P, NULL, because(p, &t->movies[i]));
        html_out_end(&p->html);
    }
    html_out_end(&p->html);
    html_out_end(&p->html);
}

/* ---- everybody */

static void put_faces(struct exchange *p, const struct shown_circle *c)
{
    html_out_open_class(&p->html, HTML_UL, "circle-wall");
    for (size_t i = 0; i < c->view.members.n; i++) {
        const struct circle_member *m = member(c, i);
        int64_t character = character_of(p, m);
        html_out_open_class(&p->html, HTML_LI, arena_printf(p->arena, "t-%s", mbti_name(m->mbti)));
        put_art(p, "role-art", m);
        html_out_say(&p->html, HTML_STRONG, NULL, called(p, c, i));
        parts_chip(p, m->mbti, m->enneagram);
        if (character >= 0)
            parts_say(p, HTML_SMALL, NULL, parts_name(p->snapshot, (uint32_t)character));
        html_out_end(&p->html);
    }
    html_out_end(&p->html);
}

struct pair {
    size_t a, b;
    double grade;
};

/* All pairs, the best first, equals in the order of their places; at most CIRCLE_MOST of CIRCLE_MOST. */
static size_t best_pairs(struct exchange *p, const struct shown_circle *c, struct pair *out)
{
    size_t n = 0;
    for (size_t a = 0; a < c->view.members.n; a++)
        for (size_t b = a + 1; b < c->view.members.n; b++) {
            struct pair one = {a, b, grade_of(p, member(c, a), member(c, b))};
            size_t at = n++;
            for (; at > 0 && out[at - 1].grade < one.grade; at--)
                out[at] = out[at - 1];
            out[at] = one;
        }
    return n;
}

static void put_pair(struct exchange *p, const struct shown_circle *c, const struct pair *one)
{
    size_t x = c->two.at[0], y = c->two.at[1];
    bool chosen = (x == one->a && y == one->b) || (x == one->b && y == one->a);
    html_out_open(&p->html, HTML_LI);
    parts_link(p, NULL, parts_path(p, "/w/%s?a=%zu&b=%zu", p->token, one->a, one->b));
    html_out_attribute(&p->html, HTML_AT_ARIA_CURRENT, chosen ? "true" : "false");
    html_out_say(&p->html, HTML_SPAN, NULL,
                 words_fill(p->arena, p->language, WORDS_circle_pair, "a", called(p, c, one->a), "b",
                            called(p, c, one->b), NULL));
    html_out_say(&p->html, HTML_B, NULL, hundredths(p, one->grade));
    html_out_end(&p->html);
    html_out_end(&p->html);
}

/* Who is who, and any two to look at; only where there are more than two. */
static void put_wall(struct exchange *p, const struct shown_circle *c)
{
    struct pair pairs[CIRCLE_MOST * (CIRCLE_MOST - 1) / 2];
    if (c->view.members.n < 3)
        return;
    const char *n = arena_printf(p->arena, "%zu", c->view.members.n);
    html_out_open_class(&p->html, HTML_SECTION, "band");
    html_out_attribute(&p->html, HTML_AT_ARIA_LABELLEDBY, "wall");
    html_out_open_class(&p->html, HTML_DIV, "band-head");
    html_out_open(&p->html, HTML_H2);
    html_out_attribute(&p->html, HTML_AT_ID, "wall");
    html_out_text(&p->html, words_fill(p->arena, p->language, WORDS_circle_wall, "n", n, NULL));
    html_out_end(&p->html);
    html_out_say(&p->html, HTML_P, NULL, parts_word(p, WORDS_circle_wall_text));
    html_out_end(&p->html);
    put_faces(p, c);
    html_out_say(&p->html, HTML_H3, NULL, parts_word(p, WORDS_circle_pairs));
    html_out_open_class(&p->html, HTML_OL, "circle-pairs");
    size_t count = best_pairs(p, c, pairs);
    for (size_t i = 0; i < count; i++)
        put_pair(p, c, &pairs[i]);
    html_out_end(&p->html);
    html_out_end(&p->html);
}

static void put_alone(struct exchange *p, const struct shown_circle *c)
{
    const struct circle_member *m = member(c, 0);
    bool mine = c->view.mine == 0;
    const char *name = *m->name != '\0' ? m->name : parts_word(p, WORDS_circle_somebody);
    parts_typed(p, HTML_SECTION, "marquee", m->mbti);
    html_out_open_class(&p->html, HTML_DIV, "wrap marquee-in");
    put_art(p, "marquee-art who-art", m);
    html_out_open_class(&p->html, HTML_DIV, "marquee-text");
    html_out_say(&p->html, HTML_P, "over", parts_word(p, WORDS_circle_over));
    html_out_say(&p->html, HTML_H1, "circle-ask",
                 mine ? parts_word(p, WORDS_circle_invite)
                      : words_fill(p->arena, p->language, WORDS_circle_invited, "name", name, NULL));
    html_out_say(&p->html, HTML_P, NULL,
                 mine ? parts_word(p, WORDS_circle_invite_text)
                      : words_fill(p->arena, p->language, WORDS_circle_invited_text, "mbti",
                                   mbti_name(m->mbti), NULL));
    for (int i = 0; i < 3; i++)
        html_out_end(&p->html);
}

/* "a=0&b=1", of the two whom a picture shows; "" of everybody's. */
static const char *choice(struct exchange *p, const struct shown_circle *c)
{
    return picture_is_of_two(p, &c->view) && c->view.members.n > 2
               ? arena_printf(p->arena, "&a=%zu&b=%zu", c->two.at[0], c->two.at[1])
               : "";
}

/* To keep and to send, for who is in it. */
static void put_picture(struct exchange *p, const struct shown_circle *c)
{
    html_out_open_class(&p->html, HTML_P, "actions");
    parts_link(
        p, "button quiet",
        arena_printf(p->arena, "/w/%s.png?lang=%s%s", p->token, language_code(p->language), choice(p, c)));
    html_out_text(&p->html, parts_word(p, WORDS_share_picture));
    html_out_end(&p->html);
    html_out_end(&p->html);
}

/* What who is not in it may do, and who is. */
static void put_take(struct exchange *p, const struct shown_circle *c)
{
    bool mine = c->view.mine >= 0, full = c->view.members.n == CIRCLE_MOST;
    if (full && !mine) {
        html_out_open_class(&p->html, HTML_SECTION, "panel circle-take");
        html_out_say(&p->html, HTML_P, "note", parts_word(p, WORDS_circle_full));
        html_out_end(&p->html);
        return;
    }
    parts_section(p, "panel circle-take", "take",
                  parts_word(p, mine ? WORDS_circle_more : WORDS_circle_take));
    html_out_say(&p->html, HTML_P, NULL, parts_word(p, mine ? WORDS_circle_more_text : WORDS_circle_seen));
    if (mine)
        put_picture(p, c);
    circle_form_put(p, &c->form, mine);
    if (!mine && c->form.test == NULL) {
        html_out_open_class(&p->html, HTML_P, "actions");
        parts_link(p, "button", parts_path(p, "/test"));
        html_out_text(&p->html, parts_word(p, WORDS_circle_begin));
        html_out_end(&p->html);
        html_out_end(&p->html);
    }
    html_out_end(&p->html);
}

static void put_circle(struct exchange *p, const void *of)
{
    const struct shown_circle *c = of;
    bool two = c->view.members.n > 1, mine = c->view.mine >= 0;
    if (two)
        put_head(p, c);
    else
        put_alone(p, c);
    html_out_open_class(&p->html, HTML_DIV, "wrap circle");
    if (!mine)
        put_take(p, c);
    put_wall(p, c);
    if (two) {
        put_letters(p, c);
        put_roles(p, c);
        put_films(p, &c->two.found);
    }
    if (mine)
        put_take(p, c);
    if (p->site->serving.simulated) {
        html_out_open_class(&p->html, HTML_P, "fine");
        parts_simulated(p);
        html_out_end(&p->html);
    }
    html_out_end(&p->html);
}

/* ---- the page */

/* Which two: who passes an address on adds to it what they like, so a bad choice is none. */
static enum err compare(struct exchange *p, struct shown_circle *c)
{
    c->two.snapshot = p->snapshot;
    if (c->view.members.n < 2)
        return ERR_OK;
    if (input_two(p, &c->view, &c->two) != ERR_OK) {
        p->query = (struct form){0};
        p->problem = (struct problem){0};
        enum err rc = input_two(p, &c->view, &c->two);
        if (rc != ERR_OK)
            return rc;
    }
    return circles_compare(p->site->db, &c->view, p->arena, &c->two, &p->why);
}

/* Names nobody, as all of the head. */
static const char *picture(struct exchange *p, const struct shown_circle *c)
{
    struct buf facts = {0};
    struct shown_form card = picture_card(p);
    bool of_two = picture_is_of_two(p, &c->view);
    picture_facts_circle(p, &c->view, of_two ? &c->two : NULL, &card, &facts);
    const char *address = picture_address(p, arena_printf(p->arena, "/w/%s", p->token), &card, &facts);
    return address != NULL ? arena_printf(p->arena, "%s%s", address, choice(p, c)) : NULL;
}

static enum err show(struct exchange *p, int status, const struct shown_circle *c)
{
    struct shell_page page = {
        .picture = picture(p, c),
        .picture_alt = parts_word(p, WORDS_head_picture_circle),
        .title = parts_word(p, WORDS_head_circle),
        .description = parts_word(p, WORDS_head_circle_text),
        .path = arena_printf(p->arena, "/w/%s", p->token),
        .hidden = true,
        .content = p->session.bot ? NULL : put_circle,
        .of = c,
    };
    return page.path != NULL ? shell_put(p, status, &page) : ERR_NOMEM;
}

/* wrong: what is to be said about what was sent; NULL: nothing was. With it, a circle that cannot be shown is
 * an error: the refusal is said without. */
static enum err show_circle(struct exchange *p, int status, const char *wrong)
{
    struct shown_circle c = {0};
    if (p->snapshot == NULL)
        return wrong != NULL ? ERR_UNAVAILABLE : page_unavailable(p, ERR_UNAVAILABLE);
    enum err rc =
        circles_look(p->site->db, (struct circles_asked){&p->session, p->token}, p->arena, &c.view, &p->why);
    if (rc == ERR_OK)
        rc = compare(p, &c);
    if (rc != ERR_OK && wrong != NULL)
        return rc;
    if (rc == ERR_NOT_FOUND)
        return page_missing(p);
    if (rc != ERR_OK)
        return page_unavailable(p, rc);
    rc = circle_form_prepare(p, c.view.mine >= 0 ? member(&c, (size_t)c.view.mine)->name : "", &c.form);
    c.form.wrong = wrong;
    return rc == ERR_OK ? show(p, status, &c) : rc;
}

enum err page_circle(struct exchange *p)
{
    return show_circle(p, 200, NULL);
}

enum err page_circle_again(struct exchange *p, enum err why)
{
    return circle_form_again(p, why, show_circle);
}

enum err page_circle_send(struct exchange *p)
{
    return circle_form_take(p);
}
