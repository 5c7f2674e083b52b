/* What has been answered so far of a test that is taken by plain forms: all of it travels in the forms
 * themselves, in the query or in the body. Anything that is no answer counts as none. */
#ifndef MVTI_CGI_QUIZ_FORM_H
#define MVTI_CGI_QUIZ_FORM_H

#include "exchange.h"

/* In the order of the way; QUIZ_SURVEY and QUIZ_AXES only where the type is asked for, QUIZ_COPING and
 * QUIZ_WING only where the Enneagram type is, else QUIZ_KNOWN. */
enum quiz_step {
    QUIZ_MBTI,
    QUIZ_SURVEY,
    QUIZ_AXES,
    QUIZ_STYLE,
    QUIZ_COPING,
    QUIZ_WING,
    QUIZ_KNOWN,
    QUIZ_FILMS,
    QUIZ_STEPS
};

struct quiz_form {
    uint8_t mbti;                     /* as chosen, or as the answered survey says; MBTI_NONE */
    int8_t answers[SURVEY_MAX_ITEMS]; /* [n_survey_items of the snapshot] of version SURVEY_GRADED */
    size_t n_asked, n_answered;       /* of the short form, which come first */
    bool surveyed;                    /* all that were asked, and score holds what they say */
    struct survey_score score;
    int style, coping;           /* enum social_style, coping_style; −1 */
    uint8_t enneagram;           /* ENNEAGRAM_NONE */
    bool skipped;                /* it, on purpose */
    uint32_t *movies;            /* [n_movies] indexes of the chosen films, none twice */
    size_t n_movies;             /* may be more than RECOMMEND_MAX_MOVIES */
    const char *q;               /* what film is looked for; "" */
    uint64_t seed;               /* of the wall */
    const char *ticket;          /* as sent, not checked; "" */
    bool grown;                  /* they say that they are 14 or older */
    enum quiz_step wanted, step; /* asked for, and the first before it that still lacks an answer */
};

/* Points of the scale. */
enum { QUIZ_POINTS = 4 };
/* Which point was chosen for item i, from 0; QUIZ_POINTS: none. */
int quiz_form_answer(const struct quiz_form *f, size_t i);

/* ERR_NOMEM. */
MUST_USE enum err quiz_form_read(struct exchange *p, struct quiz_form *f);
/* Words of steps, as they stand in addresses. */
const char *quiz_form_step(enum quiz_step step);
/* Whether the Enneagram has neither an answer yet nor been skipped. */
bool quiz_form_undecided(const struct quiz_form *f);
/* The step before, on the way that these answers take; QUIZ_STEPS: none. */
enum quiz_step quiz_form_before(const struct quiz_form *f, enum quiz_step step);
/* A film's name in forms: "m12". In the arena. */
const char *quiz_form_movie(struct exchange *p, int32_t id);

/* What goes with every form of a step and every link away from it, but for what the step itself asks: pairs, in the arena. */
enum { QUIZ_FIELDS = 8 };
struct quiz_fields {
    size_t n;
    const char *name[QUIZ_FIELDS], *value[QUIZ_FIELDS];
};
void quiz_form_fields(struct exchange *p, const struct quiz_form *f, enum quiz_step asked, const char *ticket,
                      struct quiz_fields *out);
/* The value of enneagram= of who skips it. */
extern const char quiz_form_skip[];
/* The address of a step with these answers; NULL when memory is out. */
const char *quiz_form_address(struct exchange *p, const struct quiz_fields *fields, const struct quiz_form *f,
                              enum quiz_step to);

#endif
