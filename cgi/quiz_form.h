/* The state of a test that is taken by plain forms, all of which is in the forms
 * themselves: in the query or in the body. Invalid answers count as missing. */
#ifndef MVTI_CGI_QUIZ_FORM_H
#define MVTI_CGI_QUIZ_FORM_H

#include "exchange.h"

/* In the order of the steps. QUIZ_SURVEY and QUIZ_AXES only if the MBTI type is to be found by the survey; QUIZ_COPING
 * and QUIZ_WING only if the Enneagram type is to be found, else QUIZ_KNOWN. */
enum quiz_step {
    QUIZ_MBTI,
    QUIZ_SURVEY,
    QUIZ_AXES,
    QUIZ_STYLE,
    QUIZ_COPING,
    QUIZ_WING,
    QUIZ_KNOWN,
    QUIZ_FILMS,
    QUIZ_RESULT, /* of who is under 14: it is not stored, so it is made of the answers in its address */
    QUIZ_STEPS
};

struct quiz_form {
    uint8_t mbti;                     /* as chosen, or as found by the survey; MBTI_NONE */
    int8_t answers[SURVEY_MAX_ITEMS]; /* [n_survey_items of the snapshot] of version SURVEY_GRADED */
    size_t n_asked, n_answered;       /* items of the short form, which come first */
    bool surveyed;                    /* all of them are answered, and score is set */
    struct survey_score score;
    int style, coping;           /* enum social_style, coping_style; −1: no answer */
    uint8_t enneagram;           /* ENNEAGRAM_NONE: no answer */
    bool skipped;                /* the visitor skipped the Enneagram */
    uint32_t *movies;            /* [n_movies] distinct indexes of the chosen films */
    size_t n_movies;             /* may be more than RECOMMEND_MAX_MOVIES */
    const char *q;               /* search text for films; "" */
    uint64_t seed;               /* of the wall of films */
    const char *ticket;          /* as received, not checked; "" */
    enum session_age age;        /* as chosen in the form; once the browser has said under 14, that */
    enum quiz_step wanted, step; /* the step requested, and the first up to it that lacks an answer */
};

/* Points of the answer scale. */
enum { QUIZ_POINTS = 4 };
/* The point that was chosen for item i, from 0; QUIZ_POINTS: none. */
int quiz_form_answer(const struct quiz_form *f, size_t i);

/* ERR_NOMEM. */
MUST_USE enum err quiz_form_read(struct exchange *p, struct quiz_form *f);
/* A step's name in addresses. */
const char *quiz_form_step(enum quiz_step step);
/* The value of age= that says it; "": unsaid. */
const char *quiz_form_age(enum session_age age);
/* Whether the Enneagram is neither answered nor skipped. */
bool quiz_form_undecided(const struct quiz_form *f);
/* The previous step, given these answers; QUIZ_STEPS: none. */
enum quiz_step quiz_form_before(const struct quiz_form *f, enum quiz_step step);
/* A film's field name in forms: "m12". In the arena. */
const char *quiz_form_movie(struct exchange *p, int32_t id);

/* The answers that every form and link of a step passes on, except those that the step itself asks for: name and value, in
 * the arena. */
enum { QUIZ_FIELDS = 8 };
struct quiz_fields {
    size_t n;
    const char *name[QUIZ_FIELDS], *value[QUIZ_FIELDS];
};
void quiz_form_fields(struct exchange *p, const struct quiz_form *f, enum quiz_step asked, const char *ticket,
                      struct quiz_fields *out);
/* The value of enneagram= that skips it. */
extern const char quiz_form_skip[];
/* The address of a step with these answers; NULL when memory is out. */
const char *quiz_form_address(struct exchange *p, const struct quiz_fields *fields, const struct quiz_form *f,
                              enum quiz_step to);

#endif
