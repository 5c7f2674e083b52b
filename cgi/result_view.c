/* A result as www/js/pages/result.js draws it: to its owner in the second person, to others in the third. */
#include "result_view.h"

#include <string.h>
#include <time.h>

#include "cards.h"
#include "circle_form.h"
#include "kinds.h"
#include "page.h"
#include "parts.h"
#include "picture.h"
#include "reasons.h"

/* One large card and two rows of three; the rest is folded, as scripts have it behind a button. */
enum { FIRST = 7 };

/* Which of the two lists, and how it is said. */
struct kind {
    const char *id, *heading_id;
    enum words_key heading, theirs, best; /* theirs: the heading for who looks at somebody else's */
};
static const struct kind same = {"same", "h-same", WORDS_result_same, WORDS_result_same_theirs,
                                 WORDS_match_best_same};
static const struct kind compatible = {"compatible", "h-compatible", WORDS_result_compatible,
                                       WORDS_result_compatible_theirs, WORDS_match_best_compatible};

static void put_button(struct exchange *p, const char *class_name, const char *address, enum words_key word)
{
    parts_link(p, class_name, address);
    html_out_text(&p->html, parts_word(p, word));
    html_out_end(&p->html);
}

/* What needs no script: the test, once more or at last; and the picture, for its owner to keep. */
static void put_tools(struct exchange *p, const struct result_view *r)
{
    const struct share_quiz *t = r->quiz;
    html_out_open_class(&p->html, HTML_P, "actions tools");
    if (t->mine && r->token != NULL)
        put_button(p, "button quiet",
                   arena_printf(p->arena, "/r/%s.png?lang=%s", r->token, language_code(p->language)),
                   WORDS_share_picture);
    put_button(p, t->mine ? "button quiet" : "button", parts_path(p, "/test"),
               t->mine ? WORDS_result_again : WORDS_result_try);
    html_out_end(&p->html);
}

/* "INFP 4w5"; without an Enneagram type "INFP". */
static const char *types_of(struct exchange *p, const struct visitor_quiz *v)
{
    const char *wing = enneagram_name(v->enneagram);
    return arena_printf(p->arena, "%s%s%s", mbti_name(v->mbti), *wing != '\0' ? " " : "", wing);
}

static enum words_key whose(const struct share_quiz *t)
{
    return t->mine ? WORDS_result_yours : WORDS_result_friend;
}

static void put_meet_type(struct exchange *p, const struct share_quiz *t)
{
    const struct visitor_quiz *v = &t->stored;
    html_out_open_class(&p->html, HTML_P, "meet-type");
    html_out_open_class(&p->html, HTML_SPAN, "meet-emblem");
    parts_drawing(p, "emblem");
    html_out_end(&p->html);
    html_out_open(&p->html, HTML_SPAN);
    html_out_text(&p->html, parts_word(p, whose(t)));
    html_out_text(&p->html, " ");
    html_out_say(&p->html, HTML_B, NULL, mbti_name(v->mbti));
    html_out_text(&p->html, " ");
    if (v->enneagram != ENNEAGRAM_NONE) {
        html_out_say(&p->html, HTML_B, NULL, enneagram_name(v->enneagram));
        html_out_text(&p->html, " ");
    }
    parts_say(p, HTML_SPAN, "meet-name", p->snapshot->types[v->mbti].name);
    html_out_end(&p->html);
    html_out_end(&p->html);
}

/* The person most like them. */
static void put_meet(struct exchange *p, const struct result_view *r, const char *because)
{
    const struct share_quiz *t = r->quiz;
    const struct recommend_item *who = &t->same.items[0];
    parts_typed(p, HTML_SECTION, "marquee meet", t->stored.mbti);
    html_out_open_class(&p->html, HTML_ARTICLE, "wrap meet-in");
    put_meet_type(p, t);
    cards_art(p, "meet-art", who->character);
    html_out_open_class(&p->html, HTML_DIV, "meet-text");
    html_out_say(&p->html, HTML_P, "over",
                 parts_word(p, t->mine ? WORDS_match_best_same : WORDS_match_best_friend));
    cards_head(p, HTML_H1, who);
    html_out_say(&p->html, HTML_P, "because", because);
    html_out_open_class(&p->html, HTML_DIV, "meet-foot");
    put_tools(p, r);
    for (int i = 0; i < 4; i++)
        html_out_end(&p->html);
}

/* Without anybody to meet: the type alone. */
static void put_banner(struct exchange *p, const struct result_view *r)
{
    const struct share_quiz *t = r->quiz;
    const struct visitor_quiz *v = &t->stored;
    struct kinds_hero hero = {.mbti = v->mbti,
                              .over = parts_word(p, whose(t)),
                              .big = mbti_name(v->mbti),
                              .name = p->snapshot->types[v->mbti].name};
    if (v->enneagram != ENNEAGRAM_NONE) {
        hero.wing = enneagram_name(v->enneagram);
        hero.wing_name = p->snapshot->wings[v->enneagram].name;
    }
    kinds_hero_open(p, &hero);
    html_out_open_class(&p->html, HTML_DIV, "wrap");
    put_tools(p, r);
    html_out_end(&p->html);
    html_out_end(&p->html);
}

static void put_films(struct exchange *p, const struct share_quiz *t)
{
    if (t->n_movies == 0)
        return;
    html_out_open_class(&p->html, HTML_DIV, "panel");
    html_out_say(&p->html, HTML_H2, NULL, parts_word(p, WORDS_result_films));
    html_out_open_class(&p->html, HTML_UL, "chosen");
    for (size_t i = 0; i < t->n_movies; i++) {
        html_out_open(&p->html, HTML_LI);
        parts_link(p, NULL, parts_path(p, "/m/%d", (int)p->snapshot->movies[t->movies[i]].id));
        parts_drawing(p, "poster");
        parts_say(p, HTML_SPAN, "sr", parts_title(p->snapshot, t->movies[i]));
        html_out_end(&p->html);
        html_out_end(&p->html);
    }
    html_out_end(&p->html);
    html_out_end(&p->html);
}

/* What the type, the wing and both together are like; of who has no wing, the type. */
static const char *description(struct exchange *p, const struct visitor_quiz *v)
{
    const struct snapshot *s = p->snapshot;
    if (v->enneagram == ENNEAGRAM_NONE)
        return parts_joined(p, s->types[v->mbti].description, '|');
    int bridge = snapshot_temperament(v->mbti) * 9 + enneagram_core(v->enneagram) - 1;
    const char *type = parts_joined(p, s->types[v->mbti].description, '|');
    const char *between = parts_joined(p, s->bridges[bridge].text, '|');
    const char *wing = parts_joined(p, s->wings[v->enneagram].description, '|');
    bool there = type != NULL && between != NULL && wing != NULL;
    return there ? arena_printf(p->arena, "%s %s %s", type, between, wing) : NULL;
}

static void put_tags(struct exchange *p, struct snapshot_text t)
{
    char *rest = NULL, *tags = arena_strdup(p->arena, parts_text(p, t));
    for (char *tag = tags != NULL ? strtok_r(tags, "|", &rest) : NULL; tag != NULL;
         tag = strtok_r(NULL, "|", &rest)) {
        html_out_say(&p->html, HTML_SPAN, "tag", tag);
        html_out_text(&p->html, " ");
    }
}

static void put_portrayal(struct exchange *p, const struct share_quiz *t)
{
    const struct visitor_quiz *v = &t->stored;
    html_out_open_class(&p->html, HTML_SECTION, "wrap about-me");
    html_out_open_class(&p->html, HTML_DIV, "prose");
    parts_say(p, HTML_P, "lead", p->snapshot->types[v->mbti].summary);
    html_out_open_class(&p->html, HTML_P, "tags");
    put_tags(p, p->snapshot->types[v->mbti].tags);
    if (v->enneagram != ENNEAGRAM_NONE)
        put_tags(p, p->snapshot->wings[v->enneagram].tags);
    html_out_end(&p->html);
    html_out_say(&p->html, HTML_P, NULL, description(p, v));
    html_out_open(&p->html, HTML_P);
    parts_link(p, "button quiet", kinds_pair_path(p, v->mbti, v->enneagram));
    html_out_text(&p->html, words_fill(p->arena, p->language, WORDS_pair_more, "pair", types_of(p, v), NULL));
    html_out_end(&p->html);
    html_out_end(&p->html);
    html_out_end(&p->html);
    if (v->surveyed) {
        html_out_open_class(&p->html, HTML_DIV, "panel");
        html_out_say(&p->html, HTML_H2, NULL, parts_word(p, WORDS_result_axes));
        cards_axes(p, v->percent);
        html_out_end(&p->html);
    }
    put_films(p, t);
    html_out_end(&p->html);
}

static bool any_near(const struct recommend_list *list, size_t from)
{
    for (size_t i = from; i < list->n; i++)
        if (list->items[i].match.type == MATCH_NEAR)
            return true;
    return false;
}

static void put_cards(struct exchange *p, const struct kind *kind, const struct recommend_list *list,
                      const char *const *because, const size_t range[2])
{
    html_out_open_class(&p->html, HTML_DIV, "matches");
    for (size_t i = range[0]; i < range[1] && i < list->n; i++)
        cards_match(p, &(struct cards_match){.item = &list->items[i],
                                             .because = because != NULL ? because[i] : NULL,
                                             .best = kind->best,
                                             .first = i == 0});
    html_out_end(&p->html);
}

static void put_folded(struct exchange *p, const struct kind *kind, const struct recommend_list *list,
                       const char *const *because, size_t from)
{
    if (from >= list->n)
        return;
    const char *n = arena_printf(p->arena, "%zu", list->n - from);
    html_out_open_class(&p->html, HTML_DETAILS, "fold");
    html_out_say(&p->html, HTML_SUMMARY, "button quiet",
                 words_fill(p->arena, p->language, WORDS_result_more, "n", n, NULL));
    put_cards(p, kind, list, because, (const size_t[]){from, list->n});
    html_out_end(&p->html);
}

/* Who stands above the lists already is not in one again. */
static void put_list(struct exchange *p, const struct share_quiz *t, const struct kind *kind,
                     const char *const *because)
{
    bool own = kind == &same;
    const struct recommend_list *list = own ? &t->same : &t->compatible;
    const struct snapshot_type *type = &p->snapshot->types[t->stored.mbti];
    size_t above = own && list->n > 0 ? 1 : 0;
    const char *mbti = mbti_name(t->stored.mbti), *partner = mbti_name(p->snapshot->partners[t->stored.mbti]);
    html_out_open_class(&p->html, HTML_SECTION, "wrap band");
    html_out_attribute(&p->html, HTML_AT_ID, kind->id);
    html_out_attribute(&p->html, HTML_AT_ARIA_LABELLEDBY, kind->heading_id);
    html_out_open_class(&p->html, HTML_DIV, "band-head");
    html_out_open(&p->html, HTML_H2);
    html_out_attribute(&p->html, HTML_AT_ID, kind->heading_id);
    html_out_text(&p->html, parts_word(p, t->mine ? kind->heading : kind->theirs));
    html_out_end(&p->html);
    if (own)
        html_out_say(&p->html, HTML_P, NULL,
                     words_fill(p->arena, p->language,
                                t->mine ? WORDS_result_same_text : WORDS_result_same_theirs_text, "mbti",
                                mbti, NULL));
    else
        parts_say(p, HTML_P, NULL, type->compatible);
    html_out_end(&p->html);
    if (any_near(list, above))
        html_out_say(
            &p->html, HTML_P, "note",
            words_fill(p->arena, p->language, WORDS_result_near, "mbti", own ? mbti : partner, NULL));
    put_cards(p, kind, list, because, (const size_t[]){above, above + FIRST});
    if (list->n == 0)
        html_out_say(&p->html, HTML_P, "note", parts_word(p, WORDS_result_empty));
    put_folded(p, kind, list, because, above + FIRST);
    html_out_end(&p->html);
}

/* The day in Korea, as both languages write it. */
static const char *day(struct exchange *p, int64_t created)
{
    enum { KOREA = 9 * 3600 };
    static const char *const months[] = {"January",   "February", "March",    "April",
                                         "May",       "June",     "July",     "August",
                                         "September", "October",  "November", "December"};
    time_t t = (time_t)created + KOREA;
    struct tm tm;
    gmtime_r(&t, &tm);
    return p->language == LANGUAGE_KO
               ? arena_printf(p->arena, "%d년 %d월 %d일", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday)
               : arena_printf(p->arena, "%d %s %d", tm.tm_mday, months[tm.tm_mon], tm.tm_year + 1900);
}

static void put_closing(struct exchange *p, const struct result_view *r)
{
    const struct share_quiz *t = r->quiz;
    html_out_open_class(&p->html, HTML_SECTION, "wrap band closing");
    html_out_say(&p->html, HTML_P, NULL, parts_word(p, t->mine ? WORDS_result_end : WORDS_result_invite));
    put_tools(p, r);
    if (r->token != NULL)
        circle_form_put_begin(p, t->mine, r->wrong);
    html_out_open_class(&p->html, HTML_P, "fine");
    html_out_text(&p->html, words_fill(p->arena, p->language, WORDS_result_made, "date",
                                       day(p, t->stored.created), NULL));
    html_out_text(&p->html, " ");
    if (p->site->serving.simulated)
        parts_simulated(p);
    html_out_end(&p->html);
    html_out_end(&p->html);
}

static void put_unkept(struct exchange *p)
{
    html_out_open_class(&p->html, HTML_DIV, "wrap");
    html_out_open_class(&p->html, HTML_DIV, "note warn");
    html_out_attribute(&p->html, HTML_AT_ROLE, "status");
    html_out_say(&p->html, HTML_P, NULL, parts_word(p, WORDS_plain_young));
    html_out_end(&p->html);
    html_out_end(&p->html);
}

static void put_result(struct exchange *p, const void *of)
{
    const struct result_view *r = of;
    const struct share_quiz *t = r->quiz;
    const char *const *like = reasons_sentences(p, &t->same, t->same.n);
    const char *const *well = reasons_sentences(p, &t->compatible, t->compatible.n);
    if (t->same.n > 0)
        put_meet(p, r, like != NULL ? like[0] : NULL);
    else
        put_banner(p, r);
    if (r->token == NULL)
        put_unkept(p);
    put_portrayal(p, t);
    put_list(p, t, &same, like);
    put_list(p, t, &compatible, well);
    put_closing(p, r);
}

/* The picture that a link to it shows. */
static void add_picture(struct exchange *p, const struct result_view *r, const char *most,
                        struct shell_page *page)
{
    struct buf facts = {0};
    struct shown_form card = picture_card(p);
    picture_facts_quiz(p, r->quiz, &card, &facts);
    page->picture = picture_address(p, page->path, &card, &facts);
    page->picture_alt = words_fill(p->arena, p->language, WORDS_head_picture_result, "type",
                                   types_of(p, &r->quiz->stored), "name", most, NULL);
}

enum err result_view_show(struct exchange *p, int status, const struct result_view *r)
{
    const struct share_quiz *t = r->quiz;
    const struct visitor_quiz *v = &t->stored;
    const struct snapshot_type *type = &p->snapshot->types[v->mbti];
    const char *most =
        t->same.n > 0 ? parts_text(p, parts_name(p->snapshot, t->same.items[0].character)) : "";
    struct shell_page page = {
        .title = arena_printf(p->arena, "%s · %s%s%s", mbti_name(v->mbti), enneagram_name(v->enneagram),
                              v->enneagram != ENNEAGRAM_NONE ? " " : "", parts_text(p, type->name)),
        .description = *most != '\0'
                           ? words_fill(p->arena, p->language, WORDS_head_result, "name", most, NULL)
                           : parts_text(p, type->summary),
        .path = r->token != NULL ? arena_printf(p->arena, "/r/%s", r->token) : "/test",
        .hidden = true,
        .content = put_result,
        .of = r,
    };
    if (r->token != NULL)
        add_picture(p, r, most, &page);
    return page_show_as(p, status, &page);
}
