/* Questions of the test as forms: the elements, classes and words of www/js/quiz. */
#include "quiz_view.h"

#include <math.h>
#include <string.h>

#include "app/rank.h"
#include "cards.h"
#include "parts.h"

enum { OPTIONS_MOST = ENNEAGRAM_COUNT };

/* ---- texts of the survey */

static const struct json_value *at(const struct json_value *v, const char *name)
{
    return v != NULL && v->kind == JSON_MAP ? json_member(v, name) : NULL;
}

/* Of {"ko": …, "en": …}. */
static const struct json_value *in_language(const struct exchange *p, const struct json_value *pair)
{
    return at(pair, language_code(p->language));
}

static const char *text_of(const struct exchange *p, const struct json_value *pair)
{
    const struct json_value *v = in_language(p, pair);
    return v != NULL && v->kind == JSON_TEXT ? v->text : "";
}

static const struct json_value *item(const struct json_value *list, size_t i)
{
    return list != NULL && list->kind == JSON_LIST && i < list->n ? &list->items[i] : NULL;
}

/* The question about styles or the one about coping. */
static const struct json_value *question(const struct quiz_page *q, const char *id)
{
    const struct json_value *list = at(at(q->survey, "enneagram"), "questions");
    for (size_t i = 0; item(list, i) != NULL; i++) {
        const struct json_value *own = at(item(list, i), "id");
        if (own != NULL && own->kind == JSON_TEXT && strcmp(own->text, id) == 0)
            return item(list, i);
    }
    return NULL;
}

/* ---- pieces of forms */

void quiz_view_hidden(struct exchange *p, const struct quiz_page *q, enum quiz_step next)
{
    parts_hidden(p, "step", quiz_form_step(next));
    for (size_t i = 0; i < q->fields.n; i++)
        parts_hidden(p, q->fields.name[i], q->fields.value[i]);
    if (q->form.step != QUIZ_FILMS && q->form.age != SESSION_AGE_UNSAID)
        parts_hidden(p, "age", quiz_form_age(q->form.age));
    for (size_t i = 0; q->form.step != QUIZ_FILMS && i < q->form.n_movies; i++)
        parts_hidden(p, quiz_form_movie(p, p->snapshot->movies[q->form.movies[i]].id), "1");
}

void quiz_view_form(struct exchange *p, const char *class_name)
{
    html_out_open_class(&p->html, HTML_FORM, class_name);
    html_out_attribute(&p->html, HTML_AT_METHOD, "get");
    html_out_attribute(&p->html, HTML_AT_ACTION, parts_path(p, "/test"));
}

static void put_legend(struct exchange *p, const char *heading, const char *lead)
{
    html_out_open(&p->html, HTML_LEGEND);
    html_out_say(&p->html, HTML_H1, NULL, heading);
    html_out_say(&p->html, HTML_SPAN, "lead", lead);
    html_out_end(&p->html);
}

struct option {
    const char *name, *value, *class_name;
    bool checked, required;
};

/* Its label with the radio button; what it shows follows. */
static void open_option(struct exchange *p, const struct option *o)
{
    html_out_open_class(&p->html, HTML_LABEL, o->class_name);
    parts_input(p, "radio", o->name, o->value);
    if (o->required)
        html_out_attribute(&p->html, HTML_AT_REQUIRED, "");
    if (o->checked)
        html_out_attribute(&p->html, HTML_AT_CHECKED, "");
    html_out_end(&p->html);
    html_out_open_class(&p->html, HTML_SPAN, "option-view");
}

static void close_option(struct exchange *p)
{
    html_out_end(&p->html);
    html_out_end(&p->html);
}

static void put_onward(struct exchange *p)
{
    html_out_open_class(&p->html, HTML_P, "onward");
    html_out_open_class(&p->html, HTML_BUTTON, "button");
    html_out_text(&p->html, parts_word(p, WORDS_test_next));
    html_out_end(&p->html);
    html_out_end(&p->html);
}

static void put_sideway(struct exchange *p, const char *address, enum words_key word)
{
    html_out_open_class(&p->html, HTML_P, "sideway");
    parts_link(p, "text-button", address);
    html_out_text(&p->html, parts_word(p, word));
    html_out_end(&p->html);
    html_out_end(&p->html);
}

/* ---- the type */

/* To the page of one of the two forms. */
static void put_survey_link(struct exchange *p, const struct quiz_page *q, enum words_key word, size_t items,
                            const char *form)
{
    const char *address = quiz_form_address(p, &q->fields, &q->form, QUIZ_SURVEY);
    const char *n = arena_printf(p->arena, "%zu", items);
    parts_link(p, "button quiet", address != NULL ? arena_printf(p->arena, "%s%s", address, form) : NULL);
    html_out_text(&p->html, words_fill(p->arena, p->language, word, "n", n, NULL));
    html_out_end(&p->html);
}

static void put_unsure(struct exchange *p, const struct quiz_page *q)
{
    const struct snapshot *s = p->snapshot;
    html_out_open_class(&p->html, HTML_DIV, "aside-card unsure");
    html_out_open(&p->html, HTML_DIV);
    html_out_say(&p->html, HTML_H2, NULL, parts_word(p, WORDS_mbti_unsure));
    html_out_say(&p->html, HTML_P, NULL, parts_word(p, WORDS_mbti_unsure_text));
    html_out_end(&p->html);
    html_out_open_class(&p->html, HTML_P, "actions");
    put_survey_link(p, q, WORDS_mbti_short, survey_items_of(s->items, s->n_survey_items, SURVEY_SUMS), "");
    put_survey_link(p, q, WORDS_mbti_precise, s->n_survey_items, "&form=precise");
    html_out_end(&p->html);
    html_out_end(&p->html);
}

static void put_letters(struct exchange *p, const struct quiz_form *f)
{
    html_out_open_class(&p->html, HTML_DIV, "by-letter");
    html_out_say(&p->html, HTML_H2, NULL, parts_word(p, WORDS_mbti_byletter));
    html_out_open_class(&p->html, HTML_DIV, "letter-rows");
    for (int axis = 0; axis < MBTI_AXES; axis++) {
        const char *pair = mbti_axis_name((enum mbti_axis)axis);
        html_out_open_class(&p->html, HTML_FIELDSET, "letters");
        html_out_say(&p->html, HTML_LEGEND, "sr", words_find(p->language, "axis.", pair));
        for (int k = 0; k < 2; k++) {
            char letter[2] = {pair[k], '\0'};
            html_out_open_class(&p->html, HTML_LABEL, "letter");
            parts_input(p, "radio", pair, letter);
            if (f->mbti != MBTI_NONE && mbti_name(f->mbti)[axis] == pair[k])
                html_out_attribute(&p->html, HTML_AT_CHECKED, "");
            html_out_end(&p->html);
            html_out_open(&p->html, HTML_SPAN);
            html_out_say(&p->html, HTML_B, NULL, letter);
            html_out_text(&p->html, words_find(p->language, "letter.", letter));
            html_out_end(&p->html);
            html_out_end(&p->html);
        }
        html_out_end(&p->html);
    }
    html_out_end(&p->html);
    html_out_end(&p->html);
}

static void put_mbti(struct exchange *p, const struct quiz_page *q)
{
    quiz_view_form(p, "ask");
    quiz_view_hidden(p, q, QUIZ_STYLE);
    html_out_open(&p->html, HTML_FIELDSET);
    put_legend(p, parts_word(p, WORDS_mbti_ask), parts_word(p, WORDS_mbti_lead));
    put_unsure(p, q);
    html_out_open_class(&p->html, HTML_DIV, "options types");
    for (int i = 0; i < MBTI_COUNT; i++) {
        const char *type = parts_order[i];
        open_option(p, &(struct option){.name = "mbti",
                                        .value = type,
                                        .class_name = arena_printf(p->arena, "option t-%s", type),
                                        .checked = q->form.mbti == mbti_parse(type, 4)});
        parts_drawing(p, "emblem");
        html_out_say(&p->html, HTML_B, NULL, type);
        close_option(p);
    }
    html_out_end(&p->html);
    html_out_end(&p->html);
    put_letters(p, &q->form);
    put_onward(p);
    html_out_end(&p->html);
}

/* ---- its survey */

static void put_scale(struct exchange *p, const struct quiz_page *q, size_t i)
{
    const struct json_value *labels = in_language(p, at(at(at(q->survey, "mbti"), "answers"), "labels"));
    const char *name = arena_printf(p->arena, "s%zu", i + 1);
    html_out_open_class(&p->html, HTML_DIV, "options scale");
    for (int k = 0; k < QUIZ_POINTS; k++) {
        const struct json_value *label = item(labels, (size_t)k);
        open_option(p, &(struct option){.name = name,
                                        .value = arena_printf(p->arena, "%d", k + 1),
                                        .class_name = arena_printf(p->arena, "option s%d", k),
                                        .checked = quiz_form_answer(&q->form, i) == k,
                                        .required = true});
        html_out_open(&p->html, HTML_I);
        html_out_attribute(&p->html, HTML_AT_ARIA_HIDDEN, "true");
        html_out_end(&p->html);
        html_out_say(&p->html, HTML_SPAN, NULL, label != NULL && label->kind == JSON_TEXT ? label->text : "");
        close_option(p);
    }
    html_out_end(&p->html);
}

/* Which statement has no answer yet, where some have. */
static void put_statement(struct exchange *p, const struct quiz_page *q, size_t i)
{
    const struct json_value *mbti = at(q->survey, "mbti"), *brief = at(mbti, "items");
    size_t n_brief = survey_items_of(p->snapshot->items, p->snapshot->n_survey_items, SURVEY_SUMS);
    const struct json_value *own = i < n_brief ? item(brief, i) : item(at(mbti, "more"), i - n_brief);
    bool missing = q->wrong != NULL && quiz_form_answer(&q->form, i) == QUIZ_POINTS;
    html_out_open_class(&p->html, HTML_FIELDSET, missing ? "panel statement missing" : "panel statement");
    html_out_open(&p->html, HTML_LEGEND);
    html_out_text(&p->html, arena_printf(p->arena, "%zu. %s", i + 1, text_of(p, at(own, "text"))));
    html_out_end(&p->html);
    put_scale(p, q, i);
    html_out_end(&p->html);
}

static void put_survey(struct exchange *p, const struct quiz_page *q)
{
    quiz_view_form(p, "ask");
    quiz_view_hidden(p, q, QUIZ_AXES);
    html_out_say(&p->html, HTML_H1, NULL, parts_word(p, WORDS_survey_lead));
    for (size_t i = 0; i < q->form.n_asked; i++)
        put_statement(p, q, i);
    put_onward(p);
    html_out_end(&p->html);
}

/* What the answers say. */
static void put_outcome(struct exchange *p, const struct quiz_page *q)
{
    const char *mbti = mbti_name(q->form.mbti);
    html_out_open_class(&p->html, HTML_DIV, "ask outcome");
    html_out_say(&p->html, HTML_P, "over", parts_word(p, WORDS_survey_outcome));
    parts_typed(p, HTML_DIV, "outcome-type", q->form.mbti);
    parts_drawing(p, "emblem");
    html_out_say(&p->html, HTML_H1, NULL, mbti);
    html_out_end(&p->html);
    cards_axes(p, q->form.score.second_percent);
    html_out_open_class(&p->html, HTML_P, "onward");
    parts_link(p, "button", quiz_form_address(p, &q->fields, &q->form, QUIZ_STYLE));
    html_out_text(&p->html, words_fill(p->arena, p->language, WORDS_survey_goon, "mbti", mbti, NULL));
    for (int i = 0; i < 3; i++)
        html_out_end(&p->html);
}

/* ---- the Enneagram */

static void put_options(struct exchange *p, const struct json_value *list, const char *name,
                        const char *chosen)
{
    html_out_open_class(&p->html, HTML_DIV, "options stack");
    for (size_t i = 0; i < OPTIONS_MOST && item(list, i) != NULL; i++) {
        const struct json_value *id = at(item(list, i), "id");
        const char *value = id != NULL && id->kind == JSON_TEXT ? id->text : "";
        open_option(p, &(struct option){.name = name,
                                        .value = value,
                                        .class_name = "option",
                                        .checked = strcmp(chosen, value) == 0,
                                        .required = true});
        html_out_say(&p->html, HTML_SPAN, NULL, text_of(p, at(item(list, i), "text")));
        close_option(p);
    }
    html_out_end(&p->html);
}

/* Past the Enneagram. */
static void put_skip(struct exchange *p, const struct quiz_page *q)
{
    const char *films = quiz_form_address(p, &q->fields, &q->form, QUIZ_FILMS);
    put_sideway(p, films != NULL ? arena_printf(p->arena, "%s&enneagram=%s", films, quiz_form_skip) : NULL,
                WORDS_enneagram_skip);
}

static void put_three_way(struct exchange *p, const struct quiz_page *q, const char *id)
{
    bool style = q->form.step == QUIZ_STYLE;
    const struct json_value *asked = question(q, id);
    const char *chosen = form_get(&p->query, id);
    quiz_view_form(p, "ask");
    quiz_view_hidden(p, q, style ? QUIZ_COPING : QUIZ_WING);
    html_out_open(&p->html, HTML_FIELDSET);
    put_legend(p, text_of(p, at(asked, "text")), parts_word(p, WORDS_enneagram_lead));
    put_options(p, at(asked, "options"), id, chosen != NULL ? chosen : "");
    html_out_end(&p->html);
    if (style) {
        struct quiz_fields known;
        quiz_form_fields(p, &q->form, QUIZ_KNOWN, q->ticket, &known);
        put_sideway(p, quiz_form_address(p, &known, &q->form, QUIZ_KNOWN), WORDS_enneagram_know);
    }
    put_skip(p, q);
    put_onward(p);
    html_out_end(&p->html);
}

static void put_wing_option(struct exchange *p, const struct quiz_page *q, uint8_t wing)
{
    bool known = q->form.step == QUIZ_KNOWN;
    open_option(p, &(struct option){.name = "enneagram",
                                    .value = enneagram_name(wing),
                                    .class_name = "option",
                                    .checked = q->form.enneagram == wing,
                                    .required = true});
    if (known)
        html_out_say(&p->html, HTML_B, NULL, enneagram_name(wing));
    parts_say(p, HTML_SPAN, NULL, known ? p->snapshot->wings[wing].name : p->snapshot->wings[wing].statement);
    close_option(p);
}

static void put_style(struct exchange *p, const struct quiz_page *q)
{
    put_three_way(p, q, "style");
}

static void put_coping(struct exchange *p, const struct quiz_page *q)
{
    put_three_way(p, q, "coping");
}

/* The wings of a core type (0: of all). */
static void put_wings(struct exchange *p, const struct quiz_page *q, int core)
{
    html_out_open_class(&p->html, HTML_DIV, core > 0 ? "options stack" : "options wings");
    for (uint8_t wing = 0; wing < ENNEAGRAM_COUNT; wing++)
        if (core == 0 || enneagram_core(wing) == core)
            put_wing_option(p, q, wing);
    html_out_end(&p->html);
}

/* The wings of one of the core types that the answers speak for, and how much they do. */
static void put_likely(struct exchange *p, const struct quiz_page *q, const struct enneagram_likely *one)
{
    const char *core = arena_printf(p->arena, "%d", one->core);
    const char *percent = arena_printf(p->arena, "%ld", lround(100 * one->share));
    html_out_say(&p->html, HTML_H2, "likely",
                 words_fill(p->arena, p->language, WORDS_enneagram_likely, "core", core, "n", percent, NULL));
    put_wings(p, q, one->core);
}

static void put_wing(struct exchange *p, const struct quiz_page *q)
{
    struct enneagram_likely likely[ENNEAGRAM_LIKELY];
    rank_likely(p->snapshot, q->form.mbti, (enum social_style)q->form.style,
                (enum coping_style)q->form.coping, likely);
    const char *number = arena_printf(p->arena, "%d", likely[0].core);
    quiz_view_form(p, "ask");
    quiz_view_hidden(p, q, QUIZ_FILMS);
    html_out_open(&p->html, HTML_FIELDSET);
    put_legend(p, text_of(p, at(at(q->survey, "enneagram"), "wing_text")),
               words_fill(p->arena, p->language, WORDS_enneagram_wing, "core", number, NULL));
    for (int i = 0; i < ENNEAGRAM_LIKELY; i++)
        put_likely(p, q, &likely[i]);
    html_out_say(&p->html, HTML_P, "fine",
                 words_fill(p->arena, p->language, WORDS_enneagram_likely_note, "mbti",
                            mbti_name(q->form.mbti), NULL));
    html_out_end(&p->html);
    put_skip(p, q);
    put_onward(p);
    html_out_end(&p->html);
}

static void put_known(struct exchange *p, const struct quiz_page *q)
{
    quiz_view_form(p, "ask");
    quiz_view_hidden(p, q, QUIZ_FILMS);
    html_out_open(&p->html, HTML_FIELDSET);
    put_legend(p, parts_word(p, WORDS_enneagram_known), parts_word(p, WORDS_enneagram_known_lead));
    put_wings(p, q, 0);
    html_out_end(&p->html);
    put_sideway(p, quiz_form_address(p, &q->fields, &q->form, QUIZ_STYLE), WORDS_enneagram_ask);
    put_skip(p, q);
    put_onward(p);
    html_out_end(&p->html);
}

void quiz_view_question(struct exchange *p, const struct quiz_page *q)
{
    static void (*const pages[QUIZ_FILMS])(struct exchange *, const struct quiz_page *) = {
        [QUIZ_MBTI] = put_mbti,   [QUIZ_SURVEY] = put_survey, [QUIZ_AXES] = put_outcome,
        [QUIZ_STYLE] = put_style, [QUIZ_COPING] = put_coping, [QUIZ_WING] = put_wing,
        [QUIZ_KNOWN] = put_known};
    pages[q->form.step](p, q);
}
