#include "quiz_form.h"

#include <string.h>

#include "domain/graded.h"
#include "input.h"
#include "parts.h"

static const char *const steps[QUIZ_STEPS] = {"mbti", "survey", "axes",  "style", "coping",
                                              "wing", "known",  "films", "result"};

/* By enum session_age. */
static const char *const ages[] = {"", "14", "no"};

const char quiz_form_skip[] = "skip";

static const char *sent(const struct exchange *p, const char *name)
{
    const char *value = form_get(&p->query, name);
    return value != NULL ? value : "";
}

const char *quiz_form_step(enum quiz_step step)
{
    return steps[step];
}

const char *quiz_form_age(enum session_age age)
{
    return ages[age];
}

const char *quiz_form_movie(struct exchange *p, int32_t id)
{
    return arena_printf(p->arena, "m%d", (int)id);
}

static enum quiz_step read_step(const struct exchange *p)
{
    for (int i = 0; i < QUIZ_STEPS; i++)
        if (strcmp(sent(p, "step"), steps[i]) == 0)
            return (enum quiz_step)i;
    return QUIZ_MBTI;
}

static const int8_t points[QUIZ_POINTS] = {-2, -1, 1, 2};

/* The place of an answer on the scale, from 0; QUIZ_POINTS: there is none. */
static int point_of(int8_t answer)
{
    int k = 0;
    while (k < QUIZ_POINTS && points[k] != answer)
        k++;
    return k;
}

/* The form that is asked: the short one, or all of its items, which a page of it and whatever followed says. */
static size_t items_asked(const struct exchange *p)
{
    const struct snapshot *s = p->snapshot;
    bool precise = strcmp(sent(p, "form"), "precise") == 0 || strlen(sent(p, "survey")) == s->n_survey_items;
    return precise ? s->n_survey_items : survey_items_of(s->items, s->n_survey_items, SURVEY_SUMS);
}

/* Of answers so far a digit each, '1' to '4', '-' for none: survey=; one by one, as their own page sends them: s1=4. */
static void read_survey(struct exchange *p, struct quiz_form *f)
{
    const struct snapshot *s = p->snapshot;
    const char *all = sent(p, "survey");
    memset(f->answers, SURVEY_UNASKED, sizeof f->answers);
    f->n_asked = items_asked(p);
    bool whole = strlen(all) == f->n_asked;
    for (size_t i = 0; i < f->n_asked; i++) {
        const char *name = arena_printf(p->arena, "s%zu", i + 1);
        const char *one = name != NULL ? sent(p, name) : "";
        char digit = *one != '\0' && one[1] == '\0' ? *one : whole ? all[i] : '-';
        if (digit < '1' || digit >= '1' + QUIZ_POINTS)
            continue;
        f->answers[i] = points[digit - '1'];
        f->n_answered++;
    }
    f->surveyed = f->n_asked > 0 && f->n_answered == f->n_asked &&
                  graded_enough(s->items, f->answers, s->n_survey_items);
    if (!f->surveyed)
        return;
    graded_score(s->items, f->answers, s->n_survey_items, &f->score);
    f->mbti = f->score.mbti;
}

int quiz_form_answer(const struct quiz_form *f, size_t i)
{
    return point_of(f->answers[i]);
}

/* A type as chosen, or letter by letter: EI=I and so on. */
static void read_mbti(const struct exchange *p, struct quiz_form *f)
{
    const char *type = sent(p, "mbti");
    char letters[MBTI_AXES];
    bool all = true;
    f->mbti = mbti_parse(type, strlen(type));
    for (int axis = 0; axis < MBTI_AXES; axis++) {
        const char *letter = sent(p, mbti_axis_name((enum mbti_axis)axis));
        all = all && *letter != '\0' && letter[1] == '\0';
        letters[axis] = *letter;
    }
    if (f->mbti == MBTI_NONE && all)
        f->mbti = mbti_parse(letters, MBTI_AXES);
}

static void read_enneagram(const struct exchange *p, struct quiz_form *f)
{
    const char *type = sent(p, "enneagram");
    f->style = social_style_parse(sent(p, "style"));
    f->coping = coping_style_parse(sent(p, "coping"));
    f->enneagram = enneagram_parse(type, strlen(type));
    f->skipped = strcmp(type, quiz_form_skip) == 0;
    bool both = f->style >= 0 && f->coping >= 0;
    /* The questions lead to these types; another one was answered to other questions. */
    if (both && !enneagram_answers(enneagram_core(f->enneagram), (enum social_style)f->style,
                                   (enum coping_style)f->coping))
        f->enneagram = ENNEAGRAM_NONE;
}

static bool is_chosen(const struct quiz_form *f, uint32_t movie)
{
    for (size_t i = 0; i < f->n_movies; i++)
        if (f->movies[i] == movie)
            return true;
    return false;
}

static enum err read_movies(struct exchange *p, struct quiz_form *f)
{
    f->movies = arena_array(p->arena, p->query.n + 1, sizeof *f->movies);
    if (f->movies == NULL)
        return ERR_NOMEM;
    for (size_t i = 0; i < p->query.n; i++) {
        const char *name = p->query.pairs[i].name;
        int64_t id;
        if (name[0] != 'm' || !form_whole(name + 1, 0, INT32_MAX, &id))
            continue;
        int64_t movie = snapshot_movie_index(p->snapshot, (int32_t)id);
        if (movie >= 0 && !is_chosen(f, (uint32_t)movie))
            f->movies[f->n_movies++] = (uint32_t)movie;
    }
    return ERR_OK;
}

bool quiz_form_undecided(const struct quiz_form *f)
{
    return f->enneagram == ENNEAGRAM_NONE && !f->skipped;
}

/* Which step lacks its answer. */
static bool lacks(const struct quiz_form *f, enum quiz_step step)
{
    switch (step) {
    case QUIZ_MBTI:
        return f->mbti == MBTI_NONE && f->n_answered == 0;
    case QUIZ_SURVEY:
        return f->mbti == MBTI_NONE && !f->surveyed;
    case QUIZ_STYLE:
        return f->style < 0 && (quiz_form_undecided(f) || f->wanted == QUIZ_WING);
    case QUIZ_COPING:
        return f->coping < 0 && (quiz_form_undecided(f) || f->wanted == QUIZ_WING);
    case QUIZ_WING:
    case QUIZ_KNOWN:
        return quiz_form_undecided(f);
    case QUIZ_FILMS:
        return f->n_movies < RECOMMEND_MIN_MOVIES || f->n_movies > RECOMMEND_MAX_MOVIES ||
               f->age != SESSION_UNDER_14;
    default:
        return false;
    }
}

/* Whether a step may be left out on the way to another. */
static bool is_on_way(const struct quiz_form *f, enum quiz_step step, enum quiz_step to)
{
    if (step == QUIZ_SURVEY || step == QUIZ_AXES)
        return f->n_answered > 0 || to == QUIZ_AXES;
    if (step == QUIZ_KNOWN)
        return f->style < 0 && f->enneagram != ENNEAGRAM_NONE;
    if (step >= QUIZ_STYLE && step <= QUIZ_WING)
        return to != QUIZ_KNOWN;
    return true;
}

static enum quiz_step stand(const struct quiz_form *f)
{
    if (f->wanted == QUIZ_SURVEY)
        return QUIZ_SURVEY;
    for (int step = QUIZ_MBTI; step < (int)f->wanted; step++)
        if (is_on_way(f, (enum quiz_step)step, f->wanted) && lacks(f, (enum quiz_step)step))
            return (enum quiz_step)step;
    return f->wanted;
}

static enum session_age read_age(const struct exchange *p)
{
    const char *age = sent(p, "age");
    if (p->session.age == SESSION_UNDER_14 || strcmp(age, ages[SESSION_UNDER_14]) == 0)
        return SESSION_UNDER_14;
    return strcmp(age, ages[SESSION_OVER_14]) == 0 ? SESSION_OVER_14 : SESSION_AGE_UNSAID;
}

enum err quiz_form_read(struct exchange *p, struct quiz_form *f)
{
    int64_t seed;
    *f = (struct quiz_form){
        .q = input_search(p), .ticket = sent(p, "ticket"), .age = read_age(p), .wanted = read_step(p)};
    bool other = form_get(&p->query, "other") != NULL; /* other films than those that were found, too */
    if (f->q == NULL)
        return ERR_NOMEM;
    if (other)
        f->q = "";
    read_mbti(p, f);
    read_survey(p, f);
    read_enneagram(p, f);
    if (form_whole(sent(p, other ? "other" : "seed"), 1, INT32_MAX, &seed))
        f->seed = (uint64_t)seed;
    enum err rc = read_movies(p, f);
    f->step = stand(f);
    return rc;
}

enum quiz_step quiz_form_before(const struct quiz_form *f, enum quiz_step step)
{
    switch (step) {
    case QUIZ_MBTI:
        return QUIZ_STEPS;
    case QUIZ_STYLE:
        return f->n_answered > 0 ? QUIZ_AXES : QUIZ_MBTI;
    case QUIZ_KNOWN:
        return QUIZ_STYLE;
    case QUIZ_FILMS:
        if (f->skipped)
            return f->style < 0 ? QUIZ_STYLE : f->coping < 0 ? QUIZ_COPING : QUIZ_WING;
        return f->style >= 0 ? QUIZ_WING : QUIZ_KNOWN;
    default:
        return (enum quiz_step)(step - 1);
    }
}

static void add(struct quiz_fields *out, const char *name, const char *value)
{
    out->name[out->n] = name;
    out->value[out->n++] = value;
}

static const char *survey_text(struct exchange *p, const struct quiz_form *f)
{
    char *text = arena_alloc(p->arena, f->n_asked + 1);
    for (size_t i = 0; text != NULL && i < f->n_asked; i++)
        text[i] = point_of(f->answers[i]) < QUIZ_POINTS ? (char)('1' + point_of(f->answers[i])) : '-';
    if (text != NULL)
        text[f->n_asked] = '\0';
    return text;
}

void quiz_form_fields(struct exchange *p, const struct quiz_form *f, enum quiz_step asked, const char *ticket,
                      struct quiz_fields *out)
{
    static const char *const styles[] = {"assertive", "compliant", "withdrawn"};
    static const char *const copings[] = {"positive", "competency", "reactive"};
    out->n = 0;
    add(out, "ticket", ticket);
    bool precise = f->n_asked == p->snapshot->n_survey_items;
    if (asked == QUIZ_SURVEY && precise)
        add(out, "form", "precise");
    if (f->n_answered > 0 && asked > QUIZ_SURVEY)
        add(out, "survey", survey_text(p, f));
    else if (f->mbti != MBTI_NONE && asked > QUIZ_SURVEY)
        add(out, "mbti", mbti_name(f->mbti));
    if (f->style >= 0 && asked != QUIZ_STYLE && asked != QUIZ_KNOWN)
        add(out, "style", styles[f->style]);
    if (f->coping >= 0 && asked != QUIZ_COPING && asked != QUIZ_KNOWN)
        add(out, "coping", copings[f->coping]);
    if (!quiz_form_undecided(f) && (asked < QUIZ_STYLE || asked >= QUIZ_FILMS))
        add(out, "enneagram", f->skipped ? quiz_form_skip : enneagram_name(f->enneagram));
}

const char *quiz_form_address(struct exchange *p, const struct quiz_fields *fields, const struct quiz_form *f,
                              enum quiz_step to)
{
    struct buf b = {0};
    buf_printf(&b, "%s?step=%s", parts_path(p, "/test"), steps[to]);
    for (size_t i = 0; i < fields->n; i++)
        buf_printf(&b, "&%s=%s", fields->name[i], fields->value[i] != NULL ? fields->value[i] : "");
    for (size_t i = 0; i < f->n_movies; i++)
        buf_printf(&b, "&m%d=1", p->snapshot->movies[f->movies[i]].id);
    if (f->age != SESSION_AGE_UNSAID)
        buf_printf(&b, "&age=%s", quiz_form_age(f->age));
    return arena_take(p->arena, &b);
}
