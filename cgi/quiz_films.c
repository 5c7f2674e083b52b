/* The page of films of the test as plain forms: the elements, classes and words of www/js/quiz/films.js. */
#include "quiz_films.h"

#include "app/browse.h"
#include "app/search.h"
#include "parts.h"

enum { WALL = 20, SEEDS = 1000000000 };

bool quiz_films_too_many(const struct quiz_form *f)
{
    return f->step == QUIZ_FILMS && f->n_movies > RECOMMEND_MAX_MOVIES;
}

const char *quiz_films_say_too_many(struct exchange *p, const struct quiz_form *f)
{
    return words_fill(p->arena, p->language, WORDS_plain_many, "most",
                      arena_printf(p->arena, "%d", RECOMMEND_MAX_MOVIES), "n",
                      arena_printf(p->arena, "%zu", f->n_movies - RECOMMEND_MAX_MOVIES), NULL);
}

static void put_film(struct exchange *p, uint32_t movie, bool chosen)
{
    const struct snapshot_movie *m = &p->snapshot->movies[movie];
    html_out_open(&p->html, HTML_LI);
    html_out_open_class(&p->html, HTML_LABEL, "pick");
    parts_input(p, "checkbox", quiz_form_movie(p, m->id), "1");
    if (chosen)
        html_out_attribute(&p->html, HTML_AT_CHECKED, "");
    html_out_end(&p->html);
    html_out_open_class(&p->html, HTML_SPAN, "pick-mark");
    html_out_attribute(&p->html, HTML_AT_ARIA_HIDDEN, "true");
    html_out_text(&p->html, "✓");
    html_out_end(&p->html);
    html_out_open_class(&p->html, HTML_SPAN, "pick-title");
    parts_say(p, HTML_SPAN, NULL, parts_title(p->snapshot, movie));
    if (m->year > 0) {
        html_out_text(&p->html, " ");
        html_out_say(&p->html, HTML_SMALL, NULL, arena_printf(p->arena, "%d", m->year));
    }
    for (int i = 0; i < 3; i++)
        html_out_end(&p->html);
}

static bool is_chosen(const struct quiz_form *f, uint32_t movie)
{
    for (size_t i = 0; i < f->n_movies; i++)
        if (f->movies[i] == movie)
            return true;
    return false;
}

static void open_wall(struct exchange *p, enum words_key label)
{
    html_out_open_class(&p->html, HTML_UL, "wall");
    html_out_attribute(&p->html, HTML_AT_ARIA_LABEL, parts_word(p, label));
}

static void put_chosen(struct exchange *p, const struct quiz_form *f)
{
    if (f->n_movies == 0)
        return;
    html_out_say(&p->html, HTML_H2, NULL, parts_word(p, WORDS_films_chosen));
    open_wall(p, WORDS_films_chosen);
    for (size_t i = 0; i < f->n_movies; i++)
        put_film(p, f->movies[i], true);
    html_out_end(&p->html);
}

static void put_shown(struct exchange *p, const struct quiz_page *q)
{
    bool searched = *q->form.q != '\0';
    if (searched || q->form.n_movies > 0)
        html_out_say(&p->html, HTML_H2, NULL, parts_word(p, searched ? WORDS_films_found : WORDS_films_wall));
    if (searched && q->n_shown == 0)
        html_out_say(&p->html, HTML_P, "state",
                     words_fill(p->arena, p->language, WORDS_films_none, "q", q->form.q, NULL));
    open_wall(p, searched ? WORDS_films_found : WORDS_films_wall);
    for (size_t i = 0; i < q->n_shown; i++)
        if (!is_chosen(&q->form, q->shown[i]))
            put_film(p, q->shown[i], false);
    html_out_end(&p->html);
}

static void put_button(struct exchange *p, const char *class_name, const char *value, enum words_key word)
{
    html_out_open_class(&p->html, HTML_BUTTON, class_name);
    if (value != NULL) {
        html_out_attribute(&p->html, HTML_AT_NAME, "other");
        html_out_attribute(&p->html, HTML_AT_VALUE, value);
    }
    html_out_text(&p->html, parts_word(p, word));
    html_out_end(&p->html);
}

/* The first button of the form, which Enter presses, searches. */
static void put_finder(struct exchange *p, const struct quiz_form *f)
{
    uint32_t other;
    secret_random(&other, sizeof other);
    html_out_open_class(&p->html, HTML_DIV, "finder");
    html_out_open_class(&p->html, HTML_LABEL, "sr");
    html_out_attribute(&p->html, HTML_AT_FOR, "film-q");
    html_out_text(&p->html, parts_word(p, WORDS_films_search));
    html_out_end(&p->html);
    parts_input(p, "search", "q", f->q);
    html_out_attribute(&p->html, HTML_AT_ID, "film-q");
    html_out_attribute(&p->html, HTML_AT_AUTOCOMPLETE, "off");
    html_out_attribute(&p->html, HTML_AT_MAXLENGTH, "60");
    html_out_attribute(&p->html, HTML_AT_PLACEHOLDER, parts_word(p, WORDS_films_hint));
    html_out_end(&p->html);
    put_button(p, "button quiet", NULL, WORDS_films_search);
    put_button(p, "button quiet", arena_printf(p->arena, "%u", (unsigned)(other % SEEDS + 1)),
               WORDS_films_other);
    html_out_end(&p->html);
}

static void put_age(struct exchange *p, const struct quiz_form *f, enum session_age age, enum words_key word)
{
    html_out_open(&p->html, HTML_LABEL);
    parts_input(p, "radio", "age", quiz_form_age(age));
    if (f->age == age)
        html_out_attribute(&p->html, HTML_AT_CHECKED, "");
    html_out_end(&p->html);
    html_out_text(&p->html, parts_word(p, word));
    html_out_end(&p->html);
}

/* Not marked as required: the buttons that search need no answer. */
static void put_ages(struct exchange *p, const struct quiz_form *f)
{
    html_out_open_class(&p->html, HTML_FIELDSET, "ages");
    html_out_say(&p->html, HTML_LEGEND, NULL, parts_word(p, WORDS_age_ask));
    put_age(p, f, SESSION_OVER_14, WORDS_age_yes);
    put_age(p, f, SESSION_UNDER_14, WORDS_age_no);
    html_out_end(&p->html);
}

static void put_strip(struct exchange *p, const struct quiz_page *q)
{
    html_out_open_class(&p->html, HTML_SECTION, "strip");
    html_out_attribute(&p->html, HTML_AT_ARIA_LABEL, parts_word(p, WORDS_films_submit));
    html_out_open_class(&p->html, HTML_DIV, "wrap");
    if (q->wrong != NULL) {
        html_out_open_class(&p->html, HTML_P, "strip-error");
        html_out_attribute(&p->html, HTML_AT_ROLE, "alert");
        html_out_text(&p->html, q->wrong);
        html_out_end(&p->html);
    }
    html_out_open_class(&p->html, HTML_DIV, "strip-foot");
    put_ages(p, &q->form);
    html_out_open_class(&p->html, HTML_BUTTON, "button");
    html_out_attribute(&p->html, HTML_AT_FORMMETHOD, "post");
    html_out_text(&p->html, parts_word(p, WORDS_films_submit));
    for (int i = 0; i < 4; i++)
        html_out_end(&p->html);
}

void quiz_films_put(struct exchange *p, const struct quiz_page *q)
{
    quiz_view_form(p, "plain-films");
    quiz_view_hidden(p, q, QUIZ_FILMS);
    parts_hidden(p, "seed", arena_printf(p->arena, "%u", (unsigned)q->form.seed));
    html_out_open_class(&p->html, HTML_DIV, "films");
    html_out_say(&p->html, HTML_H1, NULL, parts_word(p, WORDS_films_ask));
    html_out_say(&p->html, HTML_P, "lead", parts_word(p, WORDS_films_lead));
    if (!quiz_films_too_many(&q->form))
        put_finder(p, &q->form);
    put_chosen(p, &q->form);
    if (!quiz_films_too_many(&q->form))
        put_shown(p, q);
    html_out_end(&p->html);
    put_strip(p, q);
    html_out_end(&p->html);
}

/* No more where there are too many: so a form never outgrows what is read of one (FORM_MAX_PAIRS). */
enum err quiz_films_find(struct exchange *p, struct quiz_page *q)
{
    if (quiz_films_too_many(&q->form))
        return ERR_OK;
    if (*q->form.q != '\0') {
        struct search_result found;
        enum err rc = search_movies(p->snapshot, q->form.q, 0, WALL, p->arena, &found);
        q->shown = rc == ERR_OK ? found.items : NULL;
        q->n_shown = rc == ERR_OK ? found.n : 0;
        return rc;
    }
    if (q->form.seed == 0) {
        uint32_t seed;
        secret_random(&seed, sizeof seed);
        q->form.seed = seed % SEEDS + 1;
    }
    struct browse_page wall;
    struct browse_ask ask = {.seed = q->form.seed,
                             .limit = WALL,
                             .wall = WALL_STEEP,
                             .chosen = q->form.movies,
                             .n_chosen = q->form.n_movies};
    enum err rc = browse_wall(p->snapshot, &ask, p->arena, &wall);
    q->shown = rc == ERR_OK ? wall.items : NULL;
    q->n_shown = rc == ERR_OK ? wall.n : 0;
    return rc;
}
